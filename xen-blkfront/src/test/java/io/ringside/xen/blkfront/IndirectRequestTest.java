package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.Crossing;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend and requests whose segments stand in pages of their own. */
final class IndirectRequestTest {
    private static final int MOST = BlkIndirectRequest.MAX_SEGMENTS;
    private static final int DISK_SECTORS = MOST * 8;
    private static final int PER_PAGE = BlkIndirectRequest.SEGMENTS_PER_PAGE;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final RecordingStore store = new RecordingStore(disk);
    private final TestBench bench = new TestBench();
    private final BlkSegment segment = new BlkSegment();
    private final int segmentFrames = bench.guest().frames().allocate(8);
    private Blkback back =
            bench.newBackend(store, Wakeups.ARMED, BlkbackOptions.FULL.withIndirectSegments(MOST));

    @AfterEach
    void close() {
        bench.close();
        store.close();
    }

    /** Lays a segment where an indirect request finds it. */
    private void putSegment(final int index, final int reference, final int first, final int last) {
        segment.wrap(
                        bench.guest().page(segmentFrames + index / PER_PAGE),
                        index % PER_PAGE * BlkSegment.BYTES)
                .put(reference, first, last);
    }

    private void putSegments(
            final int count, final int reference, final int first, final int last) {
        for (int i = 0; i < count; i++) {
            putSegment(i, reference, first, last);
        }
    }

