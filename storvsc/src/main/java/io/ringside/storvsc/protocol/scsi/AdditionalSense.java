package io.ringside.storvsc.protocol.scsi;

/**
 * What a condition is in detail: additional sense code in the high byte, its qualifier in the low.
 *
 * <p>Source: drivers/scsi/sense_codes.h.
 */
public final class AdditionalSense {
    /** Nothing to say. */
    public static final int NONE = 0x0000;

    /** Stopped: START STOP UNIT is needed. */
    public static final int INITIALIZING_COMMAND_REQUIRED = 0x0402;

    /** A write failed. */
    public static final int WRITE_ERROR = 0x0c00;

    /** A read failed. */
    public static final int UNRECOVERED_READ_ERROR = 0x1100;

    /** The parameter list is not as long as it must be. */
    public static final int PARAMETER_LIST_LENGTH_ERROR = 0x1a00;

    /** What was compared differs. */
    public static final int MISCOMPARE_DURING_VERIFY = 0x1d00;

    /** There is no such command. */
    public static final int INVALID_OPCODE = 0x2000;

    /** The range does not lie on the medium. */
    public static final int LBA_OUT_OF_RANGE = 0x2100;

    /** A field of the command is not sound. */
    public static final int INVALID_FIELD_IN_CDB = 0x2400;

    /** There is no such unit. */
    public static final int LUN_NOT_SUPPORTED = 0x2500;

    /** A field of the parameter list is not sound. */
    public static final int INVALID_FIELD_IN_PARAMETERS = 0x2600;

    /** A release of a reservation with another type. */
    public static final int INVALID_RELEASE = 0x2604;

    /** The medium cannot be written. */
    public static final int WRITE_PROTECTED = 0x2700;

    /** Not ready to ready: the medium may be another. */
    public static final int MEDIUM_MAY_HAVE_CHANGED = 0x2800;

    /** The unit has just begun. */
    public static final int POWER_ON = 0x2900;

    /** The bus was reset. */
    public static final int BUS_RESET = 0x2902;

    /** The unit was reset. */
    public static final int UNIT_RESET = 0x2903;

    /** Another initiator changed mode pages. */
    public static final int MODE_PARAMETERS_CHANGED = 0x2a01;

    /** A reservation was preempted. */
    public static final int RESERVATIONS_PREEMPTED = 0x2a03;

    /** A reservation was released. */
    public static final int RESERVATIONS_RELEASED = 0x2a04;

    /** A registration was preempted. */
    public static final int REGISTRATIONS_PREEMPTED = 0x2a05;

    /** The medium has another size. */
    public static final int CAPACITY_CHANGED = 0x2a09;

    /** Commands in flight were given up for another initiator. */
    public static final int COMMANDS_CLEARED = 0x2f00;

    /** There are no saved mode pages. */
    public static final int SAVING_NOT_SUPPORTED = 0x3900;

    /** There is no medium. */
    public static final int MEDIUM_NOT_PRESENT = 0x3a00;

    /** There is no medium: the tray is out. */
    public static final int MEDIUM_NOT_PRESENT_TRAY_OPEN = 0x3a02;

    /** The target has other units than before. */
    public static final int INVENTORY_CHANGED = 0x3f0e;

    /** The unit failed. */
    public static final int INTERNAL_TARGET_FAILURE = 0x4400;

    /** Somebody holds the medium in. */
    public static final int MEDIUM_REMOVAL_PREVENTED = 0x5302;

    /** No room for one more registration. */
    public static final int INSUFFICIENT_REGISTRATION_RESOURCES = 0x5504;

    private AdditionalSense() {}
}
