package io.ringside.storvsc.protocol.scsi;

/**
 * How a unit answers a command: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code SAM_STAT_*}, scsi/scsi_proto.h.
 */
public final class ScsiStatus {
    /** Done. */
    public static final int GOOD = 0x00;

    /** Sense data says what happened. */
    public static final int CHECK_CONDITION = 0x02;

    /** What was asked for is so. */
    public static final int CONDITION_MET = 0x04;

    /** Try again later. */
    public static final int BUSY = 0x08;

    /** Somebody else has reserved the unit. */
    public static final int RESERVATION_CONFLICT = 0x18;

    /** The unit has as many commands as it takes. */
    public static final int TASK_SET_FULL = 0x28;

    private ScsiStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return switch (status) {
            case GOOD -> "Good";
            case CHECK_CONDITION -> "CheckCondition";
            case CONDITION_MET -> "ConditionMet";
            case BUSY -> "Busy";
            case RESERVATION_CONFLICT -> "ReservationConflict";
            case TASK_SET_FULL -> "TaskSetFull";
            default -> "[0x" + Integer.toHexString(status) + "]";
        };
    }
}
