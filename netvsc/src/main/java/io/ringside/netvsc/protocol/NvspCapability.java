package io.ringside.netvsc.protocol;

/**
 * What a guest can do, as bits of the capability word in {@code SEND_NDIS_CONFIG}.
 *
 * <p>Source: {@code struct nvsp_2_vsc_capability}, hyperv_net.h.
 */
public final class NvspCapability {
    public static final long VMQ = 1;
    public static final long CHIMNEY = 1 << 1;

    /** It can take a pass-through function; from version 5 on. */
    public static final long SRIOV = 1 << 2;

    /** A VLAN tag may travel beside the packet. */
    public static final long IEEE_8021Q = 1 << 3;

    public static final long CORRELATION_ID = 1 << 4;

    /** It follows changes of the link speed; from version 5 on. */
    public static final long TEAMING = 1 << 5;

    public static final long VIRTUAL_SUBNET_ID = 1 << 6;

    /** It takes coalesced packets; from version 6.1 on. */
    public static final long RSC = 1 << 7;

    private NvspCapability() {}
}
