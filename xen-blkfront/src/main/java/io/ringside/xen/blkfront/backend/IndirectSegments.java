package io.ringside.xen.blkfront.backend;

import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import org.jspecify.annotations.Nullable;

/**
 * Requests whose segments stand in pages of their own, {@code BLKIF_OP_INDIRECT}: a few places that
 * are large enough for them, and how the segments come there.
 *
 * <p>A place can have 4096 segments, so there are not as many as slots: all of one ring together
 * have room for {@value #MOST_SEGMENTS} segments, and a request that finds none waits. A place is
 * made when it is first needed, since most rings never need one.
 *
 * <p>The pages are mapped for as long as it takes to copy the segments out, once; only the copy is
 * looked at. Source: {@code struct blkif_request_indirect}, xen/io/blkif.h. Threads: one.
 */
final class IndirectSegments {
    private static final int MOST_SEGMENTS = 1 << 14;

    private final BlkAbi abi;
    private final int segmentsOfOne;
    private final int firstIndex;
    private final int firstTag;
    private final BlkbackCounters counters;
    private final @Nullable TakenRequest[] made;
    private final int[] free;
    private int freeCount;

    /**
     * Places of one ring.
     *
     * @param segmentsOfOne most segments of one request; 0 if there are no such requests
     * @param slotCount how many slots the ring has, and so places at most
     * @param firstIndex index of the first place among the ring's requests
     * @param firstTag what the store calls it
     */
    IndirectSegments(
            final BlkAbi abi,
            final int segmentsOfOne,
            final int slotCount,
            final int firstIndex,
            final int firstTag,
            final BlkbackCounters counters) {
        this.abi = abi;
        this.segmentsOfOne = segmentsOfOne;
        this.firstIndex = firstIndex;
        this.firstTag = firstTag;
        this.counters = counters;
        final int count =
                segmentsOfOne == 0 ? 0 : Math.min(slotCount, MOST_SEGMENTS / segmentsOfOne);
        made = new TakenRequest[count];
        free = new int[count];
        for (int place = 0; place < count; place++) {
            free[place] = count - 1 - place;
        }
        freeCount = count;
    }

    /** How many places there are. */
    int count() {
        return free.length;
    }

    /** How many places are taken. */
    int inFlight() {
        return free.length - freeCount;
    }

    /** Takes a place for a request, with a copy of it; null if every place is taken. */
    @Nullable TakenRequest take(final TakenRequest small) {
        if (freeCount == 0) {
            return null;
        }
        final int place = free[--freeCount];
        TakenRequest request = made[place];
        if (request == null) {
            request = new TakenRequest(abi, firstIndex + place, firstTag + place, segmentsOfOne);
            made[place] = request;
        }
        request.copy.putBytes(0, small.copy, 0, small.copy.capacity());
        return request;
    }

    /** Gives a place back. */
    void release(final TakenRequest request) {
        free[freeCount++] = request.index() - firstIndex;
    }

    /** The request that has this index. */
    TakenRequest at(final int index) {
        final TakenRequest request = made[index - firstIndex];
        if (request == null) {
            throw new IllegalStateException("no such request: index=" + index);
        }
        return request;
    }

    /** Asks for the pages that the segments stand in. */
    void want(final TakenRequest request, final FrontendPages pages) {
        final int pageCount = BlkIndirectRequest.pageCount(request.indirect.segmentCount());
        request.segmentPages.reset(true);
        for (int i = 0; i < pageCount; i++) {
            request.segmentPages.add(request.indirect.page(i));
        }
        pages.want(request.segmentPages);
    }

    /**
     * Copies the segments out of their pages, which are not used any more after that.
     *
     * @return whether they could be mapped
     */
    boolean read(final TakenRequest request, final FrontendPages pages) {
        final boolean found = pages.find(request.segmentPages);
        if (found) {
            int left = request.indirect.segmentCount() * BlkSegment.BYTES;
            int at = 0;
            for (int i = 0; i < request.segmentPages.count(); i++) {
                final int count =
                        Math.min(left, BlkIndirectRequest.SEGMENTS_PER_PAGE * BlkSegment.BYTES);
                request.segments.putBytes(at, pages.page(request.segmentPages, i), 0, count);
                at += count;
                left -= count;
            }
            counters.indirectRequests++;
            counters.bytesCopied += at;
        }
        pages.release(request.segmentPages);
        return found;
    }
}
