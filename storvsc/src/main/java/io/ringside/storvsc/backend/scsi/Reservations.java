package io.ringside.storvsc.backend.scsi;

import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a unit: the old reservation, of one initiator; and the persistent one, of initiators
 * that have registered a key.
 *
 * <p>"Persistent" is as long as this object lives; a reset does not end it, a power loss would. All
 * answers that a peer can cause are boolean. Threads: one. Source: SPC-4 5.13.
 */
final class Reservations {
    /** Others may read. */
    static final int WRITE_EXCLUSIVE = 1;

    /** Others may nothing. */
    static final int EXCLUSIVE_ACCESS = 3;

    /** As 1, and whoever is registered may write. */
    static final int WRITE_EXCLUSIVE_REGISTRANTS = 5;

    /** As 3, and whoever is registered may all. */
    static final int EXCLUSIVE_ACCESS_REGISTRANTS = 6;

    /** As 5, and all who are registered hold it. */
    static final int WRITE_EXCLUSIVE_ALL = 7;

    /** As 6, and all who are registered hold it. */
    static final int EXCLUSIVE_ACCESS_ALL = 8;

    private static final int NONE = 0;

    private final UnitState unit;
    private final long[] keys = new long[UnitState.MAX_NEXUSES]; // 0: not registered
    private @Nullable Nexus reserver;
    private @Nullable Nexus holder;
    private int type = NONE;
    private int generation;

    Reservations(final UnitState unit) {
        this.unit = unit;
    }

    /** Whether a reservation keeps an initiator from a command. */
    boolean conflicts(final Nexus nexus, final ScsiCommand.Access access) {
        if (access == ScsiCommand.Access.ALWAYS) {
            return false;
        }
        if (reserver != null && reserver != nexus) {
            return true;
        }
        final boolean writes = access == ScsiCommand.Access.WRITE;
        return switch (type) {
            case WRITE_EXCLUSIVE -> writes && holder != nexus;
            case EXCLUSIVE_ACCESS -> holder != nexus;
            case WRITE_EXCLUSIVE_REGISTRANTS, WRITE_EXCLUSIVE_ALL -> writes && !isRegistered(nexus);
            case EXCLUSIVE_ACCESS_REGISTRANTS, EXCLUSIVE_ACCESS_ALL -> !isRegistered(nexus);
            default -> false;
        };
    }

    // The old reservation.

    /** Whether another initiator has the old reservation. */
    boolean isReservedByAnother(final Nexus nexus) {
        return reserver != null && reserver != nexus;
    }

    /** Takes the old reservation; false if somebody else has it, or keys are registered. */
    boolean reserve(final Nexus nexus) {
        if (isReservedByAnother(nexus) || registeredCount() != 0) {
            return false;
        }
        reserver = nexus;
        return true;
    }

    /** Gives the old reservation back; false if keys are registered. */
    boolean release(final Nexus nexus) {
        if (registeredCount() != 0) {
            return false;
        }
        if (reserver == nexus) {
            reserver = null;
        }
        return true;
    }

    /** Ends what a reset ends. */
    void reset() {
        reserver = null;
    }

    // Keys.

    boolean isRegistered(final Nexus nexus) {
        return keys[nexus.index()] != 0;
    }

    /** Whether an initiator is registered, with that key. */
    boolean isRegistered(final Nexus nexus, final long key) {
        return key != 0 && keys[nexus.index()] == key;
    }

    /** The key of an initiator; 0 for none. */
    long key(final int index) {
        return keys[index];
    }

    int registeredCount() {
        int count = 0;
        for (final long key : keys) {
            count += key == 0 ? 0 : 1;
        }
        return count;
    }

    /** Sets the key of an initiator; 0 ends its registration. */
    void register(final Nexus nexus, final long key) {
        if (key == 0 && !isRegistered(nexus)) {
            return;
        }
        generation++;
        keys[nexus.index()] = key;
        if (key == 0) {
            releaseIfLeft(nexus);
        }
    }

    /** The initiator is gone for good. */
    void forget(final Nexus nexus) {
        if (reserver == nexus) {
            reserver = null;
        }
        register(nexus, 0);
    }

