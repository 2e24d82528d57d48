package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.frontend.BlkfrontRefusal;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.grant.GrantTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frontend against a host that writes whatever it likes into the ring. */
final class HostileBackendTest {
    private static final int FRAMES = 64;

    private final TestBench bench = new TestBench();
    private final List<BlockRequest> ended = new ArrayList<>();
    private Blkfront front = bench.newFrontend(Wakeups.ARMED);
    private int firstFrame;
    private String atFirst = "";

    @BeforeEach
    void start() {
        firstFrame = bench.guest().frames().allocate(FRAMES);
        atFirst = bench.resources();
        front.completionsTo(ended::add);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void laysRequestsAsTheBackendExpectsThem() {
        final RawBackend back = RawBackend.connect(bench, front);
        final BlockRequest request =
                new BlockRequest(11)
                        .reset(BlockOperation.READ, 17)
                        .addSegment(TestDomain.address(firstFrame) + 512, 1024)
                        .addSegment(TestDomain.address(firstFrame + 1), 4096);
        front.submit(request);
        front.commit();

        assertThat(back.requestProducer()).isEqualTo(1);
        final BlkRequest wire = back.request(0);
        assertThat(wire.operation()).isEqualTo(BlkOperation.READ);
        assertThat(wire.segmentCount()).isEqualTo(2);
        assertThat(wire.handle()).isEqualTo(TestBench.DISK & 0xffff);
        assertThat(wire.sector()).isEqualTo(17);
        final BlkSegment segment = wire.segment(0, new BlkSegment());
        assertThat(segment.firstSector()).isEqualTo(1);
        assertThat(segment.lastSector()).isEqualTo(2);
        wire.segment(1, segment);
        assertThat(segment.firstSector()).isZero();
        assertThat(segment.lastSector()).isEqualTo(7);
        bench.guest().page(firstFrame).putLong(512, 0x1234567890L);
        assertThat(back.mapAndKeep(0, 0, false).getLong(512)).isEqualTo(0x1234567890L);
    }

    /** Row 16 (XSA-403): the ring's page shows nothing of who had it before. */
    @Test
    void sharesARingPageOfZeros() {
        for (int frame = firstFrame + FRAMES; frame < TestBench.GUEST_FRAMES; frame++) {
            bench.guest().page(frame).setMemory(0, 4096, (byte) 0x5e);
        }
        final RawBackend back = RawBackend.connect(bench, front);
        for (int i = 16; i < 4096; i++) {
            assertThat(back.ring.getByte(i)).as("byte=%d", i).isZero();
        }
    }

    /** Row 39: an answer to a number that is not in flight is no answer. */
    @ParameterizedTest
    @ValueSource(longs = {1, 31, 32, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, (1L << 32) + 31})
    void closesOnAnAnswerToNothing(final long id) {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0); // Its number is 0.
        back.put(id, BlkOperation.READ, BlkStatus.OKAY);
        assertCloses(back, BlkfrontRefusal.ID, 1);
    }

