package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockRequest;

/**
 * What one slot of a ring has in flight: a request, or a piece of it.
 *
 * <p>A request goes in pieces, one after the other in the same slot, if it names more memory than
 * the backend takes at once: it was made for another backend that took more, or is a barrier, whose
 * segments must stand in the slot. One object for each slot, filled anew for each request.
 *
 * <p>Threads: one.
 */
final class Piece {
    private static final BlockRequest NOTHING = new BlockRequest(0);

    /** Whose piece it is; means nothing while the slot is free. */
    BlockRequest request = NOTHING;

    /** Which request of the connection it is, in the order of their submission. */
    long order;

    /** First sector of the piece, in units of 512 bytes. */
    long sector;

    /** The first segment of the request that belongs to the piece. */
    int firstSegment;

    /** How many of its segments do. */
    int segmentCount;

    /** Where the chain of its pages begins, or {@link LentPages#NONE}. */
    int head = LentPages.NONE;

    /** Begins with a request: its first piece, of at most so many segments. */
    void begin(final BlockRequest newRequest, final long newOrder, final int maxSegments) {
        request = newRequest;
        order = newOrder;
        sector = newRequest.sector();
        firstSegment = 0;
        segmentCount = Math.min(newRequest.segmentCount(), maxSegments);
        head = LentPages.NONE;
    }

    /** Whether it is the last piece of its request. */
    boolean isLast() {
        return firstSegment + segmentCount == request.segmentCount();
    }

    /** Goes on to the next piece of the request. */
    void advance(final int maxSegments) {
        for (int i = firstSegment; i < firstSegment + segmentCount; i++) {
            sector += request.segmentBytes(i) / BlockRequest.SECTOR_BYTES;
        }
        firstSegment += segmentCount;
        segmentCount = Math.min(request.segmentCount() - firstSegment, maxSegments);
        head = LentPages.NONE;
    }

    /** Forgets the request. */
    void end() {
        request = NOTHING;
    }
}
