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
        final BlockOperation operation = request.operation();
        final int segmentCount = request.segmentCount();
        refuseIf(
                operation.changesMedium() && limits.readOnly(),
                "the disk is read-only",
                "sector",
                request.sector());
        if (!operation.movesData()) {
            refuseIf(
                    segmentCount != 0,
                    operation == BlockOperation.FLUSH
                            ? "a flush has no segments"
                            : "a discard has no segments",
                    "segmentCount",
                    segmentCount);
        }
        if (operation == BlockOperation.FLUSH) {
            return;
        }
        if (operation.isDiscard()) {
            refuseIf(
                    request.sectorCount() <= 0,
                    "nothing to discard",
                    "sectorCount",
                    request.sectorCount());
        } else {
            checkSegments(request, limits, memory);
        }
        checkRange(request.sector(), request.sectorCount(), limits);
    }

    private static void checkSegments(
            final BlockRequest request, final BlockLimits limits, final GuestMemory memory) {
        final int segmentCount = request.segmentCount();
        refuseIf(
                segmentCount > limits.maxSegments()
                        || (segmentCount == 0 && request.operation() != BlockOperation.BARRIER),
                "segments out of range",
                "segmentCount",
                segmentCount);
        final int blockMask = limits.logicalBlockBytes() - 1;
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
        }
    }

    private static void checkRange(
            final long sector, final long sectorCount, final BlockLimits limits) {
        final int sectorsPerBlock = limits.logicalBlockBytes() / BlockRequest.SECTOR_BYTES;
        refuseIf(
                sectorCount % sectorsPerBlock != 0,
                "not whole blocks of the disk",
                "sectorCount",
                sectorCount);
        refuseIf(
                sector < 0
                        || sector > limits.sectors() - sectorCount
                        || sector % sectorsPerBlock != 0,
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
