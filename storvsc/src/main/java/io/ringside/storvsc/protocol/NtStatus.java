package io.ringside.storvsc.protocol;

/**
 * How the host answers a packet as a whole: numbers with names, since a peer may write anything.
 *
 * <p>Source: the status codes of NT, as OpenVMM's storvsp uses them.
 */
public final class NtStatus {
    /** Done; of a SCSI command: carried to its unit, which has its own status. */
    public static final int SUCCESS = 0;

    /** A number in the packet is out of its range. */
    public static final int INVALID_PARAMETER = 0xc000_000d;

    /** An operation that this controller does not know. */
    public static final int INVALID_DEVICE_REQUEST = 0xc000_0010;

    /** A protocol version that this controller does not speak. */
    public static final int REVISION_MISMATCH = 0xc000_0059;

    /** An operation out of its turn. */
    public static final int INVALID_DEVICE_STATE = 0xc000_0184;

    private NtStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return switch (status) {
            case SUCCESS -> "Success";
            case INVALID_PARAMETER -> "InvalidParameter";
            case INVALID_DEVICE_REQUEST -> "InvalidDeviceRequest";
            case REVISION_MISMATCH -> "RevisionMismatch";
            case INVALID_DEVICE_STATE -> "InvalidDeviceState";
            default -> "[0x" + Integer.toHexString(status) + "]";
        };
    }
}
