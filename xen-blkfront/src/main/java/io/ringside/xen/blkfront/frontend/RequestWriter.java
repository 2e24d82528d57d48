package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes requests into slots of a ring, in each of the three shapes that they have.
 *
 * <p>Threads: one.
 */
final class RequestWriter {
    private final int handle;
    private final BlkRequest direct;
    private final BlkIndirectRequest indirect;
    private final BlkDiscardRequest discard;
    private final BlkSegment segment = new BlkSegment();

    /** A writer for the disk with this handle. */
    RequestWriter(final BlkAbi abi, final int handle) {
        this.handle = handle;
        this.direct = new BlkRequest(abi);
        this.indirect = new BlkIndirectRequest(abi);
        this.discard = new BlkDiscardRequest(abi);
    }

    /** A request whose segments, 11 at most and perhaps none, stand in the slot itself. */
    void putDirect(
            final UnsafeBuffer ring,
            final int offset,
            final int operation,
            final int id,
            final Piece piece,
            final LentPages lent) {
        direct.wrap(ring, offset).put(operation, piece.segmentCount, handle, id, piece.sector);
        int place = piece.head;
        for (int i = 0; i < piece.segmentCount; i++) {
            IndirectSegments.put(
                    direct.segment(i, segment),
                    piece.request,
                    piece.firstSegment + i,
                    lent.reference(place));
            place = lent.next(place);
        }
    }

    /** A request whose segments stand in pages that it has taken. */
    void putIndirect(
            final UnsafeBuffer ring,
            final int offset,
            final int innerOperation,
            final int id,
            final Piece piece,
            final LentPages lent,
            final IndirectSegments pages) {
        indirect.wrap(ring, offset)
                .put(innerOperation, piece.segmentCount, handle, id, piece.sector);
        pages.fill(id, indirect, piece.request, piece.firstSegment, lent, piece.head);
    }

    /** A request that gives sectors up. */
    void putDiscard(
            final UnsafeBuffer ring, final int offset, final int id, final BlockRequest request) {
        final int flags =
                request.operation() == BlockOperation.SECURE_DISCARD ? BlkDiscardRequest.SECURE : 0;
        discard.wrap(ring, offset).put(flags, handle, id, request.sector(), request.sectorCount());
    }
}
