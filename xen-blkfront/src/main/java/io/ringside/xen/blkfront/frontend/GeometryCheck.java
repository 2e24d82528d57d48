package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.GuestMemory;

/** Whether a request of our own caller lies within what it was told: if not, it throws. */
final class GeometryCheck {
    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;

    private GeometryCheck() {}

    /**
     * Checks a request against the limits of the disk and the memory of the guest.
     *
     * @throws IllegalArgumentException if it breaks either
     */
    static void check(
            final BlockRequest request, final BlockLimits limits, final GuestMemory memory) {
        final int segmentCount = request.segmentCount();
        if (request.operation() == BlockOperation.FLUSH) {
            refuseIf(segmentCount != 0, "a flush has no segments", "segmentCount", segmentCount);
            return;
        }
        refuseIf(
                request.operation() == BlockOperation.WRITE && limits.readOnly(),
                "the disk is read-only",
                "sector",
                request.sector());
        refuseIf(
                segmentCount == 0 || segmentCount > limits.maxSegments(),
                "segments out of range",
                "segmentCount",
                segmentCount);
        final int blockMask = limits.logicalBlockBytes() - 1;
        int totalBytes = 0;
        for (int i = 0; i < segmentCount; i++) {
            final long address = request.segmentAddress(i);
            final int lengthBytes = request.segmentBytes(i);
            refuseIf(
                    lengthBytes <= 0
                            || ((address | lengthBytes) & blockMask) != 0
                            || (address & PAGE_MASK) + lengthBytes > GuestMemory.PAGE_BYTES
                            || !memory.contains(address, lengthBytes),
                    "not whole blocks within a page",
                    "segmentAddress",
                    address);
            totalBytes += lengthBytes;
        }
        final long sector = request.sector();
        final long sectors = totalBytes / BlockRequest.SECTOR_BYTES;
        refuseIf(
                sector < 0
                        || sector > limits.sectors() - sectors
                        || sector % (limits.logicalBlockBytes() / BlockRequest.SECTOR_BYTES) != 0,
                "not whole blocks of the disk",
                "sector",
                sector);
    }

    private static void refuseIf(
            final boolean wrong, final String what, final String name, final long value) {
        if (wrong) {
            throw new IllegalArgumentException(what + ": " + name + "=" + value);
        }
    }
}
