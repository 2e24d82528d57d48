package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.DiscardLimits;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xenbus.device.XenbusDevice;
import org.jspecify.annotations.Nullable;

/**
 * What a backend has published about its disk, once it is connected, as far as we make use of it.
 *
 * <p>What the disk is, and what keeps its data safe, must make sense: if not, there is no
 * connection. Anything else that makes no sense is refused and counted, and means the same as if it
 * were not there.
 *
 * @param limits what the users of the disk are told
 * @param persistent whether both ends use pages again and again
 * @param flushOperation what a flush is on the wire
 */
record DiskKeys(BlockLimits limits, boolean persistent, int flushOperation) {
    /** As many as have all their bytes counted in a long. */
    private static final long MAX_SECTORS = Long.MAX_VALUE / BlkSegment.SECTOR_BYTES;

    private static final long MAX_INFO = 0xffff_ffffL;
    private static final int MAX_PHYSICAL_BLOCK_BYTES = 1 << 24;

    /**
     * Reads all of it.
     *
     * @param slotCount how many requests the rings hold
     * @return null if the disk makes no sense; only {@code sectors} must be there
     */
    static @Nullable DiskKeys read(
            final XenbusDevice device, final BlkfrontServices services, final int slotCount) {
        final long sectors = device.readNumber(BlkKeys.SECTORS, XenbusDevice.REFUSED, MAX_SECTORS);
        final int blockBytes =
                device.readInt(
                        BlkKeys.SECTOR_SIZE, BlkSegment.SECTOR_BYTES, GuestMemory.PAGE_BYTES);
        final long info = device.readNumber(BlkKeys.INFO, 0, MAX_INFO);
        final int flush = device.readInt(BlkKeys.FEATURE_FLUSH_CACHE, 0, 1);
        final int barrier = device.readInt(BlkKeys.FEATURE_BARRIER, 0, 1);
        if (sectors == XenbusDevice.REFUSED
                || blockBytes < BlkSegment.SECTOR_BYTES
                || Integer.bitCount(blockBytes) != 1
                || info == XenbusDevice.REFUSED
                || flush == XenbusDevice.REFUSED
                || barrier == XenbusDevice.REFUSED) {
            return null;
        }
        final BlkfrontOptions options = services.options();
        final boolean flushes = flush == 1 && options.flushes();
        final boolean readOnly = (info & BlkKeys.INFO_READ_ONLY) != 0;
        final boolean barriers = barrier == 1 && options.barriers() && !readOnly; // It is a write.
        final int physicalBytes = physicalBlockBytes(device, services, blockBytes);
        final int maxSegments = maxSegments(device, services);
        final BlockLimits limits =
                new BlockLimits(
                        sectors,
                        blockBytes,
                        physicalBytes,
                        maxSegments * GuestMemory.PAGE_BYTES,
                        maxSegments,
                        slotCount,
                        readOnly,
                        flushes || barriers && options.flushes(),
                        barriers,
                        options.discards()
                                ? discard(device, services, blockBytes, physicalBytes)
                                : DiscardLimits.NONE,
                        (info & BlkKeys.INFO_REMOVABLE) != 0,
                        (info & BlkKeys.INFO_CDROM) != 0);
        return new DiskKeys(
                limits,
                options.persistentGrants() && isOn(device, services, BlkKeys.FEATURE_PERSISTENT),
                flushes ? BlkOperation.FLUSH_DISKCACHE : BlkOperation.WRITE_BARRIER);
    }

    /** A feature that we can do without. */
    private static boolean isOn(
            final XenbusDevice device, final BlkfrontServices services, final String key) {
        final int value = device.readInt(key, 0, 1);
        if (value == XenbusDevice.REFUSED) {
            services.counters().refused(BlkfrontRefusal.OFFER);
        }
        return value == 1;
    }