    private void releaseIfLeft(final Nexus nexus) {
        final boolean left = isOfAll() ? registeredCount() == 0 : holder == nexus;
        if (type != NONE && left) {
            final boolean told = type >= WRITE_EXCLUSIVE_REGISTRANTS;
            type = NONE;
            holder = null;
            if (told) {
                attendRegistered(AdditionalSense.RESERVATIONS_RELEASED, nexus);
            }
        }
    }

    // The persistent reservation.

    static boolean isType(final int candidate) {
        return switch (candidate) {
            case WRITE_EXCLUSIVE,
                    EXCLUSIVE_ACCESS,
                    WRITE_EXCLUSIVE_REGISTRANTS,
                    EXCLUSIVE_ACCESS_REGISTRANTS,
                    WRITE_EXCLUSIVE_ALL,
                    EXCLUSIVE_ACCESS_ALL ->
                    true;
            default -> false;
        };
    }

    /** The type of the reservation; 0 for none. */
    int type() {
        return type;
    }

    /** The key of the reservation; 0 for none, and where all who are registered hold it. */
    long holderKey() {
        final Nexus one = holder;
        return one == null || isOfAll() ? 0 : keys[one.index()];
    }

    /** How often registrations changed. */
    int generation() {
        return generation;
    }

    boolean isHolder(final Nexus nexus) {
        return type != NONE && (isOfAll() ? isRegistered(nexus) : holder == nexus);
    }

    private boolean isOfAll() {
        return type == WRITE_EXCLUSIVE_ALL || type == EXCLUSIVE_ACCESS_ALL;
    }

    /** Takes the reservation for one who is registered; false if another is in the way. */
    boolean reserve(final Nexus nexus, final int newType) {
        if (type == NONE) {
            type = newType;
            holder = nexus;
            return true;
        }
        return isHolder(nexus) && type == newType;
    }

    /** Gives the reservation back, by one who holds it and names its type. */
    void release(final Nexus nexus, final int oldType) {
        type = NONE;
        holder = null;
        if (oldType >= WRITE_EXCLUSIVE_REGISTRANTS) {
            attendRegistered(AdditionalSense.RESERVATIONS_RELEASED, nexus);
        }
    }

    /** Ends the reservation and every registration, by one who is registered. */
    void clear(final Nexus nexus) {
        generation++;
        type = NONE;
        holder = null;
        attendRegistered(AdditionalSense.RESERVATIONS_PREEMPTED, nexus);
        for (int i = 0; i < keys.length; i++) {
            keys[i] = 0;
        }
    }

    /** Whether preempting a key would take the reservation, too. */
    boolean takesReservation(final long key) {
        return type != NONE && (isOfAll() ? key == 0 : holderKey() == key);
    }

    /**
     * Ends every other registration with a key (or, where it is 0, every other one), and takes the
     * reservation if one of those held it.
     *
     * @param preempted is set true at the number of each initiator that lost its registration
     * @return false if nobody is registered with that key
     */
    boolean preempt(
            final Nexus nexus, final long key, final int newType, final boolean[] preempted) {
        final boolean takes = takesReservation(key);
        boolean found = takes;
        for (int i = 0; i < keys.length; i++) {
            final boolean matches = keys[i] != 0 && (key == 0 || keys[i] == key);
            found |= matches;
            preempted[i] = matches && i != nexus.index();
        }
        if (!found) {
            return false;
        }
        generation++;
        final int oldType = type;
        for (int i = 0; i < keys.length; i++) {
            if (preempted[i]) {
                keys[i] = 0;
                unit.nexus(i).attend(AdditionalSense.REGISTRATIONS_PREEMPTED);
            }
        }
        if (takes) {
            type = newType;
            holder = nexus;
            if (oldType != newType && oldType >= WRITE_EXCLUSIVE_REGISTRANTS) {
                attendRegistered(AdditionalSense.RESERVATIONS_RELEASED, nexus);
            }
        } else if (type != NONE && isOfAll() && registeredCount() == 0) {
            type = NONE;
            holder = null;
        }
        return true;
    }

    private void attendRegistered(final int additional, final Nexus except) {
        for (final Nexus nexus : unit.nexuses) {
            if (nexus != null && nexus != except && isRegistered(nexus)) {
                nexus.attend(additional);
            }
        }
    }
}
