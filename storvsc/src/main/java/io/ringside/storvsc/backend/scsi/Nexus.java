package io.ringside.storvsc.backend.scsi;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import org.jspecify.annotations.Nullable;

/**
 * One initiator at one unit: the commands that it may have there at a time, and what it must be
 * told before the next.
 *
 * <p>Each nexus has tasks of its own, so that no unit that is slow, and no initiator that asks too
 * much, takes them from others. Threads: one.
 */
public final class Nexus {
    /** Most commands of one initiator at one unit at a time. */
    public static final int DEPTH = 64;

    /** Conditions in the order in which they are told. */
    private static final int[] ATTENTIONS = {
        AdditionalSense.POWER_ON,
        AdditionalSense.BUS_RESET,
        AdditionalSense.UNIT_RESET,
        AdditionalSense.MEDIUM_MAY_HAVE_CHANGED,
        AdditionalSense.RESERVATIONS_PREEMPTED,
        AdditionalSense.REGISTRATIONS_PREEMPTED,
        AdditionalSense.RESERVATIONS_RELEASED,
        AdditionalSense.COMMANDS_CLEARED,
        AdditionalSense.MODE_PARAMETERS_CHANGED,
        AdditionalSense.CAPACITY_CHANGED,
        AdditionalSense.INVENTORY_CHANGED,
    };

    /** Conditions that say all that those below them in the list would. */
    private static final int RESETS = 3;

    private final ScsiTarget target;
    private final TaskOwner owner;
    private final int index;
    private final int maxPieces;
    private final ScsiTask[] tasks;
    private final int[] free;
    private int freeCount;
    private int attentions = 1;
    private boolean preventsRemoval;
    private int mediaEvent;

    Nexus(
            final ScsiTarget target,
            final TaskOwner owner,
            final GuestMemory memory,
            final int index,
            final int maxPieces) {
        this.target = target;
        this.owner = owner;
        this.index = index;
        this.maxPieces = maxPieces;
        this.tasks = new ScsiTask[DEPTH];
        this.free = new int[DEPTH];
        for (int tag = 0; tag < DEPTH; tag++) {
            tasks[tag] =
                    new ScsiTask(
                            this, tag, index * DEPTH + tag, new ScatterList(memory, maxPieces));
            free[tag] = DEPTH - 1 - tag;
        }
        freeCount = DEPTH;
    }

    /** A task for the next command; null if the initiator has all of its tasks at the unit. */
    public @Nullable ScsiTask take() {
        if (freeCount == 0) {
            return null;
        }
        freeCount--;
        final ScsiTask task = tasks[free[freeCount]];
        task.begin();
        return task;
    }

    void give(final ScsiTask task) {
        if (freeCount == free.length) {
            throw new IllegalStateException("released twice: tag=" + task.tag());
        }
        free[freeCount] = task.tag();
        freeCount++;
    }

    /** How many commands the initiator has at the unit. */
    public int inFlight() {
        return tasks.length - freeCount;
    }

    ScsiTask task(final int tag) {
        return tasks[tag];
    }

    ScsiTarget target() {
        return target;
    }

    TaskOwner owner() {
        return owner;
    }

    int index() {
        return index;
    }

    int maxPieces() {
        return maxPieces;
    }

    /** Remembers a condition; a reset makes lesser ones needless. */
    void attend(final int additional) {
        for (int i = 0; i < ATTENTIONS.length; i++) {
            if (ATTENTIONS[i] == additional) {
                attentions = i < RESETS ? 1 << i : attentions | 1 << i;
                return;
            }
        }
        throw new IllegalArgumentException("no attention: additional=" + additional);
    }

    /** Whether there is a condition to tell. */
    boolean hasAttention() {
        return attentions != 0;
    }

    /** Takes the first condition; only if there is one. */
    int takeAttention() {
        final int first = Integer.numberOfTrailingZeros(attentions);
        attentions &= attentions - 1;
        return ATTENTIONS[first];
    }

    /** Forgets one condition. */
    void forget(final int additional) {
        for (int i = 0; i < ATTENTIONS.length; i++) {
            if (ATTENTIONS[i] == additional) {
                attentions &= ~(1 << i);
            }
        }
    }

    boolean preventsRemoval() {
        return preventsRemoval;
    }

    void preventsRemoval(final boolean prevents) {
        preventsRemoval = prevents;
    }

    /** The event of the disc that was not told yet; 0 for none. */
    int takeMediaEvent() {
        final int event = mediaEvent;
        mediaEvent = 0;
        return event;
    }

    void mediaEvent(final int event) {
        mediaEvent = event;
    }
}
