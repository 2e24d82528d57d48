package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.Access;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.Trace;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BlkPairTest {
    private static final int DISK_SECTORS = 600;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestBench bench = new TestBench();

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    @Test
    void meetsInTheOrderOfTheProtocol() {
        final List<String> states = new ArrayList<>();
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        states.add(states());
        while (!front.isReady()) {
            bench.step(front);
            note(states);
            assertThat(bench.frontendKey("ring-ref") != null)
                    .isEqualTo(!"1".equals(bench.frontendKey("state")));
            bench.step(back);
            note(states);
            assertThat(bench.backendKey("sectors") != null)
                    .isEqualTo("4".equals(bench.backendKey("state")));
        }

        assertThat(states).containsExactly("1 1", "1 2", "3 2", "3 4", "4 4");
        assertThat(bench.frontendKey("protocol")).isEqualTo("x86_64-abi");
        assertThat(bench.backendKey("sectors")).isEqualTo("600");
        assertThat(bench.backendKey("sector-size")).isEqualTo("512");
        assertThat(bench.backendKey("physical-sector-size")).isEqualTo("512");
        assertThat(bench.backendKey("info")).isEqualTo("0");
        assertThat(bench.backendKey("feature-flush-cache")).isEqualTo("1");
        assertThat(bench.backendKey("feature-barrier")).isEqualTo("1");
        assertThat(bench.backendKey("feature-max-indirect-segments")).isEqualTo("256");
        assertThat(front.limits())
                .isEqualTo(new BlockLimits(DISK_SECTORS, 512, 45056, 11, 32, false, true));
    }

    private void note(final List<String> states) {
        if (!states.getLast().equals(states())) {
            states.add(states());
        }
    }

    private String states() {
        return bench.frontendKey("state") + " " + bench.backendKey("state");
    }

    @ParameterizedTest
    @CsvSource({"ARMED,ARMED", "ARMED,POLLED", "POLLED,ARMED", "POLLED,POLLED"})
    void readsBackWhatWasWritten(final Wakeups frontWakeups, final Wakeups backWakeups) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final Blkback back = bench.newBackend(disk, backWakeups);
        final Blkfront front = bench.newFrontend(frontWakeups);
        bench.connect(front, back);
        final RandomWorkload work =
                new RandomWorkload(
                        bench.guest(), front, DISK_SECTORS, random, seed.toString(), false);

        run(front, back, work, random, 20_000);

        assertThat(work.completedCount()).as("%s", seed).isEqualTo(work.submittedCount());
        assertThat(work.completedCount()).as("%s", seed).isGreaterThan(2_000);
        work.checkDisk(disk);
        assertThat(front.counters().refusals()).as("%s", seed).isZero();
        assertThat(back.counters().refusals()).as("%s", seed).isZero();
        assertThat(back.counters().requests()).as("%s", seed).isEqualTo(work.completedCount());
        assertThat(back.counters().bytesRead())
                .as("%s", seed)
                .isEqualTo(front.counters().bytesRead());
        assertThat(back.counters().bytesWritten())
                .as("%s", seed)
                .isEqualTo(front.counters().bytesWritten());
        assertThat(bench.guest().domain().vcpu().bytesCopied()).as("%s", seed).isZero();
        assertThat(bench.host().domain().vcpu().bytesCopied()).as("%s", seed).isZero();
    }

    @ParameterizedTest
    @CsvSource({"ARMED,0", "POLLED,0", "ARMED,30", "POLLED,30"})
    void bearsAStoreThatIsFullOrFailsOrFinishesInAnyOrder(
            final Wakeups wakeups, final int failuresInThousand) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final MoodyStore store = new MoodyStore(disk, random.split(), failuresInThousand);
        final Blkback back = bench.newBackend(store, wakeups);
        final Blkfront front = bench.newFrontend(wakeups);
        bench.connect(front, back);
        final RandomWorkload work =
                new RandomWorkload(
                        bench.guest(),
                        front,
                        DISK_SECTORS,
                        random,
                        seed.toString(),
                        failuresInThousand != 0);

        run(front, back, work, random, 20_000);

        assertThat(work.completedCount()).as("%s", seed).isEqualTo(work.submittedCount());
        assertThat(work.failedCount()).as("%s", seed).isEqualTo(store.failedCount());
        assertThat(store.failedCount() != 0).as("%s", seed).isEqualTo(failuresInThousand != 0);
        assertThat(back.counters().mediumErrors()).as("%s", seed).isEqualTo(store.failedCount());
        assertThat(store.refusedCount()).as("%s", seed).isPositive();
        assertThat(store.overtakings()).as("%s", seed).isPositive();
        work.checkDisk(disk);
    }

    @Test
    void readsBackWhatWasWrittenThroughPagesOfItsOwn() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        bench.putFrontendKey("trusted", "0");
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        bench.connect(front, back);
        final RandomWorkload work =
                new RandomWorkload(
                        bench.guest(), front, DISK_SECTORS, random, seed.toString(), false);

        run(front, back, work, random, 5_000);

        assertThat(work.completedCount()).as("%s", seed).isEqualTo(work.submittedCount());
        work.checkDisk(disk);
        assertThat(bench.guest().domain().vcpu().bytesCopied())
                .as("%s", seed)
                .isEqualTo(front.counters().bytesRead() + front.counters().bytesWritten());
    }

    private void run(
            final Blkfront front,
            final Blkback back,
            final RandomWorkload work,
            final SplittableRandom random,
            final int steps) {
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(3)) {
                case 0 -> work.step();
                case 1 -> bench.step(front);
                default -> bench.step(back);
            }
        }
        front.commit();
        for (int i = 0; i < 1000 && work.completedCount() != work.submittedCount(); i++) {
            bench.step(back);
            bench.step(front);
        }
    }

    @Test
    void movesEverySegmentOfAPage() {
        final Blkback back = bench.newBackend(disk, Wakeups.POLLED);
        final Blkfront front = bench.newFrontend(Wakeups.POLLED);
        bench.connect(front, back);
        final List<BlockStatus> ends = new ArrayList<>();
        front.completionsTo(request -> ends.add(request.status()));
        final int frame = bench.guest().frames().allocate();
        final UnsafeBuffer page = bench.guest().page(frame);
        final BlockRequest request = new BlockRequest(1);
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[4096]);

        int filling = 1;
        for (int first = 0; first < 8; first++) {
            for (int last = first; last < 8; last++) {
                final int lengthBytes = (last - first + 1) * 512;
                final long address = TestDomain.address(frame) + first * 512L;
                page.setMemory(0, 4096, (byte) 0xee);
                page.setMemory(first * 512, lengthBytes, (byte) filling);
                front.submit(
                        request.reset(BlockOperation.WRITE, 8).addSegment(address, lengthBytes));
                front.commit();
                bench.settle(front, back);
                disk.read(8 * 512, onDisk, 0, 4096);
                assertThat(onDisk.getByte(0)).isEqualTo((byte) filling);
                assertThat(onDisk.getByte(lengthBytes - 1)).isEqualTo((byte) filling);

                page.setMemory(0, 4096, (byte) 0xee);
                front.submit(
                        request.reset(BlockOperation.READ, 8).addSegment(address, lengthBytes));
                front.commit();
                bench.settle(front, back);
                for (int i = 0; i < 4096; i++) {
                    final boolean inside = i >= first * 512 && i < (last + 1) * 512;
                    assertThat(page.getByte(i)).isEqualTo((byte) (inside ? filling : 0xee));
                }
                filling++;
            }
        }
        assertThat(ends).hasSize(72).containsOnly(BlockStatus.OK);
    }

    @Test
    void showsNothingBeforeCommit() {
        final Blkback back = bench.newBackend(disk, Wakeups.POLLED);
        final Blkfront front = bench.newFrontend(Wakeups.POLLED);
        bench.connect(front, back);
        final List<BlockRequest> ended = new ArrayList<>();
        front.completionsTo(ended::add);

        assertThat(front.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0))).isTrue();
        bench.settle(front, back);
        assertThat(back.counters().requests()).isZero();
        assertThat(ended).isEmpty();

        front.commit();
        bench.settle(front, back);
        assertThat(back.counters().requests()).isEqualTo(1);
        assertThat(ended).hasSize(1);
    }

    @Test
    void takesAsManyRequestsAsTheRingHolds() {
        final Blkback back = bench.newBackend(disk, Wakeups.POLLED);
        final Blkfront front = bench.newFrontend(Wakeups.POLLED);
        bench.connect(front, back);
        final List<BlockRequest> ended = new ArrayList<>();
        front.completionsTo(ended::add);

        for (int i = 0; i < 32; i++) {
            assertThat(front.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0))).isTrue();
        }
        assertThat(front.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0))).isFalse();
        front.commit();
        bench.settle(front, back);
        assertThat(ended).hasSize(32);
        assertThat(front.submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0))).isTrue();
    }

    @Test
    void tellsWhoListensOfEachRequestAndResponse() {
        final List<String> heard = new ArrayList<>();
        final Trace trace =
                new Trace() {
                    @Override
                    public boolean isOn() {
                        return true;
                    }

                    @Override
                    public void event(
                            final String who,
                            final String what,
                            final long first,
                            final long second) {
                        heard.add(who + " " + what + " " + first + " " + second);
                    }
                };
        final Blkback back =
                new Blkback(
                        bench.backendDevice(),
                        bench.host().domain().grantMapper(),
                        bench.host().domain().eventChannels(),
                        disk,
                        Wakeups.ARMED,
                        trace);
        final Blkfront front =
                new Blkfront(
                        bench.frontendDevice(),
                        bench.guest().domain().memory(),
                        bench.guest().frames(),
                        bench.guest().domain().grantTable(),
                        bench.guest().domain().eventChannels(),
                        bench.guest().domain().vcpu(),
                        Wakeups.ARMED,
                        BlkfrontOptions.PLAIN,
                        trace);
        bench.connect(front, back);
        front.completionsTo(done -> {});
        front.submit(new BlockRequest(1).reset(BlockOperation.READ, 7).addSegment(4096, 512));
        front.commit();
        bench.settle(front, back);
        assertThat(heard)
                .containsExactly(
                        "blkfront request 0 7",
                        "blkback request 0 7",
                        "blkback response 0 0",
                        "blkfront response 0 0");
    }

    @Test
    void offersAReadOnlyDiskAsReadOnly() throws IOException {
        try (RamStore store =
                        RamStore.loadedFrom(
                                new ByteArrayInputStream(new byte[0]), 16, Access.READ_ONLY);
                TestBench readOnly = new TestBench()) {
            assertReadOnly(readOnly, store);
        }
        try (RamStore store = RamStore.zeroed(16);
                TestBench readOnly = new TestBench(true)) {
            assertReadOnly(readOnly, store);
        }
    }

    private static void assertReadOnly(final TestBench bench, final RamStore store) {
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        bench.connect(front, back);
        assertThat(bench.backendKey("info")).isEqualTo("4");
        assertThat(front.limits().readOnly()).isTrue();
        final BlockRequest request = new BlockRequest(1);
        assertThatThrownBy(() ->
                        front.submit(request.reset(BlockOperation.WRITE, 0).addSegment(4096, 512)))
                .isInstanceOf(IllegalArgumentException.class);
        front.completionsTo(done -> {});
        assertThat(front.submit(request.reset(BlockOperation.READ, 0).addSegment(4096, 512)))
                .isTrue();
        front.commit();
        bench.settle(front, back);
        assertThat(request.status()).isEqualTo(BlockStatus.OK);
        assertThat(front.counters().responses()).isEqualTo(1);
    }

    @Test
    void keepsTheOrderOfTheRingWhenTheStoreIsFull() {
        final Seed seed = Seed.ofRun();
        final MoodyStore store = new MoodyStore(disk, seed.random(), 0);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        bench.connect(front, back);
        front.completionsTo(done -> {});
        final int frame = bench.guest().frames().allocate();
        final List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            front.submit(
                    new BlockRequest(1)
                            .reset(BlockOperation.WRITE, i)
                            .addSegment(TestDomain.address(frame), 512));
            expected.add(i);
        }
        front.commit();
        for (int i = 0; i < 1000 && store.order().size() < 32; i++) {
            bench.step(back);
        }
        assertThat(store.order()).as("%s", seed).isEqualTo(expected);
        assertThat(store.refusedCount()).as("%s", seed).isPositive();
    }
}
