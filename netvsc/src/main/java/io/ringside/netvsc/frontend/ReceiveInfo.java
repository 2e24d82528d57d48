package io.ringside.netvsc.frontend;

import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.netvsc.protocol.ChecksumInfo;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.netvsc.protocol.VlanInfo;
import org.agrona.DirectBuffer;

/**
 * What the host says of a received frame, as a workload reads it: a hash, a VLAN tag, a sum that
 * was found right. The host does not tell what a hash was taken over: the headers do.
 *
 * <p>Threads: one.
 */
final class ReceiveInfo {
    private static final int SUCCEEDED = ChecksumInfo.TCP_SUCCEEDED | ChecksumInfo.UDP_SUCCEEDED;
    private static final int FAILED =
            ChecksumInfo.TCP_FAILED | ChecksumInfo.UDP_FAILED | ChecksumInfo.IP_FAILED;

    private final Agreement agreement;
    private final FrameHeaders headers = new FrameHeaders();

    ReceiveInfo(final Agreement agreement) {
        this.agreement = agreement;
    }

    /** Notes in the metadata of a frame what is said of it. */
    void tell(
            final PerPacketInfo info,
            final DirectBuffer bytes,
            final RndisPacket message,
            final FrameMetadata metadata) {
        if (info.hasChecksum()
                && agreement.checksSums
                && (info.checksum() & SUCCEEDED) != 0
                && (info.checksum() & FAILED) == 0) {
            metadata.checksumValidated();
        }
        if (info.hasVlan()) {
            metadata.vlanTag(VlanInfo.tag(info.vlan()));
        }
        if (info.hasHash()) {
            metadata.hash(hashType(bytes, message), info.hash());
        }
    }

    private HashType hashType(final DirectBuffer bytes, final RndisPacket message) {
        headers.read(
                bytes,
                message.frameOffset(),
                Math.min(message.frameBytes(), FrameHeaders.MAX_BYTES));
        return HashType.of(headers);
    }
}
