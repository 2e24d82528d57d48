package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end, in every stage, and what they leave behind: nothing. */
final class BlkLifeTest {
    private static final int DISK_SECTORS = 600;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestBench bench = new TestBench();
    private final List<BlockStatus> ends = new ArrayList<>();

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0"})
    void leavesNothingBehindHoweverOftenItConnects(final String trusted) {
        bench.putFrontendKey("trusted", trusted);
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        front.completionsTo(request -> ends.add(request.status()));
        final int frame = bench.guest().frames().allocate();
        final String atFirst = bench.resources();

        for (int i = 1; i <= 300; i++) {
            bench.connect(front, back);
            assertThat(front.submit(write(frame, i % DISK_SECTORS))).isTrue();
            front.shutdown();
            assertThat(front.isReady()).isFalse();
            assertThat(front.submit(write(frame, i % DISK_SECTORS))).isFalse();
            bench.settle(front, back);

            assertThat(front.isClosed()).isTrue();
            assertThat(back.isClosed()).isTrue();
            assertThat(bench.resources()).isEqualTo(atFirst);
            assertThat(ends).hasSize(i).containsOnly(BlockStatus.OK);
            assertThat(bench.frontendKey("state")).isEqualTo("6");
            assertThat(bench.backendKey("state")).isEqualTo("6");
            front.resume();
        }
        assertThat(front.counters().connections()).isEqualTo(300);
        assertThat(back.counters().connections()).isEqualTo(300);
        assertThat(front.counters().refusals()).isZero();
        assertThat(back.counters().refusals()).isZero();
    }

    /** Row 8 (XSA-350): a connection that comes while the last one ends finds nothing of it. */
    @Test
    void bearsAFrontendThatConnectsAndDisconnectsAtAnyMoment() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final MoodyStore store = new MoodyStore(disk, random.split(), 0);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        front.completionsTo(request -> ends.add(request.status()));
        final int frame = bench.guest().frames().allocate();
        final String atFirst = bench.resources();

