package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.guest.DiscardLimits;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.frontend.BlkfrontRefusal;
import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flushes, barriers and discards: asked for as they are offered, and in their order. */
final class RequestKindsTest {
    private final TestBench bench = new TestBench();
    private final List<BlockRequest> ended = new ArrayList<>();
    private Blkfront front = bench.newFrontend(Wakeups.ARMED);

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1,3", "1,0,3", "0,1,2"})
    void flushesByABarrierWhereThereIsNothingElse(
            final String flush, final String barrier, final int operation) {
        final RawBackend back = connect("feature-flush-cache", flush, "feature-barrier", barrier);
        assertThat(front.limits().canFlush()).isTrue();
        submit(new BlockRequest(1).reset(BlockOperation.FLUSH, 0));
        assertThat(back.request(0).operation()).isEqualTo(operation);
        assertThat(back.request(0).segmentCount()).isZero();
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended.getFirst().status()).isEqualTo(BlockStatus.OK);
        assertThat(front.counters().flushes()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = BlockOperation.class,
            names = {"FLUSH", "BARRIER", "DISCARD", "SECURE_DISCARD"})
    void asksNoMoreForWhatTheBackendTurnsOutNotToKnow(final BlockOperation operation) {
        final RawBackend back = connectToAll();
        submit(request(operation));
        back.answer(0, BlkStatus.EOPNOTSUPP);
        back.push();
        bench.step(front);
        assertThat(ended.getFirst().status()).isEqualTo(BlockStatus.UNSUPPORTED);
        assertThat(front.limits().canFlush()).isEqualTo(operation != BlockOperation.FLUSH);
        assertThat(front.limits().canBarrier()).isEqualTo(operation != BlockOperation.BARRIER);
        assertThat(front.limits().discard().supported()).isEqualTo(!operation.isDiscard());

        submit(request(operation));
        assertThat(back.requestProducer()).isEqualTo(1);
        bench.step(front);
        assertThat(ended).hasSize(2);
        assertThat(ended.getLast().status()).isEqualTo(BlockStatus.UNSUPPORTED);
        assertThat(front.isReady()).isTrue();
    }

