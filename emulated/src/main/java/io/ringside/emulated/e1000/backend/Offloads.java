package io.ringside.emulated.e1000.backend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TcpSegmenter;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the chip does to a frame between its memory and the wire: checksums, cutting, VLAN tags.
 *
 * <p>The frame lies in private memory. A context says where the headers are; the numbers are the
 * guest's and are bounded by the frame before they are used. Cutting is left to the port if it does
 * that, and done here if not. Threads: the vCPU's.
 */
final class Offloads {
    /** Most bytes of a frame that is to be cut. */
    static final int MAX_BYTES = 65535 + 14 + 4;

    private static final int MAX_SEGMENTS = 64;
    private static final int MAX_SEGMENT_BYTES = 16384;
    private static final int SHORTEST_BYTES = 60;
    private static final int TAG_OFFSET = 12;
    private static final int TAG_BYTES = 4;
    private static final int TAG_TYPE = 0x8100;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_ADDRESSES = 8;
    private static final int IPV6_BYTES = 40;
    private static final int TCP = 6;
    private static final short NO_ZERO = (short) 0xFFFF;
    private static final int TCP_CHECKSUM = 16;

    private final PacketPort port;
    private final UnsafeBuffer frame =
            new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_BYTES + TAG_BYTES));
    private final UnsafeBuffer piece =
            new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_SEGMENT_BYTES + TAG_BYTES));
    private final Packet packet = new Packet(1, 0);
    private final Packet whole = new Packet(1, 1);
    private final FrameMetadata metadata = new FrameMetadata();
    private final TcpSegmenter segmenter = new TcpSegmenter(MAX_SEGMENTS);

    // The context: two ranges to be summed up, and how to cut.
    private int ipStart;
    private int ipField;
    private int ipEnd;
    private int transportStart;
    private int transportField;
    private int transportEnd;
    private int command;
    private int headerBytes;
    private int segmentPayload;
    private int pending;
    private int vlanTag;

    Offloads(final PacketPort port) {
        this.port = port;
    }

    /** Where the frame is gathered. */
    UnsafeBuffer frame() {
        return frame;
    }

    /** A context descriptor. */
    void context(final long first, final long second) {
        ipStart = (int) first & 0xFF;
        ipField = (int) (first >>> 8) & 0xFF;
        ipEnd = (int) (first >>> 16) & 0xFFFF;
        transportStart = (int) (first >>> 32) & 0xFF;
        transportField = (int) (first >>> 40) & 0xFF;
        transportEnd = (int) (first >>> 48) & 0xFFFF;
        command = (int) second & 0xFF00_0000;
        headerBytes = (int) (second >>> 40) & 0xFF;
        segmentPayload = (int) (second >>> 48) & 0xFFFF;
    }

    /** Sums up from a byte to the end of the frame; false if that is not within the frame. */
    boolean sum(final int start, final int field, final int lengthBytes) {
        return sum(start, field, lengthBytes - 1, lengthBytes);
    }

    private boolean sum(final int start, final int field, final int last, final int lengthBytes) {
        final int end = last == 0 || last >= lengthBytes ? lengthBytes : last + 1;
        if (start >= end || field + Short.BYTES > lengthBytes) {
            return false;
        }
        final int sum = InternetChecksum.add(0, frame, start, end - start);
        frame.putShort(field, (short) InternetChecksum.finish(sum), ByteOrder.BIG_ENDIAN);
        return true;
    }

    /** Does what the options of a data descriptor ask for. */
    boolean sums(final int options, final int lengthBytes) {
        boolean done = true;
        if ((options & E1000Descriptor.OPTION_IP) != 0) {
            frame.putShort(Math.min(ipField, lengthBytes - Short.BYTES), (short) 0);
            done = sum(ipStart, ipField, ipEnd, lengthBytes);
        }
        if ((options & E1000Descriptor.OPTION_TRANSPORT) != 0) {
            done &= sum(transportStart, transportField, transportEnd, lengthBytes);
            if (done
                    && (command & E1000Descriptor.CONTEXT_TCP) == 0
                    && frame.getShort(transportField) == 0) {
                frame.putShort(transportField, NO_ZERO); // In UDP a zero says that there is none.
            }
        }
        return done;
    }

    /** Puts a tag behind the addresses, and returns the new length. */
    int tag(final int vlanType, final int tag, final int lengthBytes) {
        return tag(frame, vlanType, tag, lengthBytes);
    }

    private static int tag(
            final UnsafeBuffer bytes, final int vlanType, final int tag, final int lengthBytes) {
        bytes.putBytes(TAG_OFFSET + TAG_BYTES, bytes, TAG_OFFSET, lengthBytes - TAG_OFFSET);
        bytes.putShort(TAG_OFFSET, (short) vlanType, ByteOrder.BIG_ENDIAN);
        bytes.putShort(TAG_OFFSET + Short.BYTES, (short) tag, ByteOrder.BIG_ENDIAN);
        return lengthBytes + TAG_BYTES;
    }

    /** Pads a short frame, and returns its length. */
    int pad(final int lengthBytes) {
        if (lengthBytes >= SHORTEST_BYTES) {
            return lengthBytes;
        }
        frame.setMemory(lengthBytes, SHORTEST_BYTES - lengthBytes, (byte) 0);
        return SHORTEST_BYTES;
    }

    /** Sends the frame as it is; false if the port has no room now. */
    boolean send(final int lengthBytes) {
        return port.send(packet.reset().add(frame, 0, lengthBytes));
    }

    /**
     * Makes the frame into one that says how it is to be cut, with lengths and the sum of the
     * pseudo header filled in as everybody else has them.
     *
     * @param tag a VLAN tag of type 0x8100 for every piece, or -1
     * @return false if the headers do not fit what the context says
     */
    boolean beginCutting(final int lengthBytes, final int tag) {
        vlanTag = tag;
        pending = 0; // Of a frame that a reset has cut short.
        final boolean isIpv4 = (command & E1000Descriptor.CONTEXT_IPV4) != 0;
        if ((command & E1000Descriptor.CONTEXT_TCP) == 0
                || segmentPayload == 0
                || headerBytes >= lengthBytes
                || ipStart + IPV6_BYTES > lengthBytes
                || transportField != transportStart + TCP_CHECKSUM
                || transportStart + 20 > headerBytes
                || transportStart < ipStart + 20) {
            return false;
        }
        final int addresses;
        final int addressBytes;
        if (isIpv4) {
            putLength(ipStart + IPV4_LENGTH, lengthBytes - ipStart);
            frame.putShort(ipField, (short) 0);
            sum(ipStart, ipField, ipEnd, lengthBytes);
            addresses = IPV4_ADDRESSES;
            addressBytes = 8;
        } else {
            putLength(ipStart + IPV6_LENGTH, lengthBytes - ipStart - IPV6_BYTES);
            addresses = IPV6_ADDRESSES;
            addressBytes = 32;
        }
        final int transportBytes = lengthBytes - transportStart;
        int pseudo = InternetChecksum.add(0, frame, ipStart + addresses, addressBytes);
        pseudo = InternetChecksum.addWord(pseudo, TCP);
        pseudo = InternetChecksum.addWord(pseudo, transportBytes & 0xFFFF);
        pseudo = InternetChecksum.addWord(pseudo, transportBytes >>> Short.SIZE);
        frame.putShort(transportField, (short) pseudo, ByteOrder.BIG_ENDIAN);
        metadata.clear();
        metadata.checksumBlank(transportStart, TCP_CHECKSUM);
        metadata.segmentInto(
                isIpv4 ? SegmentationType.TCP_IPV4 : SegmentationType.TCP_IPV6, segmentPayload);
        whole.reset().add(frame, 0, lengthBytes);
        whole.metadata().copyFrom(metadata);
        if (tag >= 0) {
            whole.metadata().vlanTag(tag);
        }
        if (port.takesUncutFrames() && lengthBytes <= port.maxFrameBytes()) {
            return true;
        }
        return segmenter.begin(whole, whole.metadata(), false) == TcpSegmenter.Start.READY
                && segmenter.segmentBytes() <= MAX_SEGMENT_BYTES;
    }

    private void putLength(final int at, final int value) {
        frame.putShort(at, (short) value, ByteOrder.BIG_ENDIAN);
    }

    /** Whether pieces of the frame are still to be sent. */
    boolean isCutting() {
        return segmenter.hasNext() || pending > 0;
    }

    /** Sends what is left of the frame that is being cut; false if the port has no room now. */
    boolean sendPieces() {
        if (port.takesUncutFrames() && whole.totalBytes() <= port.maxFrameBytes()) {
            return port.send(whole);
        }
        while (isCutting()) {
            if (pending == 0) {
                pending = segmenter.next(piece, 0, metadata);
                pending = vlanTag < 0 ? pending : tag(piece, TAG_TYPE, vlanTag, pending);
            }
            if (!port.send(packet.reset().add(piece, 0, pending))) {
                return false;
            }
            pending = 0;
        }
        return true;
    }
}