        int submitted = 0;
        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> bench.step(front);
                case 4, 5, 6, 7 -> bench.step(back);
                case 8, 9 -> {
                    submitted += front.submit(write(frame, i % DISK_SECTORS)) ? 1 : 0;
                    front.commit();
                }
                case 10 -> {
                    if (random.nextInt(4) == 0) {
                        front.onClose(); // At once, whatever is in flight.
                    } else if (random.nextInt(4) == 0) {
                        front.shutdown();
                    }
                }
                default -> {
                    if (front.isClosed()) {
                        front.resume();
                    }
                }
            }
        }
        front.shutdown();
        for (int i = 0; i < 1000 && !(front.isClosed() && back.isClosed()); i++) {
            bench.step(front);
            bench.step(back);
        }
        bench.settle(front, back);

        assertThat(bench.resources()).as("%s", seed).isEqualTo(atFirst);
        assertThat(ends).as("%s", seed).hasSize(submitted);
        assertThat(back.counters().connections()).as("%s", seed).isGreaterThan(100);
        assertThat(back.counters().refusals(BlkbackRefusal.RING_INDEX)).as("%s", seed).isZero();
        assertThat(ends).as("%s", seed).contains(BlockStatus.OK, BlockStatus.ERROR);
    }

    @Test
    void finishesWhatIsInFlightBeforeItEndsInGoodOrder() {
        final Seed seed = Seed.ofRun();
        final MoodyStore store = new MoodyStore(disk, seed.random(), 0);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        front.completionsTo(request -> ends.add(request.status()));
        bench.connect(front, back);
        final int frame = bench.guest().frames().allocate();
        for (int i = 0; i < 32; i++) {
            front.submit(write(frame, i % DISK_SECTORS));
        }
        store.holdBack(true);

        front.shutdown();
        for (int i = 0; i < 200; i++) {
            bench.step(front);
            bench.step(back);
        }
        assertThat(bench.frontendKey("state")).as("%s", seed).isEqualTo("4");
        assertThat(ends).as("%s", seed).isEmpty();

        store.holdBack(false);
        for (int i = 0; i < 1000 && !front.isClosed(); i++) {
            bench.step(front);
            bench.step(back);
        }
        assertThat(ends).as("%s", seed).hasSize(32).containsOnly(BlockStatus.OK);
        assertThat(front.isClosed()).as("%s", seed).isTrue();
    }

    @Test
    void closesWhenTheToolstackAsksTheBackendTo() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        front.completionsTo(request -> ends.add(request.status()));
        final int frame = bench.guest().frames().allocate();
        final String atFirst = bench.resources();
        bench.connect(front, back);
        front.submit(write(frame, 3));

        bench.closeVbd();
        bench.settle(front, back);

        assertThat(ends).containsExactly(BlockStatus.OK);
        assertThat(front.isClosed()).isTrue();
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    /** Row 3 (XSA-90): an end at any moment is an end in order, with the store's part last. */
    @Test
    void unmapsNothingThatTheStoreStillHolds() {
        final Seed seed = Seed.ofRun();
        final MoodyStore store = new MoodyStore(disk, seed.random(), 0);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        front.completionsTo(request -> ends.add(request.status()));
        final int frame = bench.guest().frames().allocate();
        final String atFirst = bench.resources();
        bench.connect(front, back);
        store.holdBack(true);
        for (int i = 0; i < 10; i++) {
            front.submit(write(frame, i % DISK_SECTORS));
        }
        front.commit();
        for (int i = 0; i < 1000 && store.heldCount() < 10; i++) {
            bench.step(back);
        }

        front.onClose();
        assertThat(ends).as("%s", seed).hasSize(10).containsOnly(BlockStatus.ERROR);
        assertThat(front.keptPages()).as("%s", seed).isEqualTo(10 + 1);
        for (int i = 0; i < 100; i++) {
            bench.step(back);
            bench.step(front);
        }
        assertThat(bench.backendKey("state")).as("%s", seed).isEqualTo("5");
        assertThat(bench.host().domain().grantMapper().mappedCount())
                .as("%s", seed)
                .isEqualTo(10 + 1);
        front.resume();
        bench.step(front);
        assertThat(front.isReady()).as("%s", seed).isFalse();

        store.holdBack(false);
        for (int i = 0; i < 1000 && !front.isReady(); i++) {
            bench.step(back);
            bench.step(front);
        }
        assertThat(front.isReady()).as("%s", seed).isTrue();
        assertThat(front.keptPages()).as("%s", seed).isZero();
        front.shutdown();
        bench.settle(front, back);
        assertThat(bench.resources()).as("%s", seed).isEqualTo(atFirst);
    }

    /** Row 22 (XSA-465): a device may go in any stage, whether or not there is a ring. */
    @Test
    void bearsRemovalInEveryStage() {
        for (int steps = 0; steps < 12; steps++) {
            bench.createVbd();
            final String atFirst = bench.resources();
            final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
            final Blkfront front = bench.newFrontend(Wakeups.ARMED);
            front.completionsTo(request -> ends.add(request.status()));
            for (int i = 0; i < steps; i++) {
                if (i == 8) {
                    front.shutdown();
                }
                if (i % 2 == 0) {
                    bench.step(front);
                } else {
                    bench.step(back);
                }
            }
            bench.removeVbd();
            bench.settle(front, back);

            assertThat(front.isReady()).as("steps=%d", steps).isFalse();
            assertThat(front.submit(write(1, 0))).as("steps=%d", steps).isFalse();
            front.commit();
            front.onClose();
            back.onClose();
            assertThat(front.isClosed()).isTrue();
            assertThat(bench.resources())
                    .as("steps=%d", steps)
                    .isEqualTo(atFirst.replaceFirst("watches=.*", watchesOf(bench.resources())));
        }
        assertThat(ends).isEmpty();
    }

    private static String watchesOf(final String resources) {
        return resources.substring(resources.indexOf("watches="));
    }

    @Test
    void keepsMappedWhatTheStoreHoldsWhenTheHostStopsAtOnce() {
        final Seed seed = Seed.ofRun();
        final MoodyStore store = new MoodyStore(disk, seed.random(), 0);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        front.completionsTo(request -> ends.add(request.status()));
        bench.connect(front, back);
        store.holdBack(true);
        front.submit(write(bench.guest().frames().allocate(), 1));
        front.commit();
        for (int i = 0; i < 1000 && store.heldCount() == 0; i++) {
            bench.step(back);
        }
        back.onClose();
        assertThat(bench.hostResources()).as("%s", seed).isEqualTo("ports=1 mapped=2");
        assertThat(back.isClosed()).as("%s", seed).isFalse();

        store.holdBack(false);
        for (int i = 0; i < 1000 && !back.isClosed(); i++) {
            back.onClose();
        }
        assertThat(bench.hostResources()).as("%s", seed).isEqualTo("ports=0 mapped=0");
        while (front.doWork() != 0) {
            // Its upcall is late, but the state tells that all answers are there.
        }
        assertThat(front.isClosed()).as("%s", seed).isTrue();
        assertThat(ends).as("%s", seed).containsExactly(BlockStatus.OK);
    }

    /** Who unplugs a disk need not outrun a guest that begins again and again. */
    @ParameterizedTest
    @ValueSource(strings = {"6,1,3,4", "1,3,4", "3,4"})
    void staysClosedOnceTheToolstackWantsItBackNoMore(final String states) {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        front.assertServes(back, disk, 0);
        bench.closeVbd();
        for (int i = 0; i < 10; i++) {
            for (final String state : states.split(",", -1)) {
                bench.putFrontendKey("state", state);
                bench.step(back);
                bench.step(back);
            }
        }
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.backendKey("state")).isEqualTo("6");
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");

        bench.putBackendKey("online", "1"); // The toolstack has thought better of it.
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    @Test
    void closesWhenTheGuestHasNoPortLeft() {
        final EventChannels events = bench.guest().domain().eventChannels();
        while (events.allocUnbound(TestBench.HOST) > 0) {
            // Until there are none.
        }
        assertClosesForWantOfResources();
    }

    @Test
    void closesWhenTheGuestHasNoGrantLeft() {
        final GrantTable grants = bench.guest().domain().grantTable();
        while (grants.grantAccess(TestBench.HOST, 1, true) != GrantTable.NO_REFERENCE) {
            // Until there are none.
        }
        assertClosesForWantOfResources();
    }

    @Test
    void closesWhenTheGuestHasNoFrameLeft() {
        takeAllFrames();
        assertClosesForWantOfResources();
    }

    private void takeAllFrames() {
        while (bench.guest().frames().usedCount() < TestBench.GUEST_FRAMES - 1) {
            bench.guest().frames().allocate();
        }
    }

    private void assertClosesForWantOfResources() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        final String atFirst = bench.resources();
        bench.settle(front, back);
        assertThat(front.isClosed()).isTrue();
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.frontendKey("ring-ref")).isNull();
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @Test
    void connectsAnewWhenAFrontendBeginsAgainWithoutAWord() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront lost = bench.newFrontend(Wakeups.ARMED);
        bench.connect(lost, back);
        bench.settle(lost, back);

        bench.putFrontendKey("state", "1"); // As a kernel does that was started anew.
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        bench.connect(front, back);

        assertThat(back.counters().connections()).isEqualTo(2);
        assertThat(bench.host().domain().grantMapper().mappedCount()).isEqualTo(1);
        assertThat(bench.host().domain().eventChannels().openPorts()).isEqualTo(1);
        front.completionsTo(request -> ends.add(request.status()));
        front.submit(write(bench.guest().frames().allocate(), 1));
        front.commit();
        bench.settle(front, back);
        assertThat(ends).containsExactly(BlockStatus.OK);
    }

    @Test
    void holdsItsCallersToTheContract() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED);
        assertThat(front.isReady()).isFalse();
        assertThat(front.submit(write(1, 0))).isFalse();
        assertThatThrownBy(front::limits).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(front::resume).isInstanceOf(IllegalStateException.class);

        bench.connect(front, back);
        assertThatThrownBy(() -> front.submit(write(1, DISK_SECTORS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not whole blocks of the disk: sector=600");
        assertThat(bench.guest().domain().grantTable().usedCount()).isEqualTo(1);
        front.submit(write(1, 0));
        front.commit();
        bench.step(back);
        assertThatThrownBy(() -> bench.step(front))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("nobody takes completions: tag=0");
    }

    private static BlockRequest write(final int frame, final long sector) {
        return new BlockRequest(1)
                .reset(BlockOperation.WRITE, sector)
                .addSegment(TestDomain.address(frame), 512);
    }
}
