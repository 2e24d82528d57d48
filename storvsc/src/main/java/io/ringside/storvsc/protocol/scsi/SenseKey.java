package io.ringside.storvsc.protocol.scsi;

/**
 * The kind of a condition, four bits.
 *
 * <p>Source: scsi/scsi_proto.h.
 */
public final class SenseKey {
    /** Nothing to say. */
    public static final int NO_SENSE = 0x0;

    /** Not ready: no medium, or stopped. */
    public static final int NOT_READY = 0x2;

    /** The medium failed. */
    public static final int MEDIUM_ERROR = 0x3;

    /** The unit failed. */
    public static final int HARDWARE_ERROR = 0x4;

    /** The command is not sound. */
    public static final int ILLEGAL_REQUEST = 0x5;

    /** Something happened to the unit that its user must know first. */
    public static final int UNIT_ATTENTION = 0x6;

    /** The medium is write protected. */
    public static final int DATA_PROTECT = 0x7;

    /** The unit gave the command up. */
    public static final int ABORTED_COMMAND = 0xb;

    /** What was compared differs. */
    public static final int MISCOMPARE = 0xe;

    private SenseKey() {}
}
