package io.ringside.xen.blkfront.backend;

import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may be done at all: looks at nothing but a private copy of it.
 *
 * <p>An indirect request is checked twice: before its segments are read, and then with them. What
 * is left for later is only whether grant references can be mapped. Threads: one.
 */
final class RequestCheck {
    private final BlkSegment segment = new BlkSegment();
    private final int handle;
    private final VirtualDisk disk;

    /**
     * A check for one disk.
     *
     * @param handle the disk's own handle, 0 to 65535
     * @param disk what it can do, and how large it is
     */
    RequestCheck(final int handle, final VirtualDisk disk) {
        this.handle = handle;
        this.disk = disk;
    }

    /** Why the request is refused, or null if it is sound as far as it stands in its slot. */
    @Nullable BlkbackRefusal refusal(final TakenRequest request) {
        return switch (request.wire.operation()) {
            case BlkOperation.READ -> directRefusal(request);
            case BlkOperation.WRITE ->
                    disk.isReadOnly() ? BlkbackRefusal.READ_ONLY : directRefusal(request);
            case BlkOperation.WRITE_BARRIER -> barrierRefusal(request);
            case BlkOperation.FLUSH_DISKCACHE -> flushRefusal(request);
            case BlkOperation.DISCARD -> discardRefusal(request.discard);
            case BlkOperation.INDIRECT -> indirectRefusal(request.indirect);
            default -> BlkbackRefusal.OPERATION;
        };
    }

    private @Nullable BlkbackRefusal directRefusal(final TakenRequest request) {
        if (request.wire.handle() != handle) {
            return BlkbackRefusal.HANDLE;
        }
        final int segmentCount = request.wire.segmentCount();
        return segmentCount == 0 || segmentCount > BlkRequest.MAX_SEGMENTS
                ? BlkbackRefusal.SEGMENT_COUNT
                : segmentsRefusal(request);
    }

    /** Why the segments are refused, once they are all there: there is at least one. */
    @Nullable BlkbackRefusal segmentsRefusal(final TakenRequest request) {
        final int blockMask = disk.blockSectors() - 1;
        final int segmentCount = request.segmentCount();
        int sectors = 0;
        int edges = 0;
        for (int i = 0; i < segmentCount; i++) {
            request.segment(i, segment);
            final int first = segment.firstSector();
            final int last = segment.lastSector();
            if (last > BlkSegment.LAST_SECTOR_OF_PAGE || first > last) {
                return BlkbackRefusal.SEGMENT_SECTORS;
            }
            edges |= first | last + 1;
            sectors += last - first + 1;
        }
        final long start = request.wire.sector();
        if (leavesDisk(start, sectors)) {
            return BlkbackRefusal.RANGE;
        }
        return ((start | edges) & blockMask) == 0 ? null : BlkbackRefusal.ALIGNMENT;
    }

    /** Both are unsigned: what looks negative lies behind any disk. */
    private boolean leavesDisk(final long start, final long count) {
        final long size = disk.sectors();
        return start < 0 || start > size || count < 0 || count > size - start;
    }

    private @Nullable BlkbackRefusal barrierRefusal(final TakenRequest request) {
        return disk.offersBarriers() ? orderedRefusal(request) : BlkbackRefusal.OPERATION;
    }

    /** Without data it only waits and flushes, which a disk that is read-only bears. */
    private @Nullable BlkbackRefusal orderedRefusal(final TakenRequest request) {
        if (request.wire.segmentCount() == 0) {
            return handleRefusal(request.wire);
        }
        return disk.isReadOnly() ? BlkbackRefusal.READ_ONLY : directRefusal(request);
    }

    private @Nullable BlkbackRefusal flushRefusal(final TakenRequest request) {
        return disk.offersFlushes() ? orderedRefusal(request) : BlkbackRefusal.OPERATION;
    }

    private @Nullable BlkbackRefusal handleRefusal(final BlkRequest wire) {
        return wire.handle() == handle ? null : BlkbackRefusal.HANDLE;
    }

    /** The handle is not looked at, since Linux's frontend does not write it here. */
    private @Nullable BlkbackRefusal discardRefusal(final BlkDiscardRequest discard) {
        final boolean secure = (discard.flags() & BlkDiscardRequest.SECURE) != 0;
        if (secure ? !disk.offersSecureDiscards() : !disk.offersDiscards()) {
            return BlkbackRefusal.OPERATION;
        }
        final long start = discard.sector();
        final long count = discard.sectorCount();
        if (leavesDisk(start, count)) {
            return BlkbackRefusal.RANGE;
        }
        return ((start | count) & (disk.blockSectors() - 1)) == 0 ? null : BlkbackRefusal.ALIGNMENT;
    }

    private @Nullable BlkbackRefusal indirectRefusal(final BlkIndirectRequest indirect) {
        if (disk.indirectSegments() == 0) {
            return BlkbackRefusal.OPERATION;
        }
        if (indirect.handle() != handle) {
            return BlkbackRefusal.HANDLE;
        }
        final int segmentCount = indirect.segmentCount();
        if (segmentCount == 0 || segmentCount > disk.indirectSegments()) {
            return BlkbackRefusal.SEGMENT_COUNT;
        }
        return switch (indirect.innerOperation()) {
            case BlkOperation.READ -> null;
            case BlkOperation.WRITE -> disk.isReadOnly() ? BlkbackRefusal.READ_ONLY : null;
            default -> BlkbackRefusal.INNER_OPERATION;
        };
    }
}
