package io.ringside.xen.blkfront.protocol;

/**
 * How a request ended: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code BLKIF_RSP_*}, xen/io/blkif.h.
 */
public final class BlkStatus {
    /** Done in full. */
    public static final int OKAY = 0;

    /** Failed, for whatever reason. */
    public static final int ERROR = -1;

    /** The backend does not do this operation. */
    public static final int EOPNOTSUPP = -2;

    private BlkStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return switch (status) {
            case OKAY -> "Okay";
            case ERROR -> "Error";
            case EOPNOTSUPP -> "NotSupported";
            default -> "[" + status + "]";
        };
    }
}
