package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TcpSegmenter;
import io.ringside.device.host.Packet;
import io.ringside.netvsc.protocol.ChecksumInfo;
import io.ringside.netvsc.protocol.FragmentInfo;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.netvsc.protocol.VlanInfo;
import io.ringside.ringbuf.memory.ShortCopy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Lays received frames into the receive buffer as RNDIS messages, in the shape that the guest
 * takes.
 *
 * <pre>
 *                              guest takes that                guest does not
 *   checksum blank or checked  told beside the frame           filled in
 *   still to be cut            in pieces of one section, one   cut, a message for each segment
 *                              message for each (coalesced)
 *   VLAN tag beside it         told beside the frame           put into the frame
 * </pre>
 *
 * <p>The memory is the guest's as well: what is written there is never read back to be believed.
 * Threads: one.
 */
final class FrameWriter {
    /** Where a frame goes, and how to make room there. */
    interface Outlet {
        /** What is being put together. */
        Delivery delivery();

        /** Sends it; false if that is not possible now. */
        boolean flush();
    }

    /** What became of a frame. */
    enum Result {
        /** It is laid down. */
        WRITTEN,
        /** There is no room for it now. */
        NO_ROOM,
        /** It will never fit. */
        UNFIT
    }

    private static final int MOST_SEGMENTS = 1024;
    private static final int ADDRESSES_BYTES = 12;
    private static final int TAG_TYPE = 0x8100;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int INFO_BYTES = 4 * PerPacketInfo.RECORD_BYTES;

