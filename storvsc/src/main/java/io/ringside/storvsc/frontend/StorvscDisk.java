package io.ringside.storvsc.frontend;

import io.ringside.device.guest.BlockCompletions;
import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import org.jspecify.annotations.Nullable;

/**
 * One unit of a controller, as a disk: block requests become commands, and answers completions.
 *
 * <p>A range within 32 bits and 65535 blocks goes by READ and WRITE (10), any other by (16); a
 * flush is SYNCHRONIZE CACHE, a discard UNMAP of one range, as often as the unit needs. What a unit
 * wants to be told of first, or has no room for, is tried again by the controller.
 *
 * <p>Errors: those of {@link BlockDevice}. Threads: one, the controller's.
 */
public final class StorvscDisk implements BlockDevice {
    /** Most pages of one request. */
    static final int MAX_PAGES = 256;

    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;
    private static final BlockLimits NO_LIMITS =
            new BlockLimits(0, BlockRequest.SECTOR_BYTES, 0, 0, 0, true, false);
    private static final BlockCompletions NOBODY =
            request -> {
                throw new IllegalStateException("nobody takes completions: tag=" + request.tag());
            };

    private final Storvsc controller;
    private final int target;
    private final int lun;
    private final @Nullable BlockRequest[] owned;
    private final UnmapLists unmaps;
    private BlockLimits limits;
    private long maxUnmapBlocks;
    private BlockCompletions completions = NOBODY;
    private boolean present = true;
    private int inFlight;

    StorvscDisk(
            final Storvsc controller,
            final int target,
            final int lun,
            final UnmapLists unmaps,
            final int slots) {
        this.controller = controller;
        this.unmaps = unmaps;
        this.target = target;
        this.lun = lun;
        this.limits = NO_LIMITS;
        this.owned = new BlockRequest[slots];
    }

    /** Which target of the controller. */
    public int target() {
        return target;
    }

    /** Which unit of the target. */
    public int lun() {
        return lun;
    }

    /** How many requests are on their way. */
    public int inFlight() {
        return inFlight;
    }

    @Override
    public boolean isReady() {
        return present && controller.isReady();
    }

    @Override
    public BlockLimits limits() {
        if (!isReady()) {
            throw new IllegalStateException("not ready: target=" + target + " lun=" + lun);
        }
        return limits;
    }

    /** The unit was looked at again. */
    void limits(final BlockLimits newLimits, final long newMaxUnmapBlocks) {
        limits = newLimits;
        maxUnmapBlocks = newMaxUnmapBlocks;
    }

    /** The unit is gone: what is in flight ends as the host answers it. */
    void vanish() {
        present = false;
    }

    @Override
    public void completionsTo(final BlockCompletions newCompletions) {
        completions = newCompletions;
    }

    @Override
    public boolean submit(final BlockRequest request) {
        if (!isReady()) {
            return false;
        }
        if (!isKnown(request.operation())) {
            controller.endLater(this, request, BlockStatus.UNSUPPORTED);
            return true;
        }
        check(request);
        if (inFlight >= limits.queueDepth()) {
            return false;
        }
        final PendingRequest pending = controller.take();
        if (pending == null) {
            return false;
        }
        pending.command(target, lun);
        final int blockSectors = limits.logicalBlockBytes() / BlockRequest.SECTOR_BYTES;
        final long lba = request.sector() / blockSectors;
        final int blocks = request.totalBytes() / limits.logicalBlockBytes();
        switch (request.operation()) {
            case READ -> {
                pending.cdb.read(lba, blocks, 0);
                pending.data(request, DataDirection.TO_GUEST);
            }
            case WRITE -> {
                pending.cdb.write(lba, blocks, 0);
                pending.data(request, DataDirection.TO_UNIT);
            }
            case FLUSH -> pending.cdb.synchronizeCache();
            case DISCARD -> unmapNext(pending, request);
            case BARRIER, SECURE_DISCARD ->
                    throw new IllegalStateException("not known: " + request.operation());
        }
        pending.disk = this;
        if (!controller.send(pending)) {
            controller.release(pending);
            return false;
        }
        owned[pending.slot] = request;
        inFlight++;
        controller.counters().requests++;
        return true;
    }

    /** Makes a request UNMAP of what is left of a discard, or of as much as the unit takes. */
    private void unmapNext(final PendingRequest pending, final BlockRequest request) {
        final int blockSectors = limits.logicalBlockBytes() / BlockRequest.SECTOR_BYTES;
        final long left = (request.sectorCount() - pending.sectorsDone) / blockSectors;
        final long blocks = Math.min(maxUnmapBlocks, left);
        unmaps.fill(pending, (request.sector() + pending.sectorsDone) / blockSectors, blocks);
        pending.sectorsDone += blocks * blockSectors;
    }