    private static int physicalBlockBytes(
            final XenbusDevice device, final BlkfrontServices services, final int blockBytes) {
        final int bytes =
                RingKeys.offer(device, BlkKeys.PHYSICAL_SECTOR_SIZE, blockBytes, services);
        if (bytes < blockBytes
                || bytes > MAX_PHYSICAL_BLOCK_BYTES
                || Integer.bitCount(bytes) != 1) {
            services.counters().refused(BlkfrontRefusal.OFFER);
            return blockBytes;
        }
        return bytes;
    }

    /** Indirect requests are of no use for as few segments as stand in a slot. */
    private static int maxSegments(final XenbusDevice device, final BlkfrontServices services) {
        final BlkfrontOptions options = services.options();
        final int offered = RingKeys.offer(device, BlkKeys.MAX_INDIRECT_SEGMENTS, 0, services);
        final int wanted = Math.min(options.indirectSegments(), options.pooledPages());
        return Math.max(
                BlkRequest.MAX_SEGMENTS,
                Math.min(Math.min(offered, wanted), BlkIndirectRequest.MAX_SEGMENTS));
    }

    private static DiscardLimits discard(
            final XenbusDevice device,
            final BlkfrontServices services,
            final int blockBytes,
            final int physicalBytes) {
        if (!isOn(device, services, BlkKeys.FEATURE_DISCARD)) {
            return DiscardLimits.NONE;
        }
        final int told = RingKeys.offer(device, BlkKeys.DISCARD_GRANULARITY, 0, services);
        final int granularity = told == 0 ? physicalBytes : told;
        final int alignment = RingKeys.offer(device, BlkKeys.DISCARD_ALIGNMENT, 0, services);
        if (granularity % blockBytes != 0
                || alignment >= granularity
                || alignment % BlkSegment.SECTOR_BYTES != 0) {
            services.counters().refused(BlkfrontRefusal.OFFER);
            return DiscardLimits.NONE;
        }
        return new DiscardLimits(
                true, granularity, alignment, isOn(device, services, BlkKeys.DISCARD_SECURE));
    }

    /** The limits of a disk whose backend has told its size once more, or what they were. */
    static BlockLimits resized(
            final XenbusDevice device, final BlkfrontServices services, final BlockLimits limits) {
        final long sectors = device.readNumber(BlkKeys.SECTORS, limits.sectors(), MAX_SECTORS);
        if (sectors == XenbusDevice.REFUSED) {
            services.counters().refused(BlkfrontRefusal.OFFER);
            return limits;
        }
        return with(limits, sectors, limits.canFlush(), limits.canBarrier(), limits.discard());
    }

    /** The limits of a disk that turned out not to know an operation after all. */
    static BlockLimits without(final BlockLimits limits, final BlockOperation operation) {
        return with(
                limits,
                limits.sectors(),
                limits.canFlush() && operation != BlockOperation.FLUSH,
                limits.canBarrier() && operation != BlockOperation.BARRIER,
                operation.isDiscard() ? DiscardLimits.NONE : limits.discard());
    }

    private static BlockLimits with(
            final BlockLimits limits,
            final long sectors,
            final boolean canFlush,
            final boolean canBarrier,
            final DiscardLimits discard) {
        return new BlockLimits(
                sectors,
                limits.logicalBlockBytes(),
                limits.physicalBlockBytes(),
                limits.maxTransferBytes(),
                limits.maxSegments(),
                limits.queueDepth(),
                limits.readOnly(),
                canFlush,
                canBarrier,
                discard,
                limits.removable(),
                limits.cdrom());
    }

    /** Whether a disk knows an operation. */
    static boolean knows(final BlockLimits limits, final BlockOperation operation) {
        return switch (operation) {
            case READ, WRITE -> true;
            case FLUSH -> limits.canFlush();
            case BARRIER -> limits.canBarrier();
            case DISCARD -> limits.discard().supported();
            case SECURE_DISCARD -> limits.discard().supported() && limits.discard().secure();
        };
    }
}
