package io.ringside.netvsc.backend;

import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.OffloadParameters;
import io.ringside.netvsc.protocol.RndisStatus;

/**
 * What a device does to frames for its guest: what it offers, and what of it the guest has taken.
 *
 * <p>A guest may ask for work on a frame that it sends whatever it has taken, if it is offered. Of
 * received frames it is told, or given in one, only what it has taken. Threads: one.
 */
final class OffloadState {
    /** Most bytes of a frame to be cut that guests are told. */
    static final int MOST_LARGE_SEND_BYTES = 62_780;

    private static final int LEAST_SEGMENTS = 2;
    private static final int SEND_IPV4 =
            NdisOffload.SEND_IPV4_OPTIONS
                    | NdisOffload.SEND_TCP4_OPTIONS
                    | NdisOffload.SEND_TCP4
                    | NdisOffload.SEND_UDP4
                    | NdisOffload.SEND_IPV4;
    private static final int RECEIVE_IPV4 =
            NdisOffload.RECEIVE_IPV4_OPTIONS
                    | NdisOffload.RECEIVE_TCP4_OPTIONS
                    | NdisOffload.RECEIVE_TCP4
                    | NdisOffload.RECEIVE_UDP4;
    private static final int SEND_IPV6 =
            NdisOffload.SEND_IPV6_EXTENSIONS
                    | NdisOffload.SEND_TCP6_OPTIONS
                    | NdisOffload.SEND_TCP6
                    | NdisOffload.SEND_UDP6;
    private static final int RECEIVE_IPV6 =
            NdisOffload.RECEIVE_IPV6_EXTENSIONS
                    | NdisOffload.RECEIVE_TCP6_OPTIONS
                    | NdisOffload.RECEIVE_TCP6
                    | NdisOffload.RECEIVE_UDP6;
    private static final int LARGE_SEND_IPV6 =
            NdisOffload.LSO_IPV6_EXTENSIONS | NdisOffload.LSO_TCP6_OPTIONS;

    private final NetvspOffloads offered;
    private boolean offersCoalescing;
    private boolean tcpIpv4;
    private boolean udpIpv4;
    private boolean tcpIpv6;
    private boolean udpIpv6;
    private boolean coalescedIpv4;
    private boolean coalescedIpv6;

    OffloadState(final NetvspOffloads offered) {
        this.offered = offered;
    }

    /** Nothing is taken; coalesced frames are offered only if the guest can take them. */
    void reset(final boolean canCoalesce) {
        offersCoalescing = offered.coalescing() && canCoalesce;
        tcpIpv4 = false;
        udpIpv4 = false;
        tcpIpv6 = false;
        udpIpv6 = false;
        coalescedIpv4 = false;
        coalescedIpv6 = false;
    }

    /** Whether the guest takes the word of the host for the checksum of such a frame. */
    boolean tellsChecksum(final int ipVersion, final boolean tcp) {
        if (ipVersion == 4) {
            return tcp ? tcpIpv4 : udpIpv4;
        }
        return tcp ? tcpIpv6 : udpIpv6;
    }

    /** Whether the guest takes long frames of TCP in one, checksums and all. */
    boolean coalesces(final boolean ipv6) {
        return ipv6 ? coalescedIpv6 && tcpIpv6 : coalescedIpv4 && tcpIpv4;
    }

    /** Writes what is offered. */
    void put(final NdisOffload offer) {
        if (offered.checksums()) {
            offer.putChecksumIpv4(SEND_IPV4, RECEIVE_IPV4).putChecksumIpv6(SEND_IPV6, RECEIVE_IPV6);
        }
        if (offered.largeSends() != LargeSends.NONE) {
            offer.putLargeSend1(MOST_LARGE_SEND_BYTES, LEAST_SEGMENTS);
        }
        if (offered.largeSends() == LargeSends.BOTH) {
            offer.putLargeSendIpv4(MOST_LARGE_SEND_BYTES, LEAST_SEGMENTS)
                    .putLargeSendIpv6(MOST_LARGE_SEND_BYTES, LEAST_SEGMENTS, LARGE_SEND_IPV6);
        }
        if (offersCoalescing && offer.size() == NdisOffload.BYTES) {
            offer.putCoalescing(true, true);
        }
    }

