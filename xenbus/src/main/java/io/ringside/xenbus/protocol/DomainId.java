package io.ringside.xenbus.protocol;

/**
 * Numbers of domains: 15 bits, the highest sixteen reserved.
 *
 * <p>Source: {@code DOMID_*}, xen/xen.h.
 */
public final class DomainId {
    /** The first number that is no domain. */
    public static final int FIRST_RESERVED = 0x7FF0;

    /** Whoever asks. */
    public static final int SELF = 0x7FF0;

    private DomainId() {}

    /** Whether a number can be that of a domain. Safe for any number. */
    public static boolean isDomain(final int number) {
        return number >= 0 && number < FIRST_RESERVED;
    }
}
