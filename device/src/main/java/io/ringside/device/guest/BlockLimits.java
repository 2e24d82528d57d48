package io.ringside.device.guest;

/**
 * What a block device can do. Once it is ready, only its size changes, and what it turns out not to
 * know after all.
 *
 * @param sectors size of the medium in units of 512 bytes
 * @param logicalBlockBytes smallest unit of transfer, in bytes: a power of two from 512 to 4096
 * @param physicalBlockBytes unit that the medium writes at once, in bytes: a hint
 * @param maxTransferBytes most bytes in one request
 * @param maxSegments most pieces of memory in one request
 * @param queueDepth most requests in flight
 * @param readOnly whether writes are refused
 * @param canFlush whether {@link BlockOperation#FLUSH} is understood
 * @param canBarrier whether {@link BlockOperation#BARRIER} is understood
 * @param discard what can be discarded
 * @param removable whether the medium can be taken out
 * @param cdrom whether it calls itself a CD-ROM
 */
public record BlockLimits(
        long sectors,
        int logicalBlockBytes,
        int physicalBlockBytes,
        int maxTransferBytes,
        int maxSegments,
        int queueDepth,
        boolean readOnly,
        boolean canFlush,
        boolean canBarrier,
        DiscardLimits discard,
        boolean removable,
        boolean cdrom) {

    /** A fixed disk that knows neither barriers nor discards, and has blocks of one size. */
    public BlockLimits(
            final long sectors,
            final int logicalBlockBytes,
            final int maxTransferBytes,
            final int maxSegments,
            final int queueDepth,
            final boolean readOnly,
            final boolean canFlush) {
        this(
                sectors,
                logicalBlockBytes,
                logicalBlockBytes,
                maxTransferBytes,
                maxSegments,
                queueDepth,
                readOnly,
                canFlush,
                false,
                DiscardLimits.NONE,
                false,
                false);
    }
}
