package io.ringside.netvsc.frontend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;

/**
 * Which frames a device takes: what is outside is the workload's fault and throws.
 *
 * <p>Threads: one.
 */
final class FrameLimits {
    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;

    private FrameLimits() {}

    /** Throws {@link IllegalArgumentException} if the frame is outside of the device's limits. */
    static void check(final NetFrame frame, final Agreement agreement) {
        final FrameMetadata metadata = frame.metadata();
        final int frameBytes = frame.totalBytes();
        final boolean isCut = metadata.segmentation() != SegmentationType.NONE;
        if (frameBytes < ETHERNET_BYTES
                || frame.segmentCount() > TransmitPath.MOST_SEGMENTS
                || !isCut && frameBytes > agreement.mtuBytes + ETHERNET_BYTES + TAG_BYTES) {
            throw new IllegalArgumentException(
                    "frame out of limits: totalBytes="
                            + frameBytes
                            + " segmentCount="
                            + frame.segmentCount());
        }
        final boolean mayBeCut =
                switch (metadata.segmentation()) {
                    case NONE -> true;
                    case TCP_IPV4 -> agreement.cutsIpv4Bytes != 0;
                    case TCP_IPV6 -> agreement.cutsIpv6Bytes != 0;
                };
        final boolean isBlank = !isCut && metadata.checksum() == ChecksumState.BLANK;
        if (!mayBeCut
                || isBlank && !agreement.sumsTcpIpv4 && !agreement.sumsTcpIpv6
                || metadata.hasVlanTag() && !agreement.carriesVlanTags) {
            throw new IllegalArgumentException(
                    "offload out of limits: segmentation="
                            + metadata.segmentation()
                            + " checksum="
                            + metadata.checksum()
                            + " hasVlanTag="
                            + metadata.hasVlanTag());
        }
    }
}
