package io.ringside.storvsc.frontend;

import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import io.ringside.vmbus.channel.RequestIds;
import java.util.ArrayDeque;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Requests in flight by their numbers, what waits to be sent, and what waits to be reported.
 *
 * <p>Peer's faults: a number that is not in flight finds nothing; an answer is checked before any
 * of it is used. Threads: one.
 */
final class RequestTable {
    /** Slots for each of so many disks with all that they may have in flight. */
    private static final int DISKS = 8;

    /** Slots kept for the hand-shake, a look for units, and a reset. */
    private static final int OWN = 4;

    private static final int REPORTS_PER_WORK = 256;

    private final RequestIds ids;
    private final PendingRequest[] slots;
    private final ArrayDeque<PendingRequest> toStage = new ArrayDeque<>(64);
    private final ArrayDeque<PendingRequest> parked = new ArrayDeque<>(64);
    private final ArrayDeque<BlockRequest> ended = new ArrayDeque<>(64);
    private final ArrayDeque<StorvscDisk> endedOf = new ArrayDeque<>(64);
    private final ScsiRequest request = new ScsiRequest();
    private final UnsafeBuffer sense = new UnsafeBuffer(new byte[ScsiRequest.SENSE_BYTES]);
    private int tick;
    private int lateTick; // when a command was last found to be late

    RequestTable(final int queueDepth) {
        slots = new PendingRequest[queueDepth * DISKS + OWN];
        ids = new RequestIds(slots.length);
        for (int slot = 0; slot < slots.length; slot++) {
            slots[slot] = new PendingRequest(slot);
        }
    }

    int slots() {
        return slots.length;
    }

    @Nullable PendingRequest take() {
        final int slot = ids.take();
        return slot == RequestIds.NONE ? null : slots[slot];
    }

    void release(final PendingRequest pending) {
        ids.release(pending.slot);
    }

    long id(final PendingRequest pending) {
        return ids.idOf(pending.slot);
    }

    @Nullable PendingRequest find(final long id) {
        final int slot = ids.slotOf(id);
        return slot == RequestIds.NONE ? null : slots[slot];
    }

    // What waits to be sent.

    void stageLater(final PendingRequest pending) {
        toStage.addLast(pending);
    }

    @Nullable PendingRequest nextToStage() {
        return toStage.peekFirst();
    }

    void staged() {
        toStage.removeFirst();
    }

    /** Whether a request is not with the host. */
    boolean isHere(final PendingRequest pending) {
        return (!toStage.isEmpty() && toStage.contains(pending))
                || (!parked.isEmpty() && parked.contains(pending));
    }

    /** A request is with the host from now on. */
    void sent(final PendingRequest pending) {
        pending.sentTick = tick;
    }

    /** One tick more: whether some command has been with the host for so many, or so many again. */
    boolean tick(final int timeoutTicks) {
        tick++;
        if (tick - lateTick < timeoutTicks) {
            return false;
        }
        for (final PendingRequest pending : slots) {
            if (ids.isInFlight(pending.slot)
                    && pending.operation == 0
                    && tick - pending.sentTick >= timeoutTicks
                    && !isHere(pending)) {
                lateTick = tick;
                return true;
            }
        }
        return false;
    }

    /**
     * Sends a request once more: at once, or, where a unit has too much to do, once it has answered
     * another.
     */
    void again(final PendingRequest pending) {
        final int withHost = ids.inFlightCount() - toStage.size() - parked.size();
        if (isFull(pending) && withHost > 1) {
            parked.addLast(pending);
        } else {
            pending.attempts++;
            toStage.addLast(pending);
        }
    }

    /** A unit has answered: there is room for one more. */
    void unpark() {
        if (!parked.isEmpty()) {
            toStage.addLast(parked.removeFirst());
        }
    }

    private static boolean isFull(final PendingRequest pending) {
        return pending.scsiStatus == ScsiStatus.TASK_SET_FULL
                || pending.scsiStatus == ScsiStatus.BUSY;
    }

    // What comes back.

    /** Takes an answer over; false, and then an error, if it says what cannot be. */
    boolean take(final PendingRequest pending, final VstorPacket packet) {
        pending.status = packet.status();
        packet.request(request);
        pending.srbStatus = request.srbStatus();
        pending.scsiStatus = request.scsiStatus();
        pending.sense.set(SenseKey.NO_SENSE, AdditionalSense.NONE);
        final int senseBytes = Math.min(request.senseLength(), ScsiRequest.SENSE_BYTES);
        if (SrbStatus.hasSense(pending.srbStatus)
                && pending.scsiStatus == ScsiStatus.CHECK_CONDITION) {
            request.copySense(sense, senseBytes);
            pending.sense.read(sense, 0, senseBytes);
        }
        final boolean sound = request.dataBytes() <= pending.dataBytes;
        pending.transferredBytes = sound ? (int) request.dataBytes() : 0;
        if (!sound) {
            pending.srbStatus = SrbStatus.ERROR;
        }
        return sound;
    }

    /** Whether an answer means: the same once more. */
    boolean isToTryAgain(final PendingRequest pending) {
        if (pending.operation != 0 || pending.attempts + 1 >= PendingRequest.MAX_ATTEMPTS) {
            return false;
        }
        return pending.sense.key() == SenseKey.UNIT_ATTENTION || isFull(pending);
    }

    /** Whether an answer means: look for units again. */
    static boolean tellsOfUnits(final PendingRequest pending) {
        if (pending.disk == null) {
            return false; // A look for units is under way.
        }
        final int additional = pending.sense.additional();
        return SrbStatus.code(pending.srbStatus) == SrbStatus.INVALID_LUN
                || additional == AdditionalSense.CAPACITY_CHANGED
                || additional == AdditionalSense.INVENTORY_CHANGED;
    }

    // What waits to be reported.

    void endLater(
            final StorvscDisk disk, final BlockRequest blockRequest, final BlockStatus status) {
        blockRequest.status(status);
        ended.addLast(blockRequest);
        endedOf.addLast(disk);
    }

    /** Ends what is not with the host as failed, with the next report. */
    void failUnsent() {
        while (!toStage.isEmpty()) {
            fail(toStage.removeFirst());
        }
        while (!parked.isEmpty()) {
            fail(parked.removeFirst());
        }
    }

    /** Ends everything as failed, with the next report. */
    void failAll() {
        failUnsent();
        for (final PendingRequest pending : slots) {
            if (ids.isInFlight(pending.slot)) {
                fail(pending);
            }
        }
    }

    private void fail(final PendingRequest pending) {
        final StorvscDisk disk = pending.disk;
        final BlockRequest owned = disk == null ? null : disk.forget(pending);
        if (disk != null && owned != null) {
            endLater(disk, owned, BlockStatus.ERROR);
        }
        ids.release(pending.slot);
    }

    /** Gives callers back what has ended, a bounded number. */
    int reportEnded(final StorvscCounters counters) {
        int count = 0;
        while (count < REPORTS_PER_WORK && !ended.isEmpty()) {
            final BlockRequest request = ended.removeFirst();
            if (request.status() != BlockStatus.OK) {
                counters.failures++;
            }
            endedOf.removeFirst().report(request);
            count++;
        }
        return count;
    }
}
