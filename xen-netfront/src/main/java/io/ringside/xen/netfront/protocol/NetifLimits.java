package io.ringside.xen.netfront.protocol;

/**
 * Bounds that both ends of a virtual network keep.
 *
 * <p>Source: xen/io/netif.h, and what Linux's own ends do where the header leaves it open.
 */
public final class NetifLimits {
    /** Slots of the ring on which the guest sends, which is one page. */
    public static final int TX_SLOTS = 256;

    /** Slots of the ring on which the guest receives, which is one page. */
    public static final int RX_SLOTS = 256;

    /** Slots of the control ring, which is one page. */
    public static final int CTRL_SLOTS = 128;

    /**
     * Most slots of one packet that everybody takes: {@code XEN_NETIF_NR_SLOTS_MIN}. Linux's
     * backend does not count the first.
     */
    public static final int PACKET_SLOTS = 18;

    /**
     * Linux's backend still refuses a packet with so many slots behind the first, rather than the
     * guest: {@code FATAL_SKB_SLOTS_DEFAULT}.
     */
    public static final int REFUSED_PACKET_SLOTS = 20;

    /** Bytes of the longest packet: {@code XEN_NETIF_MAX_TX_SIZE}. */
    public static final int MAX_PACKET_BYTES = 65_535;

    /** Bytes of the shortest packet: an Ethernet header. */
    public static final int MIN_PACKET_BYTES = 14;

    /** Most addresses that one guest may ask for: {@code XEN_NETBK_MCAST_MAX}. */
    public static final int MAX_MULTICAST_ADDRESSES = 64;

    /** Most bytes by which what is received may be moved: {@code XEN_NETIF_MAX_XDP_HEADROOM}. */
    public static final int MAX_XDP_HEADROOM_BYTES = 32_767;

    /** Most queues of one network. The protocol knows no bound; this is ours. */
    public static final int QUEUES = 16;

    /** Bytes that one packet carries behind its Ethernet header, when nothing else is said. */
    public static final int DEFAULT_MTU_BYTES = 1500;

    private NetifLimits() {}
}