    private static void name(
            final BlkIndirectRequest request, final RawFrontend front, final int frame) {
        for (int i = 0; i < BlkIndirectRequest.pageCount(request.segmentCount()); i++) {
            request.putPage(i, front.grantFrame(frame + i, true));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x86_64-abi,1",
        "x86_64-abi,12",
        "x86_64-abi,512",
        "x86_64-abi,513",
        "x86_64-abi,4096",
        "x86_32-abi,12",
        "x86_32-abi,4096"
    })
    void movesAsManySegmentsAsEightPagesHold(final String protocol, final int count) {
        final BlkAbi abi = "x86_32-abi".equals(protocol) ? BlkAbi.X86_32 : BlkAbi.X86_64;
        final RawFrontend front = RawFrontend.connect(bench, back, abi);
        assertThat(bench.backendKey("feature-max-indirect-segments")).isEqualTo("4096");
        final int page = front.grant(true);
        for (int i = 0; i < 8; i++) {
            front.data().setMemory(i * 512, 512, (byte) (i + 1));
        }
        for (int i = 0; i < count; i++) {
            putSegment(i, page, i % 8, i % 8);
        }
        name(front.putIndirect(BlkOperation.WRITE, count, 1, 7), front, segmentFrames);
        front.push();
        settle();

        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
        assertThat(front.response(0).operation()).isEqualTo(BlkOperation.WRITE);
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[count * 512]);
        disk.read(7 * 512, onDisk, 0, onDisk.capacity());
        for (int i = 0; i < count; i++) {
            assertThat(onDisk.getByte(i * 512 + 511))
                    .as("segment=%d", i)
                    .isEqualTo((byte) (i % 8 + 1));
        }
        assertThat(back.counters().indirectRequests()).isEqualTo(1);
        assertThat(back.counters().bytesCopied()).isEqualTo(count * 8L);
        assertThat(back.counters().bytesWritten()).isEqualTo(count * 512L);
        assertThat(bench.host().domain().grantMapper().mappedCount()).isEqualTo(1);
    }

    @Test
    void mapsTheSegmentsOfAPassInOneHypercallAndItsDataInAnother() {
        final RawFrontend front = connect();
        final int page = front.grant(false);
        putSegments(20, page, 0, 7);
        for (int i = 0; i < 3; i++) {
            name(front.putIndirect(BlkOperation.READ, 20, i, 0), front, segmentFrames);
        }
        final long before = bench.host().count(Crossing.HYPERCALL);
        front.push();
        settle();
        assertThat(front.responseProducer()).isEqualTo(3);
        assertThat(bench.host().count(Crossing.HYPERCALL) - before)
                .isEqualTo(2 + 1 + 1); // Two to map, one to unmap, one to wake.
        assertThat(back.counters().grantsMapped()).isEqualTo(3 * 21);
        assertThat(back.counters().grantsUnmapped()).isEqualTo(3 * 21);
    }

    @ParameterizedTest
    @CsvSource({"0", "257", "4096", "4097", "65535"})
    void refusesCountsThatWereNotOffered(final int count) {
        back = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = connect();
        assertThat(bench.backendKey("feature-max-indirect-segments")).isEqualTo("256");
        putSegments(PER_PAGE, front.grant(false), 0, 0);
        final BlkIndirectRequest request = front.putIndirect(BlkOperation.READ, count, 1, 0);
        for (int i = 0; i < 8; i++) {
            request.putPage(i, front.grantFrame(segmentFrames + i, true));
        }
        assertRefused(front, BlkbackRefusal.SEGMENT_COUNT, BlkStatus.ERROR);
        assertThat(back.counters().grantsMapped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 77, 255})
    void doesNothingButReadAndWrite(final int innerOperation) {
        final RawFrontend front = connect();
        putSegments(1, front.grant(false), 0, 0);
        name(front.putIndirect(innerOperation, 1, 1, 0), front, segmentFrames);
        assertRefused(front, BlkbackRefusal.INNER_OPERATION, BlkStatus.ERROR);
        assertThat(front.response(0).operation()).isEqualTo(innerOperation);
    }

    @Test
    void doesNoneThatWasNotOffered() {
        back = bench.newBackend(store, Wakeups.ARMED, BlkbackOptions.FULL.withIndirectSegments(0));
        final RawFrontend front = connect();
        assertThat(bench.backendKey("feature-max-indirect-segments")).isEqualTo("0");
        putSegments(1, front.grant(false), 0, 0);
        name(front.putIndirect(BlkOperation.READ, 1, 1, 0), front, segmentFrames);
        assertRefused(front, BlkbackRefusal.OPERATION, BlkStatus.EOPNOTSUPP);
    }

    @Test
    void writesNothingToAReadOnlyDisk() {
        bench.putBackendKey("mode", "r");
        final RawFrontend front = connect();
        putSegments(1, front.grant(false), 0, 0);
        name(front.putIndirect(BlkOperation.WRITE, 1, 1, 0), front, segmentFrames);
        assertRefused(front, BlkbackRefusal.READ_ONLY, BlkStatus.ERROR);
    }

    @ParameterizedTest
    @CsvSource({"0,8", "5,4", "255,255", "7,0", "8,8"})
    void checksEverySegmentOfEveryPage(final int first, final int last) {
        final RawFrontend front = connect();
        final int page = front.grant(false);
        int answered = 0;
        for (final int place : new int[] {0, 1, 511, 512, 1023, 1024, 4095}) {
            putSegments(MOST, page, 0, 0);
            putSegment(place, page, first, last);
            name(front.putIndirect(BlkOperation.READ, MOST, 1, 0), front, segmentFrames);
            front.push();
            settle();
            assertThat(front.response(answered++).status())
                    .as("place=%d", place)
                    .isEqualTo(BlkStatus.ERROR);
        }
        assertThat(back.counters().refusals(BlkbackRefusal.SEGMENT_SECTORS)).isEqualTo(7);
        assertThat(store.asked()).isEmpty();
        front.assertServes(back, disk, answered);
    }

    @Test
    void keepsTheWholeRangeWithinTheDisk() {
        final RawFrontend front = connect();
        putSegments(PER_PAGE, front.grant(false), 0, 7);
        final int sectors = PER_PAGE * 8;
        final long[] starts = {
            DISK_SECTORS - sectors + 1, DISK_SECTORS, -1, -sectors, Long.MIN_VALUE, 1L << 55
        };
        for (final long start : starts) {
            name(front.putIndirect(BlkOperation.READ, PER_PAGE, 1, start), front, segmentFrames);
        }
        name(
                front.putIndirect(BlkOperation.READ, PER_PAGE, 1, DISK_SECTORS - sectors),
                front,
                segmentFrames);
        front.push();
        settle();
        for (int i = 0; i < starts.length; i++) {
            assertThat(front.response(i).status()).isEqualTo(BlkStatus.ERROR);
        }
        assertThat(front.response(starts.length).status()).isEqualTo(BlkStatus.OKAY);
        assertThat(back.counters().refusals(BlkbackRefusal.RANGE)).isEqualTo(starts.length);
    }

    /** Row 10 (XSA-365): a page of segments, or of data, that cannot be mapped, at any place. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mapsAllPagesOrNone(final boolean persistent) {
        bench.putFrontendKey("feature-persistent", persistent ? "1" : "0");
        final RawFrontend front = connect();
        final int page = front.grant(false);
        int answered = 0;
        for (int place = 0; place < 8; place++) {
            putSegments(MOST, page, 0, 0);
            final BlkIndirectRequest request =
                    front.putIndirect(BlkOperation.READ, MOST, answered, 0);
            for (int i = 0; i < 8; i++) {
                request.putPage(i, i == place ? 9999 : front.grantFrame(segmentFrames + i, true));
            }
            front.push();
            settle();
            assertThat(front.response(answered++).status()).isEqualTo(BlkStatus.ERROR);
        }
        for (final int place : new int[] {0, 1, 511, 512, 4095}) {
            putSegments(MOST, page, 0, 0);
            putSegment(place, -1, 0, 0);
            name(front.putIndirect(BlkOperation.READ, MOST, answered, 0), front, segmentFrames);
            front.push();
            settle();
            assertThat(front.response(answered++).status()).isEqualTo(BlkStatus.ERROR);
        }
        assertThat(back.counters().refusals(BlkbackRefusal.PAGE)).isEqualTo(answered);
        assertThat(store.asked()).isEmpty();
        if (!persistent) {
            assertThat(bench.host().domain().grantMapper().mappedCount()).isEqualTo(1);
        }
        front.assertServes(back, disk, answered);
        bench.putFrontendKey("state", "6");
        bench.step(back);
        bench.step(back);
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
    }

    /** Row 1 (XSA-155): what stood in the pages when they were read is what is done. */
    @Test
    void readsSegmentsOnce() {
        final SlotSpoiler spoiler = new SlotSpoiler(bench.host().domain().grantMapper(), store);
        back =
                bench.newBackend(
                        spoiler,
                        Wakeups.ARMED,
                        spoiler,
                        BlkbackOptions.FULL.withIndirectSegments(MOST));
        final RawFrontend front = connect();
        spoiler.ring(front.ring);
        front.data().setMemory(0, 4096, (byte) 0x66);
        putSegments(600, front.grant(true), 1, 2);
        name(front.putIndirect(BlkOperation.WRITE, 600, 3, 1), front, segmentFrames);
        // Spoiled when the data's pages are mapped: by then the segments have been read.
        spoiler.spoilAtMap(2, bench.guest().view(TestDomain.address(segmentFrames), 8 * 4096));
        front.push();
        settle();
        assertThat(front.response(0).id()).isEqualTo(3);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
        assertThat(store.asked()).containsExactly("WRITE 1+1200");
        assertThat(bench.guest().page(segmentFrames).getLong(0)).isEqualTo(-1L);
    }

    /** A few are done at a time, whatever their size: the rest waits, and nothing spins. */
    @Test
    void takesNoMoreThanItHasPlacesForAndAnswersAll() {
        final RawFrontend front = connect();
        settle();
        putSegments(MOST, front.grant(false), 0, 0);
        store.finish(0);
        for (int i = 0; i < 32; i++) {
            name(front.putIndirect(BlkOperation.READ, MOST, i, 0), front, segmentFrames);
        }
        front.push();
        settle();
        final int places = store.asked().size();
        assertThat(places).isBetween(1, 16);
        assertThat(back.counters().requests()).isEqualTo(places + 1);
        for (int i = 0; i < 32; i++) {
            store.finish(1);
            settle();
            assertThat(front.responseProducer()).isEqualTo(i + 1);
            assertThat(front.response(i).id()).isEqualTo(i);
            assertThat(front.response(i).status()).isEqualTo(BlkStatus.OKAY);
        }
    }

    /** Rows 2 and 12: a frontend may leave while some wait. */
    @Test
    void endsInOrderWhileRequestsWait() {
        final RawFrontend front = connect();
        putSegments(MOST, front.grant(false), 0, 0);
        store.finish(0);
        for (int i = 0; i < 32; i++) {
            name(front.putIndirect(BlkOperation.READ, MOST, i, 0), front, segmentFrames);
        }
        front.push();
        settle();
        bench.putFrontendKey("state", "5");
        settle();
        assertThat(back.isClosed()).isFalse();
        store.finish(Integer.MAX_VALUE);
        settle();
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
    }

    private void assertRefused(
            final RawFrontend front, final BlkbackRefusal reason, final int status) {
        front.push();
        settle();
        assertThat(front.responseProducer()).isEqualTo(1);
        assertThat(front.response(0).status()).isEqualTo(status);
        assertThat(back.counters().refusals(reason)).isEqualTo(1);
        assertThat(back.counters().refusals()).isEqualTo(1);
        assertThat(store.asked()).isEmpty();
    }

    private RawFrontend connect() {
        return RawFrontend.connect(bench, back, BlkAbi.X86_64);
    }

    private void settle() {
        for (int i = 0; i < 1000; i++) {
            if (bench.step(back) == 0) {
                return;
            }
        }
        throw new AssertionError("never at rest");
    }
}