    @Test
    void closesOnASecondAnswer() {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0);
        submit(BlockOperation.READ, 1);
        back.put(0, BlkOperation.READ, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended).hasSize(1);
        back.put(0, BlkOperation.READ, BlkStatus.OKAY);
        assertCloses(back, BlkfrontRefusal.ID, 2);
        assertThat(ended.get(0).status()).isEqualTo(BlockStatus.OK);
        assertThat(ended.get(1).status()).isEqualTo(BlockStatus.ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6, 77, 255})
    void closesOnAnAnswerOfAnotherOperation(final int operation) {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0);
        back.put(0, operation, BlkStatus.OKAY);
        assertCloses(back, BlkfrontRefusal.OPERATION, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 32, 33, 1000, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void closesWhenTheResponseIndexCannotBe(final int index) {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0);
        submit(BlockOperation.WRITE, 1);
        back.pushIndex(index);
        bench.step(front);
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        assertThat(front.counters().refusals(BlkfrontRefusal.RING_INDEX)).isEqualTo(1);
        assertThat(ended).hasSize(2);
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    /** Row 41: only we make a ring; one that its backend has made anew is broken, or as it was. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void noticesARingThatTheBackendMakesAnew(final int answered) {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0);
        submit(BlockOperation.WRITE, 1);
        for (int i = 0; i < answered; i++) {
            back.answer(i, BlkStatus.OKAY);
        }
        back.push();
        bench.step(front);
        assertThat(ended).hasSize(answered);
        back.ring.setMemory(0, RawBackend.HEADER_BYTES, (byte) 0);
        submit(BlockOperation.READ, 2);
        back.pushIndex(0);
        bench.step(front);
        bench.step(front);
        assertThat(front.isClosed()).isEqualTo(answered != 0);
        assertThat(front.counters().refusals(BlkfrontRefusal.RING_INDEX))
                .isEqualTo(answered == 0 ? 0 : 1);
        assertThat(ended).hasSize(answered == 0 ? 0 : 3);
        assertThat(back.requestProducer()).isEqualTo(3); // Told anew, since the index is our own.
        back.close();
    }

    private void assertCloses(
            final RawBackend back, final BlkfrontRefusal reason, final int endedCount) {
        back.push();
        bench.step(front);
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        assertThat(front.isReady()).isFalse();
        assertThat(bench.frontendKey("state")).isEqualTo("6");
        assertThat(front.counters().refusals(reason)).isEqualTo(1);
        assertThat(front.counters().refusals()).isEqualTo(1);
        assertThat(ended).hasSize(endedCount);
        assertThat(ended.getLast().status()).isEqualTo(BlockStatus.ERROR);
        assertThat(front.submit(request(BlockOperation.READ, 0))).isFalse();
        front.commit();
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, -3, -77, 32767, -32768})
    void takesAnUnknownStatusForAnErrorAndGoesOn(final int status) {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0);
        back.answer(0, status);
        back.push();
        bench.step(front);
        assertThat(ended).hasSize(1);
        assertThat(ended.getFirst().status()).isEqualTo(BlockStatus.ERROR);
        assertThat(front.counters().refusals(BlkfrontRefusal.STATUS)).isEqualTo(1);
        assertThat(front.isReady()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = BlockOperation.class,
            names = {"READ", "WRITE", "FLUSH"})
    void endsARequestAsTheBackendSays(final BlockOperation operation) {
        final RawBackend back = RawBackend.connect(bench, front);
        for (int i = 0; i < 3; i++) {
            submit(operation, i);
        }
        final int number = back.request(0).operation();
        back.put(2, number, BlkStatus.OKAY);
        back.put(1, number, BlkStatus.ERROR);
        back.put(0, number, BlkStatus.EOPNOTSUPP);
        back.push();
        bench.step(front);
        assertThat(ended).extracting(BlockRequest::sector).containsExactly(2L, 1L, 0L);
        assertThat(ended)
                .extracting(BlockRequest::status)
                .containsExactly(
                        BlockStatus.OK,
                        BlockStatus.ERROR,
                        operation == BlockOperation.FLUSH
                                ? BlockStatus.UNSUPPORTED
                                : BlockStatus.ERROR);
        assertThat(front.counters().failures()).isEqualTo(2);
        assertThat(front.counters().refusals()).isZero();
    }

    /** Row 1, seen from the guest: an answer is copied before it is looked at. */
    @Test
    void looksAtAnAnswerOnlyOnce() {
        final GrantTable grants = bench.guest().domain().grantTable();
        final UnsafeBuffer[] ring = {new UnsafeBuffer(new byte[4096])};
        final int[] spoiled = {0};
        final GrantTable spoiler =
                new GrantTable() {
                    @Override
                    public int grantAccess(
                            final int peerDomain, final int frame, final boolean readOnly) {
                        return grants.grantAccess(peerDomain, frame, readOnly);
                    }

                    @Override
                    public boolean endAccess(final int reference) {
                        ring[0].setMemory(64, 4096 - 64, (byte) 0xff);
                        spoiled[0]++;
                        return grants.endAccess(reference);
                    }

                    @Override
                    public int usedCount() {
                        return grants.usedCount();
                    }
                };
        front = bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.PLAIN, spoiler);
        front.completionsTo(ended::add);
        final RawBackend back = RawBackend.connect(bench, front);
        ring[0] = back.ring;
        submit(BlockOperation.READ, 5);
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(spoiled[0]).isEqualTo(1);
        assertThat(ended).hasSize(1);
        assertThat(ended.getFirst().status()).isEqualTo(BlockStatus.OK);
        assertThat(front.isReady()).isTrue();
    }

    /** Row 13 (XSA-391): any number of events costs one look at the ring. */
    @Test
    void bearsAStormOfEvents() {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0);
        for (int i = 0; i < 10_000; i++) {
            back.pushIndex(0);
        }
        assertThat(bench.step(front)).isZero();
        assertThat(front.counters().wakeups()).isEqualTo(1);
        assertThat(front.counters().needlessWakeups()).isEqualTo(1);
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended).hasSize(1);
    }

    @Test
    void bearsAnyBytes() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final byte[] bytes = new byte[4096 - 64];
        int submitted = 0;
        for (int round = 0; round < 300; round++) {
            final RawBackend back = RawBackend.connect(bench, front);
            for (int i = 0; i < 10 && front.isReady(); i++) {
                submitted += front.submit(request(BlockOperation.READ, i)) ? 1 : 0;
                front.commit();
                random.nextBytes(bytes);
                for (int slot = 0; slot < 32; slot++) {
                    if (random.nextInt(4) != 0) { // Something that comes further.
                        new UnsafeBuffer(bytes).putLong(slot * 112, random.nextInt(3));
                        bytes[slot * 112 + 8] = 0;
                    }
                }
                back.ring.putBytes(64, bytes);
                back.pushIndex(random.nextInt(back.requestProducer() + 1));
                bench.step(front);
            }
            front.onClose();
            back.close();
            bench.step(front);
            assertThat(bench.resources()).as("%s", seed).isEqualTo(atFirst);
            front.resume();
        }
        assertThat(ended).as("%s", seed).hasSize(submitted);
        assertThat(front.counters().responses()).as("%s", seed).isPositive();
    }

    @Test
    void asksForNoFlushThatIsNotOffered() {
        RawBackend.publishDisk(bench);
        bench.putBackendKey("feature-flush-cache", null);
        final RawBackend back = RawBackend.share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.limits().canFlush()).isFalse();
        for (int i = 0; i < 32; i++) {
            assertThat(front.submit(request(BlockOperation.FLUSH, i))).isTrue();
        }
        assertThat(front.submit(request(BlockOperation.FLUSH, 32))).isFalse();
        front.commit();
        assertThat(ended).isEmpty();
        bench.step(front);
        assertThat(back.requestProducer()).isZero();
        assertThat(ended)
                .hasSize(32)
                .extracting(BlockRequest::status)
                .containsOnly(BlockStatus.UNSUPPORTED);
    }

    private void submit(final BlockOperation operation, final int sector) {
        assertThat(front.submit(request(operation, sector))).isTrue();
        front.commit();
    }

    private BlockRequest request(final BlockOperation operation, final int sector) {
        final BlockRequest request = new BlockRequest(1).reset(operation, sector);
        return operation == BlockOperation.FLUSH
                ? request
                : request.addSegment(TestDomain.address(firstFrame + sector), 512);
    }
}
