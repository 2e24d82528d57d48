package io.ringside.storvsc.backend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.backend.scsi.ScsiTarget;
import io.ringside.storvsc.backend.scsi.TaskOwner;
import io.ringside.storvsc.protocol.ControllerKind;
import io.ringside.storvsc.protocol.ScsiRequest;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one controller, by their numbers.
 *
 * <p>Threads: one, the controller's.
 */
final class ControllerTargets {
    private static final int U8 = 0xff;

    private final int firstOnWire;
    private final ScsiTarget[] targets;

    /**
     * Targets without units.
     *
     * @param first the number of the first one, of which a request has the low 8 bits
     */
    ControllerTargets(
            final ControllerKind kind,
            final int first,
            final GuestMemory memory,
            final TaskOwner owner) {
        firstOnWire = first & U8;
        targets = new ScsiTarget[kind.targets()];
        for (int target = 0; target < targets.length; target++) {
            targets[target] = new ScsiTarget(memory, owner);
        }
    }

    /** The target that a request is for; null for none. */
    @Nullable ScsiTarget of(final ScsiRequest request) {
        final int target = request.target() - firstOnWire;
        return request.path() == 0 && target >= 0 && target < targets.length
                ? targets[target]
                : null;
    }

    /** A target by its place among them, from 0 on. */
    ScsiTarget at(final int target) {
        return targets[target];
    }

    /** Goes on with every unit; at most so many commands of each, and returns how many. */
    int poll(final int limit) {
        int count = 0;
        for (final ScsiTarget target : targets) {
            count += target.poll(limit);
        }
        return count;
    }

    /** Resets every unit. */
    void reset() {
        for (final ScsiTarget target : targets) {
            target.reset();
        }
    }

    /** Ends every command. */
    void abandonAll() {
        for (final ScsiTarget target : targets) {
            target.abandonAll();
        }
    }

    /** How many commands are with the units. */
    int inFlight() {
        int count = 0;
        for (final ScsiTarget target : targets) {
            count += target.inFlight();
        }
        return count;
    }
}