    private final Adapter adapter;
    private final NetvspCounters counters;
    private final FrameHeaders headers = new FrameHeaders();
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[FrameHeaders.MAX_BYTES]);
    private final UnsafeBuffer info = new UnsafeBuffer(new byte[INFO_BYTES]);
    private final FrameMetadata metadata = new FrameMetadata();
    private final FrameMetadata segment = new FrameMetadata();
    private final TcpSegmenter segmenter = new TcpSegmenter(MOST_SEGMENTS);
    private int infoBytes;
    private int tagBytes;
    private int packetId;

    // Of a coalesced frame.
    private int pieces;
    private int firstPieceBytes;
    private int nextPieceBytes;

    FrameWriter(final Adapter adapter, final NetvspCounters counters) {
        this.adapter = adapter;
        this.counters = counters;
    }

    /**
     * Lays one frame down, whole or in pieces; its hash is the one of the frame that the spread
     * looked at last, if it has one.
     */
    Result write(final Packet frame, final Outlet outlet, final ReceiveBuffer into) {
        metadata.copyFrom(frame.metadata());
        if (metadata.segmentation() == SegmentationType.NONE) {
            return writeOne(frame, outlet.delivery(), into);
        }
        final boolean ipv6 = metadata.segmentation() == SegmentationType.TCP_IPV6;
        return adapter.offloads().coalesces(ipv6)
                        && (!metadata.hasVlanTag() || adapter.takesVlanTags())
                ? writeCoalesced(frame, outlet.delivery(), into)
                : writeSegments(frame, outlet, into);
    }

    private Result writeOne(final Packet frame, final Delivery delivery, final ReceiveBuffer into) {
        putInfo(frame);
        final int frameBytes = frame.totalBytes() + tagBytes;
        final int at = claim(delivery, into, frameBytes);
        if (at < 0) {
            return fits(into, frameBytes) ? Result.NO_ROOM : Result.UNFIT;
        }
        final UnsafeBuffer memory = into.buffer();
        if (tagBytes == 0) {
            frame.copyTo(memory, at);
        } else {
            copyTagged(frame, memory, at);
        }
        if (metadata.checksum() == ChecksumState.BLANK) {
            metadata.checksumBlank(
                    metadata.checksumStartBytes() + tagBytes, metadata.checksumOffsetBytes());
            InternetChecksum.fillIn(memory, at, frameBytes, metadata);
        }
        return Result.WRITTEN;
    }

    private boolean fits(final ReceiveBuffer into, final int frameBytes) {
        return RndisPacket.HEADER_BYTES + infoBytes + frameBytes <= into.sectionBytes();
    }

    /** Writes all of a message but its frame, and returns where that goes; negative: no room. */
    private int claim(final Delivery delivery, final ReceiveBuffer into, final int frameBytes) {
        if (!fits(into, frameBytes)) {
            return Delivery.NONE;
        }
        final int messageBytes = RndisPacket.HEADER_BYTES + infoBytes + frameBytes;
        final int at = delivery.claim(into, messageBytes);
        if (at < 0) {
            return Delivery.NONE;
        }
        final UnsafeBuffer memory = into.buffer();
        RndisPacket.put(memory, at, infoBytes, frameBytes, messageBytes);
        final int infoAt = at + RndisPacket.HEADER_BYTES;
        if (infoBytes != 0) {
            memory.putBytes(infoAt, info, 0, infoBytes);
        }
        return infoAt + infoBytes;
    }

    /** Puts the tag between the addresses and the type. */
    private void copyTagged(final Packet frame, final UnsafeBuffer memory, final int at) {
        frame.copyTo(memory, at + tagBytes);
        frame.copyHead(head, 0, ADDRESSES_BYTES);
        memory.putBytes(at, head, 0, ADDRESSES_BYTES);
        putTag(memory, at);
    }

    private void putTag(final UnsafeBuffer memory, final int at) {
        memory.putShort(at + ADDRESSES_BYTES, (short) TAG_TYPE, BIG_ENDIAN);
        memory.putShort(at + ADDRESSES_BYTES + Short.BYTES, (short) metadata.vlanTag(), BIG_ENDIAN);
    }

    /**
     * Puts down what is said beside a frame. What is told of its checksum is no longer to be done
     * then: the metadata says so.
     */
    private void putInfo(final Packet frame) {
        infoBytes = 0;
        tagBytes = 0;
        if (adapter.spread().hasHash()) {
            add(PerPacketInfo.HASH_VALUE, adapter.spread().hash());
        }
        if (metadata.hasVlanTag()) {
            if (adapter.takesVlanTags()) {
                add(PerPacketInfo.VLAN, VlanInfo.ofTag(metadata.vlanTag()));
            } else {
                tagBytes = Adapter.VLAN_TAG_BYTES;
            }
        }
        if (metadata.checksum() != ChecksumState.PRESENT) {
            final int told = checksumToTell(frame);
            if (told != 0) {
                add(PerPacketInfo.CHECKSUM, told);
                metadata.checksumPresent();
            }
        }
    }

    private void add(final int type, final int value) {
        infoBytes = PerPacketInfo.put(info, infoBytes, type, value);
    }

    private int checksumToTell(final Packet frame) {
        final int readableBytes = frame.copyHead(head, 0, FrameHeaders.MAX_BYTES);
        headers.read(head, 0, readableBytes);
        if (!headers.hasTransport()
                || headers.protocol() != TCP && headers.protocol() != UDP
                || !adapter.offloads()
                        .tellsChecksum(headers.ipVersion(), headers.protocol() == TCP)) {
            return 0;
        }
        return headers.protocol() == TCP ? ChecksumInfo.TCP_SUCCEEDED : ChecksumInfo.UDP_SUCCEEDED;
    }

    /** One message for each section that the frame needs, all in one delivery. */
    private Result writeCoalesced(
            final Packet frame, final Delivery delivery, final ReceiveBuffer into) {
        putInfo(frame);
        add(PerPacketInfo.FRAGMENT, 0);
        final int mostBytes = into.sectionBytes() - RndisPacket.HEADER_BYTES - infoBytes;
        planPieces(frame, mostBytes);
        if (pieces > Delivery.MOST_RANGES
                || pieces > into.sectionCount() - Handshake.CONTROL_SECTIONS) {
            return Result.UNFIT;
        }
        if (pieces > delivery.rangesLeft()
                || pieces > into.freeCount() - Handshake.CONTROL_SECTIONS) {
            return Result.NO_ROOM;
        }
        packetId++;
        int from = 0;
        for (int i = 0; i < pieces; i++) {
            final int wholeBytes = i == 0 ? firstPieceBytes : nextPieceBytes;
            final int pieceBytes = Math.min(wholeBytes, frame.totalBytes() - from);
            final int flags =
                    FragmentInfo.SUB_ALLOCATION
                            | (i == 0 ? FragmentInfo.FIRST : 0)
                            | (i == pieces - 1 ? FragmentInfo.LAST : 0);
            PerPacketInfo.put(
                    info,
                    infoBytes - PerPacketInfo.RECORD_BYTES,
                    PerPacketInfo.FRAGMENT,
                    FragmentInfo.of(flags, packetId));
            final int at = claim(delivery, into, pieceBytes); // There is room: see above.
            copyPiece(frame, from, pieceBytes, into.buffer(), at);
            from += pieceBytes;
        }
        return Result.WRITTEN;
    }

    /** A piece for each segment, which tells their number; else as few as there can be. */
    private void planPieces(final Packet frame, final int mostBytes) {
        nextPieceBytes = metadata.segmentPayloadBytes();
        pieces = Delivery.MOST_RANGES + 1;
        if (segmenter.begin(frame, metadata, true) == TcpSegmenter.Start.READY) {
            firstPieceBytes = segmenter.segmentBytes();
            pieces = segmenter.segmentCount();
        }
        if (pieces > Delivery.MOST_RANGES || firstPieceBytes > mostBytes) {
            pieces = Math.ceilDiv(frame.totalBytes(), mostBytes);
            firstPieceBytes = Math.ceilDiv(frame.totalBytes(), pieces); // None next to nothing.
            nextPieceBytes = firstPieceBytes;
        }
    }

    private static void copyPiece(
            final Packet frame,
            final int from,
            final int count,
            final UnsafeBuffer target,
            final int targetOffset) {
        int skipped = from;
        int copied = 0;
        for (int i = 0; copied < count; i++) {
            final UnsafeBuffer segment = frame.segment(i);
            if (skipped >= segment.capacity()) {
                skipped -= segment.capacity();
            } else {
                final int length = Math.min(segment.capacity() - skipped, count - copied);
                ShortCopy.copy(segment, skipped, target, targetOffset + copied, length);
                copied += length;
                skipped = 0;
            }
        }
    }

    /** One message for each segment, in as many deliveries as it takes. */
    private Result writeSegments(
            final Packet frame, final Outlet outlet, final ReceiveBuffer into) {
        final int version = metadata.segmentation() == SegmentationType.TCP_IPV6 ? 6 : 4;
        final boolean tells = adapter.offloads().tellsChecksum(version, true);
        if (segmenter.begin(frame, metadata, tells) != TcpSegmenter.Start.READY) {
            return Result.UNFIT;
        }
        final int payloadBytes = metadata.segmentPayloadBytes();
        if (tells) {
            metadata.checksumValidated();
        } else {
            metadata.checksumPresent();
        }
        putInfo(frame);
        final int needed = sectionsForSegments(into);
        if (needed > into.freeCount() - Handshake.CONTROL_SECTIONS) {
            return needed > into.sectionCount() - Handshake.CONTROL_SECTIONS
                    ? Result.UNFIT
                    : Result.NO_ROOM;
        }
        final int count = segmenter.segmentCount();
        for (int i = 0; i < count; i++) {
            if (outlet.delivery().rangesLeft() == 0 && !outlet.flush()) {
                counters.framesDropped++; // The rest of it: TCP sends that again.
                return Result.WRITTEN;
            }
            final int lengthBytes =
                    i < count - 1 || count == 1
                            ? segmenter.segmentBytes()
                            : frame.totalBytes() - i * payloadBytes;
            writeSegment(lengthBytes, outlet.delivery(), into);
        }
        return Result.WRITTEN;
    }

    /** Each delivery may leave a section that is not full. */
    private int sectionsForSegments(final ReceiveBuffer into) {
        final int frameBytes = segmenter.segmentBytes() + tagBytes;
        if (!fits(into, frameBytes)) {
            return Integer.MAX_VALUE;
        }
        final int messageBytes = RndisPacket.HEADER_BYTES + infoBytes + frameBytes;
        final int inSection = into.sectionBytes() / Delivery.aligned(messageBytes);
        return Math.ceilDiv(segmenter.segmentCount(), Math.max(1, inSection))
                + segmenter.segmentCount() / Delivery.MOST_RANGES
                + 1;
    }

    private void writeSegment(
            final int lengthBytes, final Delivery delivery, final ReceiveBuffer into) {
        final int at = claim(delivery, into, lengthBytes + tagBytes); // There are sections for all.
        final UnsafeBuffer memory = into.buffer();
        segmenter.next(memory, at + tagBytes, segment);
        if (tagBytes != 0) {
            memory.putBytes(at, memory, at + tagBytes, ADDRESSES_BYTES);
            putTag(memory, at);
        }
    }
}
