package io.ringside.netvsc.protocol;

/**
 * Which frames a guest wants: the bits of {@link Oid#GEN_CURRENT_PACKET_FILTER}.
 *
 * <p>Source: {@code NDIS_PACKET_TYPE_*}, hyperv_net.h.
 */
public final class PacketFilter {
    /** None: as before the first filter is set. */
    public static final int NONE = 0;

    public static final int DIRECTED = 1;
    public static final int MULTICAST = 1 << 1;
    public static final int ALL_MULTICAST = 1 << 2;
    public static final int BROADCAST = 1 << 3;
    public static final int PROMISCUOUS = 1 << 5;

    private PacketFilter() {}
}
