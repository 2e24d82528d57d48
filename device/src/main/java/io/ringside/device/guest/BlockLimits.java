package io.ringside.device.guest;

/**
 * What a block device can do, fixed once it is ready.
 *
 * @param sectors size of the medium in units of 512 bytes
 * @param logicalBlockBytes smallest unit of transfer, in bytes: 512 or 4096
 * @param maxTransferBytes most bytes in one request
 * @param maxSegments most pieces of memory in one request
 * @param queueDepth most requests in flight
 * @param readOnly whether writes are refused
 * @param canFlush whether {@link BlockOperation#FLUSH} is understood
 */
public record BlockLimits(
        long sectors,
        int logicalBlockBytes,
        int maxTransferBytes,
        int maxSegments,
        int queueDepth,
        boolean readOnly,
        boolean canFlush) {}
