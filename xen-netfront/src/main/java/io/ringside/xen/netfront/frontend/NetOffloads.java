package io.ringside.xen.netfront.frontend;

/**
 * What both ends may leave to each other, in either direction.
 *
 * @param scatterGather packets of several pieces
 * @param checksumIpv4 checksums over IPv4 that are still to be done
 * @param checksumIpv6 checksums over IPv6 that are still to be done
 * @param segmentsTcpIpv4 packets that are to be cut into TCP over IPv4; never without {@code
 *     scatterGather} and {@code checksumIpv4}, since who cuts does the checksums
 * @param segmentsTcpIpv6 packets that are to be cut into TCP over IPv6; never without {@code
 *     scatterGather} and {@code checksumIpv6}
 */
public record NetOffloads(
        boolean scatterGather,
        boolean checksumIpv4,
        boolean checksumIpv6,
        boolean segmentsTcpIpv4,
        boolean segmentsTcpIpv6) {
    /** Packets of one piece each, ready for a wire. */
    public static final NetOffloads NONE = new NetOffloads(false, false, false, false, false);

    /** All that the protocol has. */
    public static final NetOffloads ALL = new NetOffloads(true, true, true, true, true);

    /** Leaves cutting out where what it takes is missing. */
    public NetOffloads {
        segmentsTcpIpv4 &= scatterGather & checksumIpv4;
        segmentsTcpIpv6 &= scatterGather & checksumIpv6;
    }
}
