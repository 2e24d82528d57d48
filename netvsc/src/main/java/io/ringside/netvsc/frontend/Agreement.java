package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.NvspVersion;

/**
 * What guest and host have agreed on so far, all of it checked.
 *
 * <p>Threads: one.
 */
final class Agreement {
    private static final int IPV6_HEADERS =
            NdisOffload.LSO_IPV6_EXTENSIONS | NdisOffload.LSO_TCP6_OPTIONS;

    NvspVersion version;
    int mtuBytes;
    long macAddress;
    String friendlyName = "";
    boolean isLinkUp = true;
    long linkSpeed100Bits;
    int mostPackets = 1;
    int alignmentBytes = 1;
    int channels = 1;
    int scalingEntries;
    boolean carriesVlanTags;

    // What the host does to frames that are sent.
    boolean sumsTcpIpv4;
    boolean sumsUdpIpv4;
    boolean sumsTcpIpv6;
    boolean sumsUdpIpv6;
    int cutsIpv4Bytes;
    int cutsIpv6Bytes;
    boolean cutsByVersion1;

    // What it does to frames that are received.
    boolean checksSums;
    boolean coalescesIpv4;
    boolean coalescesIpv6;
    boolean isScaling;

    Agreement(final NvspVersion newest, final int mtuBytes) {
        this.version = newest;
        this.mtuBytes = mtuBytes;
    }

    /** Takes what the host offers of what is wanted. */
    void take(final NdisOffload offered, final NetvscFeatures wanted) {
        final boolean sumsUdp = version.isAtLeast(NvspVersion.V5);
        final int sendIpv4 = wanted.checksums() ? offered.sendChecksumIpv4() : 0;
        final int sendIpv6 = wanted.checksums() ? offered.sendChecksumIpv6() : 0;
        sumsTcpIpv4 = has(sendIpv4, NdisOffload.SEND_TCP4 | NdisOffload.SEND_TCP4_OPTIONS);
        sumsUdpIpv4 = sumsUdp && has(sendIpv4, NdisOffload.SEND_UDP4);
        sumsTcpIpv6 = has(sendIpv6, NdisOffload.SEND_TCP6 | NdisOffload.SEND_TCP6_OPTIONS);
        sumsUdpIpv6 = sumsUdp && has(sendIpv6, NdisOffload.SEND_UDP6);
        checksSums =
                wanted.checksums()
                        && (offered.receiveChecksumIpv4() | offered.receiveChecksumIpv6()) != 0;
        // What is cut needs its sums done: without them none is taken.
        if (wanted.largeSends() && sumsTcpIpv4) {
            cutsByVersion1 = offered.largeSendIpv4Bytes() == 0;
            cutsIpv4Bytes =
                    bounded(
                            cutsByVersion1
                                    ? offered.largeSend1Bytes()
                                    : offered.largeSendIpv4Bytes());
        }
        if (wanted.largeSends()
                && sumsTcpIpv6
                && has(offered.largeSendIpv6Options(), IPV6_HEADERS)) {
            cutsIpv6Bytes = bounded(offered.largeSendIpv6Bytes());
        }
        final boolean coalesces = wanted.coalescing() && version.hasReceiveCoalescing();
        coalescesIpv4 = coalesces && offered.coalescesIpv4();
        coalescesIpv6 = coalesces && offered.coalescesIpv6();
    }

    private static boolean has(final int offered, final int wanted) {
        return (offered & wanted) == wanted;
    }

    private static int bounded(final long most) {
        return (int) Math.min(most, TransmitPath.MOST_FRAME_BYTES);
    }

    /** The host did not take what was taken of its offer. */
    void takeNothing() {
        sumsTcpIpv4 = false;
        sumsUdpIpv4 = false;
        sumsTcpIpv6 = false;
        sumsUdpIpv6 = false;
        cutsIpv4Bytes = 0;
        cutsIpv6Bytes = 0;
        checksSums = false;
        coalescesIpv4 = false;
        coalescesIpv6 = false;
    }

    boolean coalesces() {
        return coalescesIpv4 || coalescesIpv6;
    }
}
