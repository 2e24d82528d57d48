package io.ringside.emulated.e1000.frontend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The transmit ring as the driver fills it.
 *
 * <pre>
 *   a frame:  context, if something is to be done to it;  one data descriptor a piece of memory
 *             the last one: END_OF_PACKET, REPORT
 * </pre>
 *
 * <p>One descriptor stays unused, so that full does not look like empty. A card cuts a frame only
 * if its length fields are empty, so the headers of such a frame are sent from a copy of ours.
 * Threads: the vCPU's.
 */
final class TransmitDescriptors {
    /** How many there are; the ring takes one page frame. */
    static final int COUNT = 256;

    /** Bytes of memory for the copies of headers, one a descriptor. */
    static final int HEADER_BYTES = 256;

    private static final int TCP_CHECKSUM = 16;
    private static final int TCP_LENGTH = 12;
    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_FIELD = 10;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV6_ADDRESSES = 8;
    private static final int TCP = 6;
    private static final int ADDRESS_SHIFT = 32;

    private final UnsafeBuffer ring;
    private final UnsafeBuffer headers;
    private final long headersAddress;
    private final int[] framePieces = new int[COUNT];
    private int next;
    private int oldest;

    TransmitDescriptors(
            final UnsafeBuffer ring, final UnsafeBuffer headers, final long headersAddress) {
        this.ring = ring;
        this.headers = headers;
        this.headersAddress = headersAddress;
    }

    void restart() {
        ring.setMemory(0, COUNT * E1000Descriptor.SIZE_BYTES, (byte) 0);
        next = 0;
        oldest = 0;
    }

    /** What the tail register is to be. */
    int tail() {
        return next;
    }

    /**
     * Whether there is room for a frame of so many pieces, a context, and a copy of its headers.
     */
    boolean hasRoom(final int pieces) {
        return (oldest - next - 1 & COUNT - 1) >= pieces + 2;
    }

    /** Whether the oldest frame has been sent. */
    boolean isOldestDone() {
        final int last = oldest + framePieces[oldest] - 1 & COUNT - 1;
        final boolean isDone =
                oldest != next
                        && (ring.getByte(at(last) + E1000Descriptor.UPPER) & E1000Descriptor.DONE)
                                != 0;
        VarHandle.acquireFence(); // The memory is ours again only from here on.
        return isDone;
    }

    /** Forgets the oldest frame. */
    void removeOldest() {
        oldest = oldest + framePieces[oldest] & COUNT - 1;
    }

    /**
     * Puts a frame into the ring.
     *
     * @param head the first bytes of the frame, of which its headers are made if it is to be cut
     */
    void put(final NetFrame frame, final UnsafeBuffer head) {
        final int first = next;
        final FrameMetadata metadata = frame.metadata();
        final boolean cuts = metadata.segmentation() != SegmentationType.NONE;
        final boolean sums = metadata.checksum() == ChecksumState.BLANK;
        int lower = E1000Descriptor.EXTENDED | E1000Descriptor.DATA | E1000Descriptor.INSERT_CHECK;
        int upper = 0;
        int skipBytes = 0;
        if (cuts || sums) {
            upper = E1000Descriptor.OPTION_TRANSPORT;
            final int start = metadata.checksumStartBytes();
            final int headerBytes = cuts ? start + tcpBytes(head, start) : 0;
            putContext(metadata, head, headerBytes, frame.totalBytes());
            if (cuts) {
                lower |= E1000Descriptor.SEGMENT;
                upper |=
                        metadata.segmentation() == SegmentationType.TCP_IPV4
                                ? E1000Descriptor.OPTION_IP
                                : 0;
                skipBytes = headerBytes;
            }
        }
        if (metadata.hasVlanTag()) {
            lower |= E1000Descriptor.INSERT_TAG;
            upper |= metadata.vlanTag() << Short.SIZE;
        }
        if (cuts) {
            putHeaders(metadata, head, skipBytes, lower, upper);
        }
        putPieces(frame, skipBytes, lower, upper);
        final int last = at(next - 1 & COUNT - 1) + E1000Descriptor.LOWER;
        ring.putInt(
                last,
                ring.getInt(last, ByteOrder.LITTLE_ENDIAN)
                        | E1000Descriptor.END_OF_PACKET
                        | E1000Descriptor.REPORT,
                ByteOrder.LITTLE_ENDIAN);
        framePieces[first] = next - first & COUNT - 1;
    }

