package io.ringside.xen.netfront.protocol;

/**
 * The words in which a guest says how its packets are to be hashed.
 *
 * <p>A hash type has a number, which stands in {@link ExtraInfo}, and a bit, which stands in {@link
 * CtrlType#GET_HASH_FLAGS} and {@link CtrlType#SET_HASH_FLAGS}: {@code 1 << number}.
 *
 * <p>Source: {@code XEN_NETIF_CTRL_HASH_*}, xen/io/netif.h; the bounds are Linux's backend's.
 */
public final class HashControl {
    /** Number of: both addresses of IPv4. */
    public static final int IPV4 = 0;

    /** Number of: both addresses of IPv4, both ports of TCP. */
    public static final int IPV4_TCP = 1;

    /** Number of: both addresses of IPv6. */
    public static final int IPV6 = 2;

    /** Number of: both addresses of IPv6, both ports of TCP. */
    public static final int IPV6_TCP = 3;

    /** Bit of {@link #IPV4}. */
    public static final int IPV4_BIT = 1 << IPV4;

    /** Bit of {@link #IPV4_TCP}. */
    public static final int IPV4_TCP_BIT = 1 << IPV4_TCP;

    /** Bit of {@link #IPV6}. */
    public static final int IPV6_BIT = 1 << IPV6;

    /** Bit of {@link #IPV6_TCP}. */
    public static final int IPV6_TCP_BIT = 1 << IPV6_TCP;

    /** All bits that have a name. */
    public static final int ALL_BITS = IPV4_BIT | IPV4_TCP_BIT | IPV6_BIT | IPV6_TCP_BIT;

    /** Algorithm: no hash; the backend chooses any queue. */
    public static final int ALGORITHM_NONE = 0;

    /** Algorithm: Toeplitz. */
    public static final int ALGORITHM_TOEPLITZ = 1;

    /** Bytes of the longest key: {@code XEN_NETBK_MAX_HASH_KEY_SIZE}. */
    public static final int MAX_KEY_BYTES = 40;

    /** Most entries of a table of queues: {@code XEN_NETBK_MAX_HASH_MAPPING_SIZE}. */
    public static final int MAX_MAPPING_ENTRIES = 128;

    private HashControl() {}
}
