package io.ringside.xen.blkfront.backend;

import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may be done at all: looks at nothing but a private copy of it.
 *
 * <p>What is left for later is only whether its grant references can be mapped. Threads: one.
 */
final class RequestCheck {
    private final BlkSegment segment = new BlkSegment();
    private final int handle;
    private final long diskSectors;
    private final boolean readOnly;

    /**
     * A check for one disk.
     *
     * @param handle the disk's own handle, 0 to 65535
     * @param diskSectors size of the disk in units of 512 bytes
     * @param readOnly whether writes are refused
     */
    RequestCheck(final int handle, final long diskSectors, final boolean readOnly) {
        this.handle = handle;
        this.diskSectors = diskSectors;
        this.readOnly = readOnly;
    }

    /** Why the request is refused, or null if it is sound. */
    @Nullable BlkbackRefusal refusal(final BlkRequest copy) {
        return switch (copy.operation()) {
            case BlkOperation.READ -> transferRefusal(copy);
            case BlkOperation.WRITE -> readOnly ? BlkbackRefusal.READ_ONLY : transferRefusal(copy);
            case BlkOperation.FLUSH_DISKCACHE -> flushRefusal(copy);
            default -> BlkbackRefusal.OPERATION;
        };
    }

    private @Nullable BlkbackRefusal transferRefusal(final BlkRequest copy) {
        if (copy.handle() != handle) {
            return BlkbackRefusal.HANDLE;
        }
        final int segmentCount = copy.segmentCount();
        if (segmentCount == 0 || segmentCount > BlkRequest.MAX_SEGMENTS) {
            return BlkbackRefusal.SEGMENT_COUNT;
        }
        int sectors = 0;
        for (int i = 0; i < segmentCount; i++) {
            copy.segment(i, segment);
            final int first = segment.firstSector();
            final int last = segment.lastSector();
            if (last > BlkSegment.LAST_SECTOR_OF_PAGE || first > last) {
                return BlkbackRefusal.SEGMENT_SECTORS;
            }
            sectors += last - first + 1;
        }
        final long start = copy.sector(); // Unsigned: what looks negative lies behind any disk.
        return start < 0 || start > diskSectors || diskSectors - start < sectors
                ? BlkbackRefusal.RANGE
                : null;
    }

    /** A flush with data may be meant as a write before the flush, which is not offered. */
    private @Nullable BlkbackRefusal flushRefusal(final BlkRequest copy) {
        if (copy.handle() != handle) {
            return BlkbackRefusal.HANDLE;
        }
        return copy.segmentCount() == 0 ? null : BlkbackRefusal.SEGMENT_COUNT;
    }
}
