package io.ringside.xenbus.protocol;

/**
 * How long a message and a path may be, in bytes.
 *
 * <p>Source: xen/io/xs_wire.h.
 */
public final class XenStoreLimits {
    /** The payload of one message. */
    public static final int PAYLOAD_BYTES = 4096;

    /** A path from the root. */
    public static final int ABSOLUTE_PATH_BYTES = 3072;

    /** A path from the caller's home. */
    public static final int RELATIVE_PATH_BYTES = 2048;

    private XenStoreLimits() {}
}
