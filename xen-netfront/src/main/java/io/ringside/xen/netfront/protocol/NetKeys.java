package io.ringside.xen.netfront.protocol;

/**
 * The names that the two ends of a virtual network use in the xenstore, each in its own directory.
 *
 * <p>Values are decimal unless said otherwise; features are 0 or 1 and 0 when missing.
 *
 * <p>Source: the comments of xen/io/netif.h, and what Linux's own ends read and write.
 */
public final class NetKeys {
    /** The directory of virtual networks below {@code device} and {@code backend}. */
    public static final String DEVICE_CLASS = "vif";

    // The frontend's. Those of a queue stand in its directory where there are several.

    /** Grant reference of the page of the ring on which the guest sends. */
    public static final String TX_RING_REF = "tx-ring-ref";

    /** Grant reference of the page of the ring on which the guest receives. */
    public static final String RX_RING_REF = "rx-ring-ref";

    /** Port that the backend binds, for both rings of a queue. */
    public static final String EVENT_CHANNEL = "event-channel";

    /** Port that the backend binds for the ring on which the guest sends, where there are two. */
    public static final String EVENT_CHANNEL_TX = "event-channel-tx";

    /** Port that the backend binds for the ring on which the guest receives, as above. */
    public static final String EVENT_CHANNEL_RX = "event-channel-rx";

    /** How many queues there are; 1 when missing. */
    public static final String NUM_QUEUES = "multi-queue-num-queues";

    /** Must be 1: what is received is copied into pages that are lent. */
    public static final String REQUEST_RX_COPY = "request-rx-copy";

    /** Whether the frontend notifies when it offers pages. */
    public static final String FEATURE_RX_NOTIFY = "feature-rx-notify";

    /** 1 if the checksum of TCP and UDP over IPv4 must be there in what is received. */
    public static final String FEATURE_NO_CSUM_OFFLOAD = "feature-no-csum-offload";

    /** Whether multicasts are to be held back unless asked for. */
    public static final String REQUEST_MULTICAST_CONTROL = "request-multicast-control";

    /** Grant reference of the page of the control ring. */
    public static final String CTRL_RING_REF = "ctrl-ring-ref";

    /** Port that the backend binds for the control ring. */
    public static final String EVENT_CHANNEL_CTRL = "event-channel-ctrl";

    /** Bytes by which everything that is received is to be moved in its page. */
    public static final String XDP_HEADROOM = "xdp-headroom";

    /** By the toolstack: the address of the card, six pairs of hexadecimal digits with colons. */
    public static final String MAC = "mac";

    /** By the toolstack: most bytes behind the Ethernet header; 1500 when missing. */
    public static final String MTU = "mtu";

    /** By the toolstack: 0 if the backend must see nothing but the packets; 1 when missing. */
    public static final String TRUSTED = "trusted";

    /** By the toolstack: the number of the network, which is also that of its directory. */
    public static final String HANDLE = "handle";

    // Of both: whether the end takes it.

    /** Packets of several pieces. */
    public static final String FEATURE_SG = "feature-sg";

    /** Packets that are to be cut into TCP over IPv4. */
    public static final String FEATURE_GSO_TCPV4 = "feature-gso-tcpv4";

    /** Packets that are to be cut into TCP over IPv6. */
    public static final String FEATURE_GSO_TCPV6 = "feature-gso-tcpv6";

    /** Packets over IPv6 whose checksum is still to be done. */
    public static final String FEATURE_IPV6_CSUM_OFFLOAD = "feature-ipv6-csum-offload";

    // The backend's.

    /** Whether what is received can be copied; a frontend wants nothing else. */
    public static final String FEATURE_RX_COPY = "feature-rx-copy";

    /** Whether pages can be exchanged instead: always 0. */
    public static final String FEATURE_RX_FLIP = "feature-rx-flip";

    /** Whether {@link ExtraInfo#MULTICAST_ADD} and {@link ExtraInfo#MULTICAST_DELETE} are known. */
    public static final String FEATURE_MULTICAST_CONTROL = "feature-multicast-control";

    /** Whether {@link #REQUEST_MULTICAST_CONTROL} may change while the two are connected. */
    public static final String FEATURE_DYNAMIC_MULTICAST_CONTROL =
            "feature-dynamic-multicast-control";

    /** Whether a queue may have two ports. */
    public static final String FEATURE_SPLIT_EVENT_CHANNELS = "feature-split-event-channels";

    /** Highest {@link #NUM_QUEUES}; 1 when missing. */
    public static final String MAX_QUEUES = "multi-queue-max-queues";

    /** Whether there may be a control ring. */
    public static final String FEATURE_CTRL_RING = "feature-ctrl-ring";

    /** Whether {@link #XDP_HEADROOM} is known. */
    public static final String FEATURE_XDP_HEADROOM = "feature-xdp-headroom";

    /** Whether there is a link; 1 when missing. */
    public static final String CARRIER = "carrier";

    /** By the hotplug script: {@code connected} once the network is there. */
    public static final String HOTPLUG_STATUS = "hotplug-status";

    /** By the toolstack: bytes and microseconds with a comma between, how much may be sent. */
    public static final String RATE = "rate";

    /** By the toolstack: name of the hotplug script. */
    public static final String SCRIPT = "script";

    /** By the toolstack: what network the script joins. */
    public static final String BRIDGE = "bridge";

    private NetKeys() {}

    /** The directory of one queue, below the frontend's, where there are several. */
    public static String queue(final int index) {
        return "queue-" + index;
    }
}
