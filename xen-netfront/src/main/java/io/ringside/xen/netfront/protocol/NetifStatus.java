package io.ringside.xen.netfront.protocol;

/**
 * How a request ended: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code NETIF_RSP_*}, xen/io/netif.h.
 */
public final class NetifStatus {
    /** Dropped: the guest is told of it so that it may tell others. */
    public static final int DROPPED = -2;

    /** Failed, for whatever reason. */
    public static final int ERROR = -1;

    /** Done. */
    public static final int OKAY = 0;

    /** The answer to a slot that was no request: {@link ExtraInfo}. */
    public static final int NULL = 1;

    private NetifStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return switch (status) {
            case DROPPED -> "Dropped";
            case ERROR -> "Error";
            case OKAY -> "Okay";
            case NULL -> "Null";
            default -> "[" + status + "]";
        };
    }
}
