package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.OffloadParameters;
import io.ringside.netvsc.protocol.RndisRequest;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a guest says of offloads: which revision it asks for, and what it wants done.
 *
 * <p>Threads: one.
 */
final class OffloadSettings {
    private final Agreement agreement;
    private final NdisOffload offload = new NdisOffload();
    private final OffloadParameters parameters = new OffloadParameters();

    OffloadSettings(final Agreement agreement) {
        this.agreement = agreement;
    }

    /** Writes the struct that a query brings along, empty but for its length; its bytes. */
    int putQuestion(final UnsafeBuffer message) {
        final int lengthBytes = NdisOffload.bytes(agreement.version);
        offload.wrap(message, RndisRequest.INFO_OFFSET, lengthBytes)
                .putNothing(NdisOffload.revision(agreement.version));
        return lengthBytes;
    }

    /** Writes what is wanted; its bytes. */
    int putParameters(final UnsafeBuffer message) {
        final int lengthBytes =
                agreement.version.isAtLeast(NvspVersion.V5)
                        ? OffloadParameters.BYTES
                        : OffloadParameters.BYTES_VERSION_4;
        parameters
                .wrap(message, RndisRequest.INFO_OFFSET, lengthBytes)
                .putNothing()
                .putChecksumIpv4(
                        sums(false), sums(agreement.sumsTcpIpv4), sums(agreement.sumsUdpIpv4))
                .putChecksumIpv6(sums(agreement.sumsTcpIpv6), sums(agreement.sumsUdpIpv6))
                .putLargeSend(
                        onOrOff(agreement.cutsByVersion1 && agreement.cutsIpv4Bytes != 0),
                        onOrOff(!agreement.cutsByVersion1 && agreement.cutsIpv4Bytes != 0),
                        onOrOff(agreement.cutsIpv6Bytes != 0));
        if (lengthBytes == OffloadParameters.BYTES) {
            parameters.putCoalescing(
                    onOrOff(agreement.coalescesIpv4), onOrOff(agreement.coalescesIpv6));
        }
        return lengthBytes;
    }

    private int sums(final boolean sending) {
        if (sending) {
            return agreement.checksSums
                    ? OffloadParameters.SUMS_BOTH
                    : OffloadParameters.SUMS_SENDING;
        }
        return agreement.checksSums ? OffloadParameters.SUMS_RECEIVING : OffloadParameters.SUMS_OFF;
    }

    private static int onOrOff(final boolean isOn) {
        return isOn ? OffloadParameters.ON : OffloadParameters.OFF;
    }
}
