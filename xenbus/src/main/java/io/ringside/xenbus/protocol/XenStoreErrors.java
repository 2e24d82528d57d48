package io.ringside.xenbus.protocol;

/**
 * The names by which a xenstore refuses: on the wire an error is its name as text.
 *
 * <p>Source: {@code xsd_errors}, xen/io/xs_wire.h.
 */
public final class XenStoreErrors {
    /** The request makes no sense, or its path breaks the rules. */
    public static final String EINVAL = "EINVAL";

    /** The permissions of the node do not allow it. */
    public static final String EACCES = "EACCES";

    /** The same watch is there already. */
    public static final String EEXIST = "EEXIST";

    /** No such node, watch or transaction. */
    public static final String ENOENT = "ENOENT";

    /** A quota is used up. */
    public static final String ENOSPC = "ENOSPC";

    /** The connection is gone. */
    public static final String EIO = "EIO";

    /** Something that a transaction depends on has changed: do it again. */
    public static final String EAGAIN = "EAGAIN";

    /** Does not fit into one message, or too many watches. */
    public static final String E2BIG = "E2BIG";

    /** Only a privileged domain may give a node away. */
    public static final String EPERM = "EPERM";

    /** The daemon has no memory left for the caller. */
    public static final String ENOMEM = "ENOMEM";

    /** A transaction within a transaction. */
    public static final String EBUSY = "EBUSY";

    /** No such request. */
    public static final String ENOSYS = "ENOSYS";

    private XenStoreErrors() {}
}
