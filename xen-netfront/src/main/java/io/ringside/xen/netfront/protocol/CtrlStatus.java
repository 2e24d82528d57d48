package io.ringside.xen.netfront.protocol;

/**
 * How a {@link CtrlRequest} ended, or one {@link NetifGref} of it: numbers with names, since a peer
 * may write anything.
 *
 * <p>Source: {@code XEN_NETIF_CTRL_STATUS_*}, xen/io/netif.h.
 */
public final class CtrlStatus {
    /** Done. */
    public static final int SUCCESS = 0;

    /** The backend does not know this request. */
    public static final int NOT_SUPPORTED = 1;

    /** The backend knows it, but not with these data. */
    public static final int INVALID_PARAMETER = 2;

    /** More than the backend has room for. */
    public static final int BUFFER_OVERFLOW = 3;

    private CtrlStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return switch (status) {
            case SUCCESS -> "Success";
            case NOT_SUPPORTED -> "NotSupported";
            case INVALID_PARAMETER -> "InvalidParameter";
            case BUFFER_OVERFLOW -> "BufferOverflow";
            default -> "[" + status + "]";
        };
    }
}
