package io.ringside.xenbus.protocol;

/**
 * How a grant operation went: 0, or a negative number with a name.
 *
 * <p>Source: {@code GNTST_*}, xen/grant_table.h.
 */
public final class GnttabStatus {
    /** Done. */
    public static final int OKAY = 0;

    /** The entry does not allow it: wrong state, wrong domain, or read-only. */
    public static final int GENERAL_ERROR = -1;

    /** No such domain. */
    public static final int BAD_DOMAIN = -2;

    /** The reference is beyond the table. */
    public static final int BAD_GNTREF = -3;

    /** The handle maps nothing. */
    public static final int BAD_HANDLE = -4;

    /** The address to map at is wrong. */
    public static final int BAD_VIRT_ADDR = -5;

    /** The device address is wrong. */
    public static final int BAD_DEV_ADDR = -6;

    /** The mapping domain has no handle left. */
    public static final int NO_DEVICE_SPACE = -7;

    /** The caller may not do this. */
    public static final int PERMISSION_DENIED = -8;

    /** The frame in the entry does not exist. */
    public static final int BAD_PAGE = -9;

    /** A copy would leave its page. */
    public static final int BAD_COPY_ARG = -10;

    /** The frame number does not fit. */
    public static final int ADDRESS_TOO_BIG = -11;

    /** The page is not there yet: try again. */
    public static final int EAGAIN = -12;

    /** The operation ran out of space: try again. */
    public static final int NO_SPACE = -13;

    private static final String[] NAMES = {
        "GNTST_okay",
        "GNTST_general_error",
        "GNTST_bad_domain",
        "GNTST_bad_gntref",
        "GNTST_bad_handle",
        "GNTST_bad_virt_addr",
        "GNTST_bad_dev_addr",
        "GNTST_no_device_space",
        "GNTST_permission_denied",
        "GNTST_bad_page",
        "GNTST_bad_copy_arg",
        "GNTST_address_too_big",
        "GNTST_eagain",
        "GNTST_no_space"
    };

    private GnttabStatus() {}

    /** The name of a status, or its number in brackets. */
    public static String name(final int status) {
        return status <= 0 && status > -NAMES.length ? NAMES[-status] : "[" + status + "]";
    }
}