    /** Takes what a guest wants, or nothing of it, and returns an RNDIS status. */
    int set(final OffloadParameters wanted) {
        if (wanted.objectType() != OffloadParameters.OBJECT_TYPE
                || !isSum(wanted.checksumIpv4())
                || !isSum(wanted.checksumTcpIpv4())
                || !isSum(wanted.checksumUdpIpv4())
                || !isSum(wanted.checksumTcpIpv6())
                || !isSum(wanted.checksumUdpIpv6())
                || !isSwitch(wanted.largeSend1())
                || !isSwitch(wanted.largeSendIpv4())
                || !isSwitch(wanted.largeSendIpv6())
                || !isSwitch(wanted.coalescingIpv4())
                || !isSwitch(wanted.coalescingIpv6())) {
            return RndisStatus.INVALID_DATA;
        }
        if (!isOffered(wanted)) {
            return RndisStatus.NOT_SUPPORTED;
        }
        tcpIpv4 = receives(wanted.checksumTcpIpv4(), tcpIpv4);
        udpIpv4 = receives(wanted.checksumUdpIpv4(), udpIpv4);
        tcpIpv6 = receives(wanted.checksumTcpIpv6(), tcpIpv6);
        udpIpv6 = receives(wanted.checksumUdpIpv6(), udpIpv6);
        coalescedIpv4 = isOn(wanted.coalescingIpv4(), coalescedIpv4);
        coalescedIpv6 = isOn(wanted.coalescingIpv6(), coalescedIpv6);
        return RndisStatus.SUCCESS;
    }

    /**
     * Takes the word of the host for the checksums of one kind of frame, or does so no more: 0 for
     * TCP over IPv4, 1 for UDP, 2 and 3 for both over IPv6. What is not offered is not taken.
     */
    void take(final int kind, final boolean wanted) {
        final boolean taken = wanted && offered.checksums();
        switch (kind) {
            case 0 -> tcpIpv4 = taken;
            case 1 -> udpIpv4 = taken;
            case 2 -> tcpIpv6 = taken;
            default -> udpIpv6 = taken;
        }
    }

    private static boolean isSum(final int value) {
        return value <= OffloadParameters.SUMS_BOTH;
    }

    private static boolean isSwitch(final int value) {
        return value <= OffloadParameters.ON;
    }

    private boolean isOffered(final OffloadParameters wanted) {
        final boolean sums =
                wanted.checksumIpv4() > OffloadParameters.SUMS_OFF
                        || wanted.checksumTcpIpv4() > OffloadParameters.SUMS_OFF
                        || wanted.checksumUdpIpv4() > OffloadParameters.SUMS_OFF
                        || wanted.checksumTcpIpv6() > OffloadParameters.SUMS_OFF
                        || wanted.checksumUdpIpv6() > OffloadParameters.SUMS_OFF;
        final boolean largeSends2 =
                wanted.largeSendIpv4() == OffloadParameters.ON
                        || wanted.largeSendIpv6() == OffloadParameters.ON;
        final boolean largeSends = wanted.largeSend1() == OffloadParameters.ON || largeSends2;
        final boolean coalescing =
                wanted.coalescingIpv4() == OffloadParameters.ON
                        || wanted.coalescingIpv6() == OffloadParameters.ON;
        return (!sums || offered.checksums())
                && (!largeSends || offered.largeSends() != LargeSends.NONE)
                && (!largeSends2 || offered.largeSends() == LargeSends.BOTH)
                && (!coalescing || offersCoalescing);
    }

    private static boolean receives(final int value, final boolean before) {
        return value == OffloadParameters.NO_CHANGE
                ? before
                : value == OffloadParameters.SUMS_RECEIVING || value == OffloadParameters.SUMS_BOTH;
    }

    private static boolean isOn(final int value, final boolean before) {
        return value == OffloadParameters.NO_CHANGE ? before : value == OffloadParameters.ON;
    }
}
