package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockLimits;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xenbus.device.XenbusDevice;
import org.jspecify.annotations.Nullable;

/** What a backend has published about its disk, once it is connected. */
final class DiskKeys {
    /** As many as have all their bytes counted in a long. */
    private static final long MAX_SECTORS = Long.MAX_VALUE / BlkSegment.SECTOR_BYTES;

    private static final long MAX_INFO = 0xffff_ffffL;
    private static final int LARGE_BLOCK_BYTES = 4096;

    private DiskKeys() {}

    /**
     * Reads the disk's limits.
     *
     * @param queueDepth how many requests the ring holds
     * @return null if a key makes no sense; only {@code sectors} must be there
     */
    static @Nullable BlockLimits read(final XenbusDevice device, final int queueDepth) {
        final long sectors = device.readNumber(BlkKeys.SECTORS, XenbusDevice.REFUSED, MAX_SECTORS);
        final int blockBytes =
                device.readInt(BlkKeys.SECTOR_SIZE, BlkSegment.SECTOR_BYTES, LARGE_BLOCK_BYTES);
        final long info = device.readNumber(BlkKeys.INFO, 0, MAX_INFO);
        final int flush = device.readInt(BlkKeys.FEATURE_FLUSH_CACHE, 0, 1);
        if (sectors == XenbusDevice.REFUSED
                || (blockBytes != BlkSegment.SECTOR_BYTES && blockBytes != LARGE_BLOCK_BYTES)
                || info == XenbusDevice.REFUSED
                || flush == XenbusDevice.REFUSED) {
            return null;
        }
        return new BlockLimits(
                sectors,
                blockBytes,
                BlkRequest.MAX_SEGMENTS * GuestMemory.PAGE_BYTES,
                BlkRequest.MAX_SEGMENTS,
                queueDepth,
                (info & BlkKeys.INFO_READ_ONLY) != 0,
                flush == 1);
    }
}