    private void putPieces(
            final NetFrame frame, final int skipBytes, final int lower, final int upper) {
        int skip = skipBytes;
        for (int i = 0; i < frame.segmentCount(); i++) {
            final int pieceBytes = frame.segmentBytes(i);
            if (skip < pieceBytes) {
                put(frame.segmentAddress(i) + skip, lower | pieceBytes - skip, upper);
            }
            skip = Math.max(0, skip - pieceBytes);
        }
    }

    private static int tcpBytes(final UnsafeBuffer head, final int start) {
        return (head.getByte(start + TCP_LENGTH) >>> 4 & 0xF) * Integer.BYTES;
    }

    private void putContext(
            final FrameMetadata metadata,
            final UnsafeBuffer head,
            final int headerBytes,
            final int frameBytes) {
        final int start = metadata.checksumStartBytes();
        final int field = start + metadata.checksumOffsetBytes();
        final boolean isIpv4 = head.getByte(ETHERNET_BYTES) >>> 4 == 4;
        final long first =
                ETHERNET_BYTES
                        | ETHERNET_BYTES + IPV4_FIELD << 8
                        | (long) (start - 1) << 16
                        | (long) start << ADDRESS_SHIFT
                        | (long) field << ADDRESS_SHIFT + 8;
        int lower = E1000Descriptor.EXTENDED;
        if (metadata.checksumOffsetBytes() == TCP_CHECKSUM) {
            lower |= E1000Descriptor.CONTEXT_TCP;
        }
        if (isIpv4) {
            lower |= E1000Descriptor.CONTEXT_IPV4;
        }
        int upper = 0;
        if (metadata.segmentation() != SegmentationType.NONE) {
            lower |= E1000Descriptor.SEGMENT | frameBytes - headerBytes;
            upper = headerBytes << Byte.SIZE | metadata.segmentPayloadBytes() << Short.SIZE;
        }
        put(first, lower, upper);
    }

    /** The headers with empty lengths, and the pseudo header's sum without the length. */
    private void putHeaders(
            final FrameMetadata metadata,
            final UnsafeBuffer head,
            final int headerBytes,
            final int lower,
            final int upper) {
        final int copy = next * HEADER_BYTES;
        headers.putBytes(copy, head, 0, headerBytes);
        final int start = metadata.checksumStartBytes();
        final int lengthAt =
                copy
                        + ETHERNET_BYTES
                        + (metadata.segmentation() == SegmentationType.TCP_IPV4
                                ? IPV4_LENGTH
                                : IPV6_LENGTH);
        headers.putShort(lengthAt, (short) 0);
        if (metadata.segmentation() == SegmentationType.TCP_IPV4) {
            headers.putShort(copy + ETHERNET_BYTES + IPV4_FIELD, (short) 0);
        }
        headers.putShort(
                copy + start + TCP_CHECKSUM,
                (short) pseudoHeader(metadata, head),
                ByteOrder.BIG_ENDIAN);
        put(headersAddress + copy, lower | headerBytes, upper);
    }

    private static int pseudoHeader(final FrameMetadata metadata, final UnsafeBuffer head) {
        final boolean isIpv4 = metadata.segmentation() == SegmentationType.TCP_IPV4;
        final int addresses =
                isIpv4
                        ? InternetChecksum.add(0, head, ETHERNET_BYTES + IPV4_ADDRESSES, 8)
                        : InternetChecksum.add(0, head, ETHERNET_BYTES + IPV6_ADDRESSES, 32);
        return InternetChecksum.addWord(addresses, TCP);
    }

    private void put(final long address, final int lower, final int upper) {
        final int at = at(next);
        ring.putLong(at + E1000Descriptor.ADDRESS, address, ByteOrder.LITTLE_ENDIAN);
        ring.putInt(at + E1000Descriptor.LOWER, lower, ByteOrder.LITTLE_ENDIAN);
        ring.putInt(at + E1000Descriptor.UPPER, upper, ByteOrder.LITTLE_ENDIAN);
        next = next + 1 & COUNT - 1;
    }

    private static int at(final int index) {
        return index * E1000Descriptor.SIZE_BYTES;
    }
}
