package io.ringside.xenbus.protocol;

/**
 * Error numbers of hypercalls, which answer with them negated.
 *
 * <p>Source: xen/errno.h, whose numbers are those of Linux.
 */
public final class XenErrno {
    /** No such domain. */
    public static final int ESRCH = 3;

    /** The request makes no sense: no such port, or a port in the wrong state. */
    public static final int EINVAL = 22;

    /** Nothing is left to hand out. */
    public static final int ENOSPC = 28;

    private XenErrno() {}
}
