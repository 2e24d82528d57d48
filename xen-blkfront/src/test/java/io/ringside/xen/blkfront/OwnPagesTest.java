package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.frontend.BlkfrontRefusal;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of the driver's own: those of segments, and those that stay granted. */
final class OwnPagesTest {
    private final TestBench bench = new TestBench();
    private final List<BlockRequest> ended = new ArrayList<>();
    private Blkfront front = bench.newFrontend(Wakeups.ARMED);
    private String atFirst = bench.resources();

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "missing,4096,11",
                "0,4096,11",
                "10,4096,11",
                "11,4096,11",
                "12,4096,12",
                "256,4096,256",
                "256,32,32",
                "256,11,11",
                "256,0,11",
                "4096,4096,4096",
                "4097,4096,4096",
                "65535,4096,4096",
                "2147483647,4096,4096"
            })
    void takesAsManySegmentsAsBothEndsBear(
            final @Nullable String offered, final int wanted, final int expected) {
        connect(
                BlkfrontOptions.PLAIN.withIndirectSegments(wanted).withPooledPages(4096),
                "feature-max-indirect-segments",
                offered);
        assertThat(front.limits().maxSegments()).isEqualTo(expected);
        assertThat(front.limits().maxTransferBytes()).isEqualTo(expected * 4096);
        assertThat(front.counters().refusals()).isZero();
    }

    @Test
    void takesNoMoreSegmentsThanItHasPagesForThem() {
        connect(
                BlkfrontOptions.PLAIN.withIndirectSegments(4096).withPooledPages(100),
                "feature-max-indirect-segments",
                "4096");
        assertThat(front.limits().maxSegments()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"12,1", "512,1", "513,2", "4096,8"})
    void laysManySegmentsInPages(final int segments, final int pages) {
        final RawBackend back = connectIndirect("4096");
        final BlockRequest request = read(segments);
        submit(request);
        assertThat(front.counters().indirectRequests()).isEqualTo(1);
        final BlkIndirectRequest wire = back.indirect(0);
        assertThat(back.request(0).operation()).isEqualTo(BlkOperation.INDIRECT);
        assertThat(wire.innerOperation()).isEqualTo(BlkOperation.READ);
        assertThat(wire.segmentCount()).isEqualTo(segments);
        assertThat(wire.handle()).isEqualTo(TestBench.DISK & 0xffff);
        assertThat(wire.sector()).isEqualTo(3);
        final BlkSegment segment = new BlkSegment();
        for (int page = 0; page < pages; page++) {
            final UnsafeBuffer view = back.mapAndKeep(wire.page(page), true);
            final int count = Math.min(512, segments - page * 512);
            for (int i = 0; i < count; i++) {
                segment.wrap(view, i * 8);
                assertThat(segment.reference()).isGreaterThanOrEqualTo(8);
                assertThat(segment.firstSector()).isEqualTo((page * 512 + i) % 7);
                assertThat(segment.lastSector()).isEqualTo((page * 512 + i) % 7);
                assertThat(view.getShort(i * 8 + 6)).isZero();
            }
        }
        for (int page = pages; page < 8; page++) {
            assertThat(wire.page(page)).isZero();
        }

        back.put(wire.id(), BlkOperation.READ, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended).containsExactly(request);
        assertThat(request.status()).isEqualTo(BlockStatus.OK);
        assertThat(front.counters().bytesRead()).isEqualTo(segments * 512L);
        assertThat(bench.guest().domain().grantTable().usedCount()).isEqualTo(1 + pages);
        assertThat(front.keptPages()).isZero(); // The backend may look for as long as it likes.

        front.onClose();
        assertThat(front.keptPages()).isEqualTo(1 + pages);
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @Test
    void usesPagesOfSegmentsAgain() {
        final RawBackend back = connectIndirect("64");
        for (int i = 0; i < 100; i++) {
            submit(read(12 + i % 50));
            back.answer(i, BlkStatus.OKAY);
            back.push();
            bench.step(front);
        }
        assertThat(ended).hasSize(100);
        assertThat(bench.guest().domain().grantTable().usedCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 77})
    void closesOnAnIndirectAnswerThatDoesNotNameTheInnerOperation(final int operation) {
        final RawBackend back = connectIndirect("64");
        submit(read(20));
        back.put(back.indirect(0).id(), operation, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        assertThat(front.counters().refusals(BlkfrontRefusal.OPERATION)).isEqualTo(1);
        assertThat(ended).hasSize(1);
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @Test
    void hasNoRoomWhenItsPagesAreAllLent() {
        bench.putBackendKey("feature-persistent", "1");
        final RawBackend back =
                connect(
                        BlkfrontOptions.PLAIN
                                .withPersistentGrants(true)
                                .withIndirectSegments(40)
                                .withPooledPages(50),
                        "feature-max-indirect-segments",
                        "40");
        submit(read(40));
        assertThat(front.submit(read(11))).isFalse();
        submit(read(10));
        back.put(back.indirect(0).id(), BlkOperation.READ, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(front.submit(read(40))).isTrue();
        assertThat(front.counters().grants()).isEqualTo(50 + 1);
    }

    /** Neither for pages of its own, nor for those of segments, nor for more of the table. */
    @ParameterizedTest
    @CsvSource({"1,11", "1,40", "0,600"})
    void hasNoRoomWhenTheGuestHasNoFrameLeft(final String persistent, final int segments) {
        bench.putBackendKey("feature-persistent", persistent);
        final RawBackend back =
                connect(
                        BlkfrontOptions.PLAIN
                                .withPersistentGrants(true)
                                .withIndirectSegments(segments),
                        "feature-max-indirect-segments",
                        Integer.toString(segments));
        final int granted = bench.guest().domain().grantTable().usedCount();
        final FrameAllocator frames = bench.guest().frames();
        final int spare = frames.allocate();
        final int another = frames.allocate();
        while (frames.usedCount() < TestBench.GUEST_FRAMES - 1) {
            frames.allocate();
        }
        frames.free(spare); // For the first page of its own, or that of segments.
        assertThat(front.submit(read(segments))).isFalse();
        assertThat(bench.guest().domain().grantTable().usedCount())
                .isLessThanOrEqualTo(granted + 1);
        front.commit();
        assertThat(back.requestProducer()).isZero();
        frames.free(another);
        submit(read(1));
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended).extracting(BlockRequest::status).containsExactly(BlockStatus.OK);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {"true,1,true", "true,0,false", "true,missing,false", "false,1,false"})
    void keepsPagesGrantedWhereBothEndsSaySo(
            final boolean wanted, final @Nullable String offered, final boolean expected) {
        bench.putBackendKey("feature-persistent", offered);
        final RawBackend back =
                connect(BlkfrontOptions.PLAIN.withPersistentGrants(wanted), "feature-barrier", "0");
        assertThat(bench.frontendKey("feature-persistent")).isEqualTo(wanted ? "1" : "0");
        bench.guest().page(10).setMemory(0, 4096, (byte) 0x5e);
        final int first = roundTrip(back, 0);
        final int second = roundTrip(back, 1);
        assertThat(front.counters().grants()).isEqualTo(expected ? 1 : 2);
        assertThat(front.counters().persistentHits()).isEqualTo(expected ? 1 : 0);
        assertThat(front.counters().bytesCopied()).isEqualTo(expected ? 1024 : 0);
        assertThat(bench.guest().domain().vcpu().bytesCopied()).isEqualTo(expected ? 1024 : 0);
        assertThat(bench.guest().domain().grantTable().usedCount()).isEqualTo(expected ? 2 : 1);
        if (expected) {
            assertThat(second).isEqualTo(first);
        }
        assertThat(bench.guest().page(10).getByte(0)).isEqualTo((byte) 0x61);
        assertThat(bench.guest().page(10).getByte(512)).isEqualTo((byte) 0x5e);
        back.close();
        front.onClose();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    /** Reads one sector of what the backend puts there; tells by which grant. */
    private int roundTrip(final RawBackend back, final int index) {
        submit(
                new BlockRequest(1)
                        .reset(BlockOperation.READ, 0)
                        .addSegment(TestDomain.address(10), 512));
        final int reference = back.request(index).segment(0, new BlkSegment()).reference();
        back.mapAndKeep(index, 0, false).setMemory(0, 512, (byte) (0x60 + index));
        back.giveBack();
        back.answer(index, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        return reference;
    }

    /** Row 16 (XSA-403): a page of our own shows the sectors of a request, and what was there. */
    @Test
    void showsInPersistentPagesNothingBesideTheSectorsOfRequests() {
        bench.putBackendKey("feature-persistent", "1");
        final RawBackend back =
                connect(BlkfrontOptions.PLAIN.withPersistentGrants(true), "feature-barrier", "0");
        bench.guest().page(10).setMemory(0, 4096, (byte) 0x5e);
        submit(
                new BlockRequest(1)
                        .reset(BlockOperation.WRITE, 0)
                        .addSegment(TestDomain.address(10) + 1024, 512));
        final UnsafeBuffer seen = back.mapAndKeep(0, 0, false);
        for (int i = 0; i < 4096; i++) {
            assertThat(seen.getByte(i)).isEqualTo((byte) (i >= 1024 && i < 1536 ? 0x5e : 0));
        }
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended.getFirst().status()).isEqualTo(BlockStatus.OK); // Mapped, and rightly so.
        assertThat(front.keptPages()).isZero();

        front.onClose();
        assertThat(front.keptPages()).isEqualTo(2);
        front.resume();
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("1");
        back.close();
        bench.step(front);
        bench.step(front);
        assertThat(front.keptPages()).isZero();
        assertThat(bench.frontendKey("state")).isEqualTo("3");
    }

    private RawBackend connectIndirect(final String segments) {
        return connect(
                BlkfrontOptions.PLAIN.withIndirectSegments(4096).withPooledPages(4096),
                "feature-max-indirect-segments",
                segments);
    }

    private RawBackend connect(
            final BlkfrontOptions options, final String key, final @Nullable String value) {
        front = bench.newFrontend(Wakeups.ARMED, options);
        front.completionsTo(ended::add);
        bench.growGrantTable();
        atFirst = bench.resources();
        RawBackend.publishDisk(bench);
        bench.putBackendKey("sectors", "8192");
        bench.putBackendKey(key, value);
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

    private static BlockRequest read(final int segments) {
        final BlockRequest request = new BlockRequest(segments).reset(BlockOperation.READ, 3);
        for (int i = 0; i < segments; i++) {
            request.addSegment(TestDomain.address(1000 + i) + i % 7 * 512, 512);
        }
        return request;
    }
}
