package io.ringside.storvsc.protocol;

/**
 * What became of a SCSI request on its way: the low six bits of a byte, with two flags above.
 *
 * <p>Source: {@code SRB_STATUS_*}, storvsc_drv.c; busy is the one of Windows' srb.h.
 */
public final class SrbStatus {
    /** The command ended well. */
    public static final int SUCCESS = 0x01;

    /** The command was given up. */
    public static final int ABORTED = 0x02;

    /** The unit says why, in its own status and sense data. */
    public static final int ERROR = 0x04;

    /** The unit has as much to do as it takes. */
    public static final int BUSY = 0x05;

    /** The request itself is not sound. */
    public static final int INVALID_REQUEST = 0x06;

    /** The command has more data than the request has room for. */
    public static final int DATA_OVERRUN = 0x12;

    /** There is no such unit. */
    public static final int INVALID_LUN = 0x20;

    /** Flag: sense data comes with it. */
    public static final int AUTOSENSE_VALID = 0x80;

    private static final int STATUS_MASK = 0x3f;

    private SrbStatus() {}

    /** The status without its flags. */
    public static int code(final int srbStatus) {
        return srbStatus & STATUS_MASK;
    }

    /** Whether sense data comes with it. */
    public static boolean hasSense(final int srbStatus) {
        return (srbStatus & AUTOSENSE_VALID) != 0;
    }

    /** The name of a status without its flags, or its number in brackets. */
    public static String name(final int srbStatus) {
        return switch (code(srbStatus)) {
            case SUCCESS -> "Success";
            case ABORTED -> "Aborted";
            case ERROR -> "Error";
            case BUSY -> "Busy";
            case INVALID_REQUEST -> "InvalidRequest";
            case DATA_OVERRUN -> "DataOverrun";
            case INVALID_LUN -> "InvalidLun";
            default -> "[" + code(srbStatus) + "]";
        };
    }
}
