package io.ringside.xen.netfront.backend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TcpSegmenter;
import io.ringside.device.frame.TransportChecksum;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.TxRequest;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Hands the packets of one queue to the network, one after the other, and does first what the
 * network does not do: checksums, and cutting.
 *
 * <p>A packet that the network has no room for is tried again, from where it stopped: nothing else
 * is sent before. Threads: one.
 */
final class TransmitOutput {
    /** Most segments of one packet: those of 64 KiB with the least that every host must take. */
    private static final int MAX_SEGMENTS = 128;

    private static final int CUT_BYTES = 1 << 16;

    private final PacketPort port;
    private final UnsafeBuffer bytes;
    private final Packet whole = new Packet(1, 0);
    private final Packet segment = new Packet(1, 1);
    private final FrameMetadata segmentMetadata = new FrameMetadata();
    private final TransportChecksum checksum = new TransportChecksum();
    private final TcpSegmenter segmenter = new TcpSegmenter(MAX_SEGMENTS);
    private final boolean cuts;
    private final UnsafeBuffer cut;

    private boolean underWay;
    private boolean isCut;
    private boolean segmentWaits;

    /** What {@link #send} found. */
    enum Result {
        /** The network has it. */
        SENT,
        /** The network has no room now. */
        WAITS,
        /** It is not fit to be sent. */
        REFUSED
    }

    private NetbackRefusal refusal = NetbackRefusal.CHECKSUM;

    /** An output of packets that lie in one memory. */
    TransmitOutput(final PacketPort port, final UnsafeBuffer bytes) {
        this.port = port;
        this.bytes = bytes;
        cuts = !port.takesUncutFrames() || !port.takesBlankChecksums();
        cut =
                cuts
                        ? new UnsafeBuffer(ByteBuffer.allocateDirect(CUT_BYTES))
                        : new UnsafeBuffer(0, 0);
    }

    /** Sends a packet, or what is left of it since the last time. */
    Result send(final TakenPacket packet) {
        if (!underWay) {
            if (!prepare(packet)) {
                return Result.REFUSED;
            }
            underWay = true;
        }
        final Result result = isCut ? sendSegments() : sendWhole();
        underWay = result == Result.WAITS;
        return result;
    }

    /** Why the last packet was refused. */
    NetbackRefusal refusal() {
        return refusal;
    }

    private boolean prepare(final TakenPacket packet) {
        whole.reset().add(bytes, packet.stagedAt, packet.totalBytes());
        final FrameMetadata metadata = whole.metadata();
        if (packet.isHashed()) {
            metadata.hash(ReceiveHash.type(packet.hashType()), packet.hash());
        }
        isCut = packet.isGso() && cuts;
        if (packet.isGso()) {
            metadata.segmentInto(
                    packet.gsoType() == GsoType.TCP_IPV4
                            ? SegmentationType.TCP_IPV4
                            : SegmentationType.TCP_IPV6,
                    packet.gsoBytes());
        } else if (packet.totalBytes() > port.maxFrameBytes()) {
            refusal = NetbackRefusal.LONG_PACKET;
            return false;
        }
        refusal = NetbackRefusal.CHECKSUM;
        if (packet.isGso() && !beginCut(metadata)) {
            return false;
        }
        if (isCut) {
            return true;
        }
        if (packet.isGso() || (packet.flags() & TxRequest.CHECKSUM_BLANK) != 0) {
            return checksum.locate(whole, metadata)
                    && (port.takesBlankChecksums() || fillIn(packet, metadata));
        }
        if ((packet.flags() & TxRequest.DATA_VALIDATED) != 0) {
            metadata.checksumValidated();
        }
        return true;
    }

    /** Judges the headers of a packet whoever cuts it; somebody else may make more of it. */
    private boolean beginCut(final FrameMetadata metadata) {
        final TcpSegmenter.Start start =
                segmenter.begin(whole, metadata, port.takesBlankChecksums());
        return isCut
                ? start == TcpSegmenter.Start.READY && segmenter.segmentBytes() <= CUT_BYTES
                : start == TcpSegmenter.Start.READY || start == TcpSegmenter.Start.TOO_MANY;
    }

    private boolean fillIn(final TakenPacket packet, final FrameMetadata metadata) {
        return metadata.checksum() == ChecksumState.BLANK
                && InternetChecksum.fillIn(bytes, packet.stagedAt, packet.totalBytes(), metadata);
    }

    private Result sendWhole() {
        return port.send(whole) ? Result.SENT : Result.WAITS;
    }

    private Result sendSegments() {
        while (segmentWaits || segmenter.hasNext()) {
            if (!segmentWaits) {
                final int lengthBytes = segmenter.next(cut, 0, segmentMetadata);
                segment.reset().add(cut, 0, lengthBytes).metadata().copyFrom(segmentMetadata);
            }
            segmentWaits = !port.send(segment);
            if (segmentWaits) {
                return Result.WAITS;
            }
        }
        return Result.SENT;
    }
}