    @Test
    void laysDiscardsAsTheBackendExpectsThem() {
        final RawBackend back = connectToAll();
        submit(new BlockRequest(0).resetToDiscard(BlockOperation.DISCARD, 3, 61));
        submit(new BlockRequest(0).resetToDiscard(BlockOperation.SECURE_DISCARD, 0, 1));
        final BlkDiscardRequest wire = back.discard(0);
        assertThat(back.request(0).operation()).isEqualTo(BlkOperation.DISCARD);
        assertThat(wire.flags()).isZero();
        assertThat(wire.sector()).isEqualTo(3);
        assertThat(wire.sectorCount()).isEqualTo(61);
        assertThat(back.discard(1).flags()).isEqualTo(BlkDiscardRequest.SECURE);
        back.answer(0, BlkStatus.ERROR);
        back.answer(1, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended)
                .extracting(BlockRequest::status)
                .containsExactly(BlockStatus.ERROR, BlockStatus.OK);
        assertThat(front.counters().discards()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,-1", "64,1", "63,2", "-1,1", "0,65", "1,9223372036854775807"})
    void refusesADiscardBeyondTheDisk(final long sector, final long sectorCount) {
        final RawBackend back = connectToAll();
        final BlockRequest request =
                new BlockRequest(0).resetToDiscard(BlockOperation.DISCARD, sector, sectorCount);
        assertThatThrownBy(() -> front.submit(request))
                .isInstanceOf(IllegalArgumentException.class);
        front.commit();
        assertThat(back.requestProducer()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "missing,missing,missing,4096,0,false",
                "0,0,0,4096,0,false",
                "512,0,1,512,0,true",
                "1536,1024,1,1536,1024,true",
                "1048576,4096,missing,1048576,4096,false"
            })
    void tellsItsUsersWhatADiscardIsGoodFor(
            final @Nullable String granularity,
            final @Nullable String alignment,
            final @Nullable String secure,
            final int expectedGranularity,
            final int expectedAlignment,
            final boolean expectedSecure) {
        bench.putBackendKey("discard-granularity", granularity);
        bench.putBackendKey("discard-alignment", alignment);
        bench.putBackendKey("discard-secure", secure);
        connect("feature-discard", "1", "physical-sector-size", "4096");
        assertThat(front.limits().discard())
                .isEqualTo(
                        new DiscardLimits(
                                true, expectedGranularity, expectedAlignment, expectedSecure));
        assertThat(front.counters().refusals()).isZero();
    }

    /** What makes no sense is not offered, and no more than that. */
    @ParameterizedTest
    @CsvSource({
        "feature-discard,2",
        "feature-discard,yes",
        "feature-discard,-1",
        "discard-granularity,513",
        "discard-granularity,100",
        "discard-alignment,4096",
        "discard-alignment,511",
        "discard-alignment,99999999"
    })
    void discardsNothingWhereTheOfferMakesNoSense(final String key, final String value) {
        bench.putBackendKey("discard-granularity", "4096");
        connect("feature-discard", "1", key, value);
        assertThat(front.limits().discard()).isEqualTo(DiscardLimits.NONE);
        assertThat(front.counters().refusals(BlkfrontRefusal.OFFER)).isEqualTo(1);
        assertThat(front.submit(request(BlockOperation.DISCARD))).isTrue();
        bench.step(front);
        assertThat(ended.getFirst().status()).isEqualTo(BlockStatus.UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({
        "discard-granularity,-1",
        "discard-granularity,2147483648",
        "discard-alignment,banana",
        "discard-secure,2",
        "physical-sector-size,0",
        "physical-sector-size,100",
        "physical-sector-size,3000",
        "physical-sector-size,33554432",
        "physical-sector-size,-512",
        "feature-persistent,2",
        "feature-persistent,banana",
        "feature-max-indirect-segments,banana",
        "feature-max-indirect-segments,-1"
    })
    void takesAnOfferThatMakesNoSenseForNone(final String key, final String value) {
        front = bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.ALL);
        connect("feature-discard", "1", key, value);
        assertThat(front.counters().refusals(BlkfrontRefusal.OFFER)).isEqualTo(1);
        assertThat(front.limits().discard()).isEqualTo(new DiscardLimits(true, 512, 0, false));
        assertThat(front.limits().physicalBlockBytes()).isEqualTo(512);
        assertThat(front.limits().maxSegments()).isEqualTo(11);
        submit(read(0));
        front.onClose();
        assertThat(front.counters().persistentHits()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "yes", "-1", ""})
    void closesOnABarrierOfferThatMakesNoSense(final String value) {
        RawBackend.publishDisk(bench);
        bench.putBackendKey("feature-barrier", value);
        RawBackend.share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        assertThat(front.counters().refusals(BlkfrontRefusal.KEY)).isEqualTo(1);
    }

    @Test
    void putsABarrierStraightIntoTheOnlyRing() {
        final RawBackend back = connectToAll();
        submit(read(0));
        submit(request(BlockOperation.BARRIER));
        submit(read(1));
        assertThat(back.requestProducer()).isEqualTo(3);
        assertThat(back.request(1).operation()).isEqualTo(BlkOperation.WRITE_BARRIER);
        assertThat(back.request(1).segmentCount()).isEqualTo(1);
    }

    /** A backend keeps the order of a barrier within its ring, and the others know nothing. */
    @Test
    void sendsABarrierAloneWhereThereAreSeveralRings() {
        front = bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.PLAIN.withQueues(2));
        front.completionsTo(ended::add);
        bench.putBackendKey("multi-queue-max-queues", "2");
        bench.putBackendKey("feature-barrier", "1");
        RawBackend.publishDisk(bench);
        bench.putBackendKey("state", "2");
        bench.step(front);
        final RawBackend first = RawBackend.join(bench, "queue-0/");
        final RawBackend second = RawBackend.join(bench, "queue-1/");
        bench.putBackendKey("state", "4");
        bench.step(front);
        submit(read(0));
        submit(read(1));
        submit(request(BlockOperation.BARRIER));
        assertThat(front.submit(read(2))).isFalse();
        bench.step(front);
        assertThat(first.requestProducer() + second.requestProducer()).isEqualTo(2);

        first.answer(0, BlkStatus.OKAY);
        first.push();
        bench.step(front);
        assertThat(first.requestProducer() + second.requestProducer()).isEqualTo(2);
        second.answer(0, BlkStatus.OKAY);
        second.push();
        bench.step(front);
        assertThat(ended).hasSize(2);
        assertThat(first.requestProducer()).isEqualTo(2);
        assertThat(first.request(1).operation()).isEqualTo(BlkOperation.WRITE_BARRIER);
        assertThat(front.submit(read(2))).isFalse();
        assertThat(front.submit(request(BlockOperation.BARRIER))).isTrue(); // Waits for the first.
        front.commit();
        bench.step(front);
        assertThat(first.requestProducer() + second.requestProducer()).isEqualTo(3);

        first.answer(1, BlkStatus.OKAY);
        first.push();
        bench.step(front);
        assertThat(second.requestProducer()).isEqualTo(2);
        second.answer(1, BlkStatus.OKAY);
        second.push();
        bench.step(front);
        assertThat(ended).hasSize(4);
        assertThat(front.submit(read(2))).isTrue();
    }

    @Test
    void endsABarrierThatWaitsWhenTheDeviceCloses() {
        front = bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.ALL);
        bench.putBackendKey("feature-max-indirect-segments", "64");
        final RawBackend back = connectToAll();
        submit(read(0));
        final BlockRequest barrier = new BlockRequest(12).reset(BlockOperation.BARRIER, 0);
        for (int i = 0; i < 12; i++) {
            barrier.addSegment(TestDomain.address(20 + i), 512);
        }
        submit(barrier); // More segments than a slot has: it goes in pieces, and alone.
        assertThat(back.requestProducer()).isEqualTo(1);
        front.onClose();
        assertThat(ended)
                .extracting(BlockRequest::status)
                .containsExactly(BlockStatus.ERROR, BlockStatus.ERROR);
    }

    @Test
    void sendsABarrierOfManySegmentsInPiecesOneAfterTheOther() {
        front = bench.newFrontend(Wakeups.ARMED, BlkfrontOptions.ALL);
        bench.putBackendKey("feature-max-indirect-segments", "64");
        final RawBackend back = connectToAll();
        final BlockRequest barrier = new BlockRequest(30).reset(BlockOperation.BARRIER, 5);
        for (int i = 0; i < 30; i++) {
            barrier.addSegment(TestDomain.address(20 + i), i % 2 == 0 ? 512 : 1024);
        }
        submit(barrier);
        final int[] sectors = {5, 5 + 16, 5 + 16 + 17};
        for (int piece = 0; piece < 3; piece++) {
            assertThat(back.requestProducer()).isEqualTo(piece + 1);
            assertThat(back.request(piece).operation()).isEqualTo(BlkOperation.WRITE_BARRIER);
            assertThat(back.request(piece).segmentCount()).isEqualTo(piece == 2 ? 8 : 11);
            assertThat(back.request(piece).sector()).isEqualTo(sectors[piece]);
            assertThat(ended).isEmpty();
            assertThat(front.submit(read(0))).isFalse();
            back.answer(piece, BlkStatus.OKAY);
            back.push();
            bench.step(front);
        }
        assertThat(ended).containsExactly(barrier);
        assertThat(barrier.status()).isEqualTo(BlockStatus.OK);
        assertThat(front.counters().bytesWritten()).isEqualTo(45 * 512);
        assertThat(front.submit(read(0))).isTrue();
    }

    /** The sectors and the state are told again when a disk is resized. */
    @Test
    void noticesThatItsDiskHasAnotherSize() {
        connectToAll();
        assertThat(front.limits().sectors()).isEqualTo(64);
        bench.putBackendKey("sectors", "128");
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.limits().sectors()).isEqualTo(128);
        bench.putBackendKey("sectors", "banana");
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.limits().sectors()).isEqualTo(128);
        assertThat(front.counters().refusals(BlkfrontRefusal.OFFER)).isEqualTo(1);
        assertThat(front.isReady()).isTrue();
    }

    /** Row 13 (XSA-391): who sends for nothing is not listened to until somebody has a clock. */
    @Test
    void holdsBackABackendThatSendsForNothing() {
        final RawBackend back = connectToAll();
        submit(read(0));
        for (int i = 0; i < 2000; i++) {
            back.pushIndex(0);
            bench.step(front);
        }
        assertThat(front.counters().needlessWakeups()).isEqualTo(1024);
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended).isEmpty();
        front.tick();
        bench.step(front);
        assertThat(ended).hasSize(1);
    }

    private RawBackend connectToAll() {
        bench.putBackendKey("feature-barrier", "1");
        return connect("feature-discard", "1", "discard-secure", "1");
    }

    private RawBackend connect(
            final String key, final String value, final String otherKey, final String otherValue) {
        front.completionsTo(ended::add);
        RawBackend.publishDisk(bench);
        bench.putBackendKey(key, value);
        bench.putBackendKey(otherKey, otherValue);
        final RawBackend back = RawBackend.share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.isReady()).isTrue();
        return back;
    }

    private void submit(final BlockRequest request) {
        assertThat(front.submit(request)).isTrue();
        front.commit();
    }

    private static BlockRequest read(final int sector) {
        return new BlockRequest(1)
                .reset(BlockOperation.READ, sector)
                .addSegment(TestDomain.address(8 + sector), 512);
    }

    private static BlockRequest request(final BlockOperation operation) {
        if (operation.isDiscard()) {
            return new BlockRequest(0).resetToDiscard(operation, 0, 8);
        }
        final BlockRequest request = new BlockRequest(1).reset(operation, 0);
        return operation.movesData() ? request.addSegment(TestDomain.address(7), 512) : request;
    }
}