    private boolean isKnown(final BlockOperation operation) {
        return switch (operation) {
            case READ, WRITE, FLUSH -> true;
            case DISCARD -> limits.discard().supported();
            case BARRIER, SECURE_DISCARD -> false;
        };
    }

    @Override
    public void commit() {
        controller.commit();
    }

    /** The request of a slot, which has nothing in flight from now on. */
    @Nullable BlockRequest forget(final PendingRequest pending) {
        final BlockRequest request = owned[pending.slot];
        owned[pending.slot] = null;
        inFlight -= request == null ? 0 : 1;
        return request;
    }

    /** A command of ours has its answer; true if it is another one now that is to be sent. */
    boolean answered(final PendingRequest pending) {
        BlockStatus status = status(pending);
        if (status == BlockStatus.OK && hasMore(pending)) {
            if (goesOn(pending)) {
                return true;
            }
            status = BlockStatus.ERROR;
        }
        final BlockRequest request = forget(pending);
        controller.release(pending);
        if (request == null) {
            return false;
        }
        final StorvscCounters counters = controller.counters();
        if (status == BlockStatus.OK) {
            switch (request.operation()) {
                case READ -> counters.bytesRead += request.totalBytes();
                case WRITE -> counters.bytesWritten += request.totalBytes();
                case FLUSH -> counters.flushes++;
                case DISCARD -> counters.discards++;
                case BARRIER, SECURE_DISCARD -> {
                    // Never sent.
                }
            }
        } else {
            counters.failures++;
        }
        request.status(status);
        completions.completed(request);
        return false;
    }

    /** Whether a discard takes another command. */
    private boolean hasMore(final PendingRequest pending) {
        final BlockRequest request = owned[pending.slot];
        return request != null
                && request.operation() == BlockOperation.DISCARD
                && pending.sectorsDone < request.sectorCount();
    }

    /** Makes the next part of a discard; false if the unit has become one that cannot. */
    private boolean goesOn(final PendingRequest pending) {
        final BlockRequest request = owned[pending.slot];
        final long before = pending.sectorsDone;
        if (request != null) {
            pending.attempts = 0;
            unmapNext(pending, request);
        }
        return pending.sectorsDone > before;
    }

    private static BlockStatus status(final PendingRequest pending) {
        if (pending.status == 0
                && SrbStatus.code(pending.srbStatus) == SrbStatus.SUCCESS
                && pending.scsiStatus == ScsiStatus.GOOD
                && pending.transferredBytes == pending.dataBytes) {
            return BlockStatus.OK;
        }
        return pending.sense.additional() == AdditionalSense.INVALID_OPCODE
                ? BlockStatus.UNSUPPORTED
                : BlockStatus.ERROR;
    }

    void report(final BlockRequest request) {
        completions.completed(request);
    }

    /** Throws if a request breaks the limits of the disk, or names memory that is not there. */
    private void check(final BlockRequest request) {
        final int segmentCount = request.segmentCount();
        if (request.operation() == BlockOperation.FLUSH) {
            refuseIf(segmentCount != 0, "a flush has no segments", "segmentCount", segmentCount);
            return;
        }
        refuseIf(
                request.operation().changesMedium() && limits.readOnly(),
                "the disk is read-only",
                "sector",
                request.sector());
        checkRange(request);
        if (request.operation().isDiscard()) {
            return;
        }
        refuseIf(
                segmentCount == 0 || segmentCount > limits.maxSegments(),
                "segments out of range",
                "segmentCount",
                segmentCount);
        for (int i = 0; i < segmentCount; i++) {
            final long address = request.segmentAddress(i);
            final int lengthBytes = request.segmentBytes(i);
            refuseIf(
                    lengthBytes <= 0
                            || (address & PAGE_MASK) + lengthBytes > GuestMemory.PAGE_BYTES
                            || !controller.memory().contains(address, lengthBytes),
                    "not within a page",
                    "segmentAddress",
                    address);
        }
        refuseIf(
                request.totalBytes() > limits.maxTransferBytes()
                        || request.totalBytes() % limits.logicalBlockBytes() != 0,
                "not whole blocks, or too many",
                "totalBytes",
                request.totalBytes());
    }

    private void checkRange(final BlockRequest request) {
        final long sector = request.sector();
        final long sectors = request.sectorCount();
        final int blockSectors = limits.logicalBlockBytes() / BlockRequest.SECTOR_BYTES;
        refuseIf(
                sector < 0
                        || sectors < 0
                        || sectors > limits.sectors()
                        || sector > limits.sectors() - sectors
                        || sector % blockSectors != 0
                        || (request.operation().isDiscard() && sectors % blockSectors != 0),
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

    @Override
    public String toString() {
        return "StorvscDisk[target=" + target + " lun=" + lun + "]";
    }
}
