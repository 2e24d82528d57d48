package io.ringside.xen.netfront.frontend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.GsoType;
import org.jspecify.annotations.Nullable;

/**
 * What a backend tells beside the pieces of one received packet, as far as it was asked to.
 *
 * <p>Threads: one.
 */
final class ReceiveExtras {
    private static final int MOST = 8; // More than there are kinds.

    private final NetOffloads taken;
    private boolean takesHeadroom;
    private boolean takesHashes;

    private int count;
    private int seen; // kinds, as bits
    private SegmentationType segmentation = SegmentationType.NONE;
    private int segmentBytes;
    private @Nullable HashType hashType;
    private int hash;
    private int headroomBytes;

    ReceiveExtras(final NetOffloads taken) {
        this.taken = taken;
    }

    /** The backend was asked for headroom. */
    void takeHeadroom() {
        takesHeadroom = true;
    }

    /** The backend was asked for hashes. */
    void takeHashes() {
        takesHashes = true;
    }

    /** Begins a packet. */
    void reset() {
        count = 0;
        seen = 0;
        segmentation = SegmentationType.NONE;
        segmentBytes = 0;
        hashType = null;
        headroomBytes = 0;
    }

    /** Takes one record; false if it is none that we may be told, or told twice. */
    boolean take(final ExtraInfo extra) {
        final int kind = extra.type();
        count++;
        if (count > MOST || kind > ExtraInfo.XDP || (seen & 1 << kind) != 0) {
            return false;
        }
        seen |= 1 << kind;
        return switch (kind) {
            case ExtraInfo.GSO -> takeGso(extra.gsoType(), extra.gsoSegmentBytes());
            case ExtraInfo.HASH -> takeHash(extra);
            case ExtraInfo.XDP -> takeHeadroom(extra.xdpHeadroomBytes());
            default -> false;
        };
    }

    private boolean takeGso(final int type, final int bytes) {
        if (type == GsoType.TCP_IPV4 && taken.segmentsTcpIpv4()) {
            segmentation = SegmentationType.TCP_IPV4;
        } else if (type == GsoType.TCP_IPV6 && taken.segmentsTcpIpv6()) {
            segmentation = SegmentationType.TCP_IPV6;
        }
        segmentBytes = bytes;
        return segmentation != SegmentationType.NONE && taken.scatterGather() && bytes > 0;
    }

    private boolean takeHash(final ExtraInfo extra) {
        hashType = HashNames.type(extra.hashType());
        hash = extra.hashValue();
        return takesHashes && hashType != null && extra.hashAlgorithm() == HashNames.TOEPLITZ;
    }

    private boolean takeHeadroom(final int bytes) {
        headroomBytes = bytes;
        return takesHeadroom && bytes < GuestMemory.PAGE_BYTES;
    }

    /** Bytes at the start of each piece's page that are none of the packet. */
    int headroomBytes() {
        return headroomBytes;
    }

    /** Whether a packet that is to be cut has the headers to be cut as it is told. */
    boolean isCutAs(final FrameHead head, final NetFrame frame) {
        return segmentation == SegmentationType.NONE
                || head.hasWholeTcp(frame, segmentation == SegmentationType.TCP_IPV4 ? 4 : 6);
    }

    /** Tells the workload. */
    void tell(final FrameMetadata metadata) {
        if (segmentation != SegmentationType.NONE) {
            metadata.segmentInto(segmentation, segmentBytes);
        }
        if (hashType != null) {
            metadata.hash(hashType, hash);
        }
    }
}
