package io.ringside.device.frame;

import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one frame of TCP that is longer than the link allows into frames that are not.
 *
 * <pre>
 *   +---------+-----------+-----------+-----+
 *   | headers | payload 0 | payload 1 | p 2 |
 *   +---------+-----------+-----------+-----+
 *        |
 *        +--&gt; headers, payload 0      CWR stays here alone
 *        +--&gt; headers, payload 1      identification + 1, sequence number + payload bytes
 *        +--&gt; headers, p 2            FIN and PSH stay here alone
 * </pre>
 *
 * <p>Lengths of IP are written anew, whatever stood there (Hyper-V's guests leave a zero), and so
 * are the checksums of IP and TCP. The headers are copied once and only the copy is believed; the
 * payload is what the frame's memory holds while each piece is written. All the headers together
 * have at most {@link FrameHeaders#MAX_BYTES} bytes.
 *
 * <p>One frame at a time: {@link #begin}, then {@link #next} until {@link #hasNext} says no.
 * Threads: one. Source: RFC 791, 3.1; RFC 9293, 3.1; RFC 3168, 6.1.2 for CWR.
 */
public final class TcpSegmenter {
    /** Whether a frame can be cut. */
    public enum Start {
        /** It can. */
        READY,
        /** Its metadata does not ask for it. */
        NOT_ASKED,
        /** It is not whole TCP over the version of IP that is asked for. */
        NOT_TCP,
        /** Its headers end outside of the frame, or of the bytes that are looked at. */
        BAD_HEADER,
        /** There would be more segments than allowed. */
        TOO_MANY,
        /** A segment would be longer than IP can say. */
        TOO_LONG
    }

    private static final int TCP_BYTES = 20;
    private static final int TCP_SEQUENCE = 4;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int CWR = 0x80;
    private static final int FIN_AND_PSH = 0x09;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_IDENTIFICATION = 4;
    private static final int IPV4_CHECKSUM = 10;
    private static final int IPV6_LENGTH = 4;
    private static final int MAX_LENGTH = 0xFFFF;

    private final int maxSegments;
    private final FrameHeaders headers = new FrameHeaders();
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[FrameHeaders.MAX_BYTES]);

    // Of the frame that is being cut.
    private final FrameMetadata asked = new FrameMetadata();
    private @Nullable FrameBytes frame;
    private int headerBytes;
    private int payloadBytes;
    private int segmentCount;
    private boolean leavesBlank;
    private int ipv4Sum;

    // Of the next segment: its number, and where its payload starts.
    private int index;
    private int piece;
    private int pieceOffset;

    /**
     * Makes a segmenter.
     *
     * @param maxSegments most frames that one is cut into: the sender names their size, and could
     *     make one frame cost as much as 65,000
     */
    public TcpSegmenter(final int maxSegments) {
        if (maxSegments <= 0) {
            throw new IllegalArgumentException("not a limit: maxSegments=" + maxSegments);
        }
        this.maxSegments = maxSegments;
    }

    /**
     * Looks at a frame and makes ready to cut it. Its bytes are not touched, and must stay where
     * they are until the last segment.
     *
     * @param metadata what is asked for; it may change afterwards
     * @param leaveBlank whether the segments get a blank TCP checksum, for somebody else to fill in
     */
    public Start begin(
            final FrameBytes whole, final FrameMetadata metadata, final boolean leaveBlank) {
        index = 0;
        segmentCount = 0;
        if (metadata.segmentation() == SegmentationType.NONE) {
            return Start.NOT_ASKED;
        }
        final int readableBytes = whole.copyHead(head, 0, head.capacity());
        headers.read(head, 0, readableBytes);
        final Start headersAre = judgeHeaders(metadata.segmentation(), readableBytes);
        if (headersAre != Start.READY) {
            return headersAre;
        }
        asked.copyFrom(metadata);
        payloadBytes = whole.totalBytes() - headerBytes;
        final int needed = Math.max(1, Math.ceilDiv(payloadBytes, metadata.segmentPayloadBytes()));
        if (needed > maxSegments) {
            return Start.TOO_MANY;
        }
        if (segmentBytes() - headers.networkOffset() > MAX_LENGTH) {
            return Start.TOO_LONG;
        }
        frame = whole;
        leavesBlank = leaveBlank;
        segmentCount = needed;
        prepareHeader();
        seekPayload(whole);
        return Start.READY;
    }

    private Start judgeHeaders(final SegmentationType type, final int readableBytes) {
        if (headers.ipVersion() != (type == SegmentationType.TCP_IPV4 ? 4 : 6)) {
            return Start.NOT_TCP;
        }
        if (!headers.hasTransport()) {
            return Start.BAD_HEADER;
        }
        if (headers.protocol() != FrameHeaders.TCP
                || headers.isFragment()
                || headers.isRerouted()) {
            return Start.NOT_TCP;
        }
        final int roomBytes = readableBytes - headers.transportOffset();
        if (roomBytes < TCP_BYTES) {
            return Start.BAD_HEADER;
        }
        final int tcpBytes =
                (head.getByte(headers.transportOffset() + TCP_DATA_OFFSET) & 0xF0) >>> 2;
        if (tcpBytes < TCP_BYTES || tcpBytes > roomBytes) {
            return Start.BAD_HEADER;
        }
        headerBytes = headers.transportOffset() + tcpBytes;
        return Start.READY;
    }

    /** Sums up what of an IPv4 header is the same in all segments. */
    private void prepareHeader() {
        if (headers.ipVersion() == 4) {
            final int network = headers.networkOffset();
            final int identification = word(network + IPV4_IDENTIFICATION);
            putWord(head, network + IPV4_LENGTH, 0);
            putWord(head, network + IPV4_IDENTIFICATION, 0);
            putWord(head, network + IPV4_CHECKSUM, 0);
            ipv4Sum = InternetChecksum.add(0, head, network, headers.transportOffset() - network);
            putWord(head, network + IPV4_IDENTIFICATION, identification);
        }
    }

    private void seekPayload(final FrameBytes whole) {
        piece = 0;
        pieceOffset = headerBytes;
        while (piece < whole.segmentCount() && pieceOffset >= whole.segment(piece).capacity()) {
            pieceOffset -= whole.segment(piece).capacity();
            piece++;
        }
    }

    /** How many segments there are; zero if the frame cannot be cut. */
    public int segmentCount() {
        return segmentCount;
    }

    /** Length of the longest of them, headers and all: the first one. */
    public int segmentBytes() {
        return headerBytes + Math.min(payloadBytes, asked.segmentPayloadBytes());
    }

    /** Whether there is one that has not been written yet. */
    public boolean hasNext() {
        return index < segmentCount;
    }

    /**
     * Writes the next segment; only while {@link #hasNext}.
     *
     * @param target where there is room for {@link #segmentBytes}
     * @param metadata becomes what is to be said of the segment
     * @return its length in bytes
     */
    public int next(
            final UnsafeBuffer target, final int targetOffsetBytes, final FrameMetadata metadata) {
        if (!hasNext()) {
            throw new IllegalStateException("no segment is left: index=" + index);
        }
        final int first = index * asked.segmentPayloadBytes();
        final int count = Math.min(asked.segmentPayloadBytes(), payloadBytes - first);
        target.putBytes(targetOffsetBytes, head, 0, headerBytes);
        copyPayload(target, targetOffsetBytes + headerBytes, count);
        writeNetwork(target, targetOffsetBytes + headers.networkOffset(), headerBytes + count);
        writeTransport(target, targetOffsetBytes + headers.transportOffset(), first, count);
        metadata.copyFrom(asked);
        metadata.segmentInto(SegmentationType.NONE, 0);
        metadata.coalescedFrom(1);
        if (leavesBlank) {
            metadata.checksumBlank(headers.transportOffset(), TransportChecksum.TCP_FIELD);
        } else {
            metadata.checksumPresent();
        }
        index++;
        return headerBytes + count;
    }

    private void copyPayload(final UnsafeBuffer target, final int at, final int count) {
        final FrameBytes from = Objects.requireNonNull(frame);
        int copied = 0;
        while (copied < count) {
            final UnsafeBuffer source = from.segment(piece);
            final int lengthBytes = Math.min(source.capacity() - pieceOffset, count - copied);
            target.putBytes(at + copied, source, pieceOffset, lengthBytes);
            copied += lengthBytes;
            pieceOffset += lengthBytes;
            if (pieceOffset == source.capacity()) {
                pieceOffset = 0;
                piece++;
            }
        }
    }

    private void writeNetwork(final UnsafeBuffer target, final int at, final int frameBytes) {
        final int networkBytes = frameBytes - headers.networkOffset();
        if (headers.ipVersion() == 4) {
            final int identification =
                    word(headers.networkOffset() + IPV4_IDENTIFICATION) + index & MAX_LENGTH;
            final int sum =
                    InternetChecksum.addWord(
                            InternetChecksum.addWord(ipv4Sum, networkBytes), identification);
            putWord(target, at + IPV4_LENGTH, networkBytes);
            putWord(target, at + IPV4_IDENTIFICATION, identification);
            putWord(target, at + IPV4_CHECKSUM, InternetChecksum.finish(sum));
        } else {
            putWord(target, at + IPV6_LENGTH, networkBytes - FrameHeaders.IPV6_BYTES);
        }
    }

    private void writeTransport(
            final UnsafeBuffer target, final int at, final int first, final int count) {
        final int sequence =
                head.getInt(headers.transportOffset() + TCP_SEQUENCE, ByteOrder.BIG_ENDIAN);
        target.putInt(at + TCP_SEQUENCE, sequence + first, ByteOrder.BIG_ENDIAN);
        final int notHere = (index == 0 ? 0 : CWR) | (index == segmentCount - 1 ? 0 : FIN_AND_PSH);
        target.putByte(
                at + TCP_FLAGS,
                (byte) (head.getByte(headers.transportOffset() + TCP_FLAGS) & ~notHere));
        final int transportBytes = headerBytes - headers.transportOffset() + count;
        putWord(
                target,
                at + TransportChecksum.TCP_FIELD,
                TransportChecksum.pseudoHeader(head, headers, transportBytes));
        if (!leavesBlank) {
            putWord(
                    target,
                    at + TransportChecksum.TCP_FIELD,
                    InternetChecksum.finish(InternetChecksum.add(0, target, at, transportBytes)));
        }
    }

    private int word(final int at) {
        return head.getShort(at, ByteOrder.BIG_ENDIAN) & MAX_LENGTH;
    }

    private static void putWord(final UnsafeBuffer target, final int at, final int value) {
        target.putShort(at, (short) value, ByteOrder.BIG_ENDIAN);
    }
}
