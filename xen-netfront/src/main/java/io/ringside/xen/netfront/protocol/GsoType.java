package io.ringside.xen.netfront.protocol;

/**
 * What a packet is to be cut into: numbers with names, since a peer may write anything.
 *
 * <p>Source: {@code XEN_NETIF_GSO_TYPE_*}, xen/io/netif.h.
 */
public final class GsoType {
    /** Nothing: the packet stays whole. */
    public static final int NONE = 0;

    /** TCP over IPv4. */
    public static final int TCP_IPV4 = 1;

    /** TCP over IPv6. */
    public static final int TCP_IPV6 = 2;

    private GsoType() {}
}
