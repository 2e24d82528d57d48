package io.ringside.xenbus.protocol;

/**
 * Error numbers of hypercalls, which answer with them negated.
 *
 * <p>Source: xen/errno.h, whose numbers are those of Linux.
 */
public final class XenErrno {
    /** The caller may not do this. */
    public static final int EPERM = 1;

    /** No such processor. */
    public static final int ENOENT = 2;

    /** No such domain. */
    public static final int ESRCH = 3;

    /** No memory is left. */
    public static final int ENOMEM = 12;

    /** An address that the caller does not have. */
    public static final int EFAULT = 14;

    /** Something is still in use. */
    public static final int EBUSY = 16;

    /** It is bound already. */
    public static final int EEXIST = 17;

    /** The request makes no sense: no such port, or a port in the wrong state. */
    public static final int EINVAL = 22;

    /** Nothing is left to hand out. */
    public static final int ENOSPC = 28;

    /** A number does not fit. */
    public static final int ERANGE = 34;

    /** The hypervisor does not have it. */
    public static final int ENOSYS = 38;

    /** Not in this state of things. */
    public static final int EOPNOTSUPP = 95;

    private XenErrno() {}
}
