package io.ringside.xen.netfront.frontend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.protocol.NetifLimits;

/**
 * Whether a caller's frame keeps within the limits that it was told.
 *
 * <p>Errors: an {@link IllegalArgumentException} that says which it does not. Threads: one.
 */
final class FrameCheck {
    private final NetLimits limits;
    private final int maxWholeBytes;
    private final long memoryBytes;
    private final FrameHead head;

    /** A check against what was agreed on. */
    FrameCheck(final NetLimits limits, final int maxWholeBytes, final GuestMemory memory) {
        this.limits = limits;
        this.maxWholeBytes = maxWholeBytes;
        this.memoryBytes = (long) memory.frameCount() << GuestMemory.PAGE_SHIFT;
        this.head = new FrameHead(memory);
    }

    void check(final NetFrame frame) {
        final FrameMetadata metadata = frame.metadata();
        final SegmentationType cut = metadata.segmentation();
        final int most =
                cut == SegmentationType.NONE ? maxWholeBytes : NetifLimits.MAX_PACKET_BYTES;
        if (frame.totalBytes() < NetifLimits.MIN_PACKET_BYTES || frame.totalBytes() > most) {
            throw refusal("totalBytes", frame.totalBytes());
        }
        if (frame.segmentCount() > limits.maxSegments()) {
            throw refusal("segmentCount", frame.segmentCount());
        }
        for (int i = 0; i < frame.segmentCount(); i++) {
            final long address = frame.segmentAddress(i);
            if (address < 0 || address >= memoryBytes) {
                throw refusal("segmentAddress", address);
            }
        }
        if (metadata.hasVlanTag()) {
            throw refusal("vlanTag", metadata.vlanTag());
        }
        if (cut != SegmentationType.NONE) {
            checkCut(metadata);
        }
        if (metadata.checksum() == ChecksumState.BLANK) {
            checkBlank(frame);
        }
    }

    private void checkCut(final FrameMetadata metadata) {
        final boolean taken =
                metadata.segmentation() == SegmentationType.TCP_IPV4
                        ? limits.segmentsTcpIpv4()
                        : limits.segmentsTcpIpv6();
        if (!taken || metadata.segmentPayloadBytes() > NetifLimits.MAX_PACKET_BYTES) {
            throw refusal("segmentPayloadBytes", metadata.segmentPayloadBytes());
        }
    }

    /** The frame's own bytes say which of both it is, and are looked at only where it matters. */
    private void checkBlank(final NetFrame frame) {
        if (limits.checksumIpv4() && limits.checksumIpv6()) {
            return;
        }
        final FrameHeaders headers = head.read(frame);
        final boolean taken =
                headers.ipVersion() == 6 ? limits.checksumIpv6() : limits.checksumIpv4();
        if (!taken) {
            throw refusal("checksumStartBytes", frame.metadata().checksumStartBytes());
        }
    }

    private static IllegalArgumentException refusal(final String what, final long value) {
        return new IllegalArgumentException("frame outside of the limits: " + what + "=" + value);
    }
}
