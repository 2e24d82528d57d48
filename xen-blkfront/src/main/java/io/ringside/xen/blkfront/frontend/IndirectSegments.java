package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The pages of segments that the indirect requests of one queue name.
 *
 * <p>Pages are made as they are needed, granted once, and used again last in, first out; there are
 * never more than all slots together can name. They hold nothing but grant references and sector
 * numbers of the backend's own requests, so that it may look at them for as long as the connection
 * lasts. Where pages are persistent it may map them for writing, as it does all others; we only
 * write them.
 *
 * <p>Threads: one. Source: {@code feature-max-indirect-segments}, xen/io/blkif.h.
 */
final class IndirectSegments {
    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;

    private final BlkfrontServices services;
    private final int backendDomain;
    private final boolean readOnly;
    private final int pagesPerRequest;

    private final int[] frames;
    private final int[] references;
    private final int[] free;
    private int freeCount;
    private int madeCount;
    private final int[] pages; // of each slot, pagesPerRequest in a row
    private final int[] pageCounts; // of each slot

    private final UnsafeBuffer page = new UnsafeBuffer(0, 0);
    private final BlkSegment segment = new BlkSegment();

    /**
     * No page yet.
     *
     * @param slotCount most requests in flight
     * @param maxSegments most segments of one request
     */
    IndirectSegments(
            final BlkfrontServices services,
            final int backendDomain,
            final boolean persistent,
            final int slotCount,
            final int maxSegments) {
        this.services = services;
        this.backendDomain = backendDomain;
        this.readOnly = !persistent;
        this.pagesPerRequest = BlkIndirectRequest.pageCount(maxSegments);
        final int capacity = slotCount * pagesPerRequest;
        this.frames = new int[capacity];
        this.references = new int[capacity];
        this.free = new int[capacity];
        this.pages = new int[capacity];
        this.pageCounts = new int[slotCount];
    }

    /**
     * Takes the pages that a request of so many segments needs.
     *
     * @return false if the grant table or the guest's memory is full: nothing is taken
     */
    boolean take(final int slot, final int segmentCount) {
        final int pageCount = BlkIndirectRequest.pageCount(segmentCount);
        pageCounts[slot] = 0;
        while (pageCounts[slot] < pageCount) {
            if (freeCount == 0 && !makePage()) {
                giveBack(slot);
                return false;
            }
            pages[slot * pagesPerRequest + pageCounts[slot]++] = free[--freeCount];
        }
        return true;
    }

    private boolean makePage() {
        final int frame = services.takeFrame();
        if (frame == BlkfrontServices.NO_FRAME) {
            return false;
        }
        services.memory().wrap(page, address(frame), GuestMemory.PAGE_BYTES);
        page.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        final int reference = services.grants().grantAccess(backendDomain, frame, readOnly);
        if (reference == GrantTable.NO_REFERENCE) {
            services.frames().free(frame);
            return false;
        }
        services.counters().grants++;
        frames[madeCount] = frame;
        references[madeCount] = reference;
        free[freeCount++] = madeCount++;
        return true;
    }

    /** Writes the segments of a request into its pages, and names the pages in the request. */
    void fill(
            final int slot,
            final BlkIndirectRequest wire,
            final BlockRequest request,
            final int firstSegment,
            final LentPages lent,
            final int head) {
        int at = firstSegment;
        int place = head;
        for (int i = 0; i < pageCounts[slot]; i++) {
            final int number = pages[slot * pagesPerRequest + i];
            wire.putPage(i, references[number]);
            services.memory().wrap(page, address(frames[number]), GuestMemory.PAGE_BYTES);
            for (int offset = 0;
                    offset < GuestMemory.PAGE_BYTES && place != LentPages.NONE;
                    offset += BlkSegment.BYTES) {
                put(segment.wrap(page, offset), request, at++, lent.reference(place));
                place = lent.next(place);
            }
        }
    }

    /** Writes one segment, wherever it stands. */
    static void put(
            final BlkSegment segment,
            final BlockRequest request,
            final int index,
            final int reference) {
        final int offset = (int) request.segmentAddress(index) & PAGE_MASK;
        final int end = offset + request.segmentBytes(index);
        segment.put(reference, offset / BlkSegment.SECTOR_BYTES, end / BlkSegment.SECTOR_BYTES - 1);
    }

    /** Takes the pages of a request back, if it has any. */
    void giveBack(final int slot) {
        while (pageCounts[slot] > 0) {
            free[freeCount++] = pages[slot * pagesPerRequest + --pageCounts[slot]];
        }
    }

    /** Takes every page back from the backend; one that it has mapped goes to its quarantine. */
    void close(final GrantQuarantine quarantine) {
        while (madeCount > 0) {
            madeCount--;
            quarantine.release(references[madeCount], frames[madeCount]);
        }
    }

    private static long address(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }
}
