package io.ringside.xen.netfront.backend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TcpSegmenter;
import io.ringside.device.host.Packet;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.HashControl;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xen.netfront.protocol.RxResponse;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns packets of the network into slots, as the frontend takes them: cut and summed up here if it
 * does neither.
 *
 * <p>A packet that is cut is written piece by piece, and stays at the head of the backlog until the
 * last. Threads: one.
 */
final class ReceiveWriter {
    /** Most segments of one packet: those of 64 KiB with the least that every host must take. */
    private static final int MAX_SEGMENTS = 128;

    private static final int MAX_SEGMENT_BYTES = 0xFFFF;
    private static final int ALIGNMENT = 64;

    private final VifState vif;
    private final FrontendKeys.Takes takes;
    private final ReceiveSlots slots;
    private final UnsafeBuffer bytes;
    private final TcpSegmenter segmenter = new TcpSegmenter(MAX_SEGMENTS);
    private final FrameHeaders headers = new FrameHeaders();
    private final FrameMetadata metadata = new FrameMetadata();
    private int usedBytes;
    private boolean isBegun;
    private boolean isCut;
    private boolean isPartWritten;

    ReceiveWriter(final VifState vif, final ReceiveSlots slots, final UnsafeBuffer bytes) {
        this.vif = vif;
        this.takes = vif.keys.takes();
        this.slots = slots;
        this.bytes = bytes;
    }

    /** Starts a new pass: what was staged is with the frontend. */
    void reset() {
        usedBytes = 0;
    }

    /** How much memory the pass has used. */
    int usedBytes() {
        return usedBytes;
    }

    /** How many slots a packet takes if it is written whole; at least 1. */
    int slotsNeeded(final Packet packet, final FrameMetadata hash) {
        return slotsOf(packet.totalBytes(), isGso(packet), hash.hashType());
    }

    private int slotsOf(final int lengthBytes, final boolean isGso, final HashType hashType) {
        return dataSlots(lengthBytes)
                + (isGso ? 1 : 0)
                + (hashType == HashType.NONE ? 0 : 1)
                + (vif.headroomBytes == 0 ? 0 : 1);
    }

    private int dataSlots(final int lengthBytes) {
        final int pieceBytes = GuestMemory.PAGE_BYTES - vif.headroomBytes;
        return lengthBytes <= pieceBytes ? 1 : Math.ceilDiv(lengthBytes, pieceBytes);
    }

    /**
     * Looks at the head of the backlog.
     *
     * @return how many slots it takes, or its next segment; 0 if the frontend cannot be given it
     */
    int begin(final ReceiveBacklog backlog) {
        if (!isBegun && !beginHead(backlog.head())) {
            return 0;
        }
        isBegun = true;
        return isCut
                ? slotsOf(segmenter.segmentBytes(), false, backlog.headHashType())
                : slotsOf(
                        backlog.head().totalBytes(), isGso(backlog.head()), backlog.headHashType());
    }

    private static boolean isGso(final Packet packet) {
        return packet.metadata().segmentation() != SegmentationType.NONE;
    }

    private boolean beginHead(final Packet packet) {
        isCut = false;
        isPartWritten = false;
        final SegmentationType type = packet.metadata().segmentation();
        final boolean takesWhole =
                switch (type) {
                    case NONE -> true;
                    case TCP_IPV4 -> takes.gsoTcpIpv4();
                    case TCP_IPV6 -> takes.gsoTcpIpv6();
                };
        if (takesWhole && isTaken(packet.totalBytes())) {
            return true;
        }
        if (type == SegmentationType.NONE) {
            return false;
        }
        final boolean leaveBlank =
                type == SegmentationType.TCP_IPV4 ? takes.checksumIpv4() : takes.checksumIpv6();
        if (segmenter.begin(packet, packet.metadata(), leaveBlank) != TcpSegmenter.Start.READY) {
            return false;
        }
        isCut = true;
        return isTaken(segmenter.segmentBytes());
    }

    /** With headroom, a packet takes more pages, and none may take more than everybody takes. */
    private boolean isTaken(final int lengthBytes) {
        return dataSlots(lengthBytes) <= (takes.scatterGather() ? NetifLimits.PACKET_SLOTS : 1);
    }

    /**
     * Writes what {@link #begin} looked at; only if there are as many slots.
     *
     * @return its bytes
     */
    int write(final ReceiveBacklog backlog) {
        final Packet packet = backlog.head();
        // A packet of several pages begins with one, so that each of its pieces is one copy.
        final int at =
                packet.totalBytes() > GuestMemory.PAGE_BYTES && !isCut
                        ? usedBytes + GuestMemory.PAGE_BYTES - 1 & -GuestMemory.PAGE_BYTES
                        : usedBytes;
        final int lengthBytes;
        FrameMetadata said = packet.metadata();
        if (isCut) {
            lengthBytes = segmenter.next(bytes, at, metadata);
            said = metadata;
        } else {
            lengthBytes = packet.totalBytes();
            packet.copyTo(bytes, at);
            if (said.checksum() == ChecksumState.BLANK) {
                said = fillInUnlessTaken(said, at, lengthBytes);
            }
        }
        isPartWritten = true;
        isBegun = isCut && segmenter.hasNext();
        addSlots(said, backlog.headHashType(), backlog.headHash(), at, lengthBytes);
        usedBytes = at + lengthBytes + ALIGNMENT - 1 & -ALIGNMENT;
        return lengthBytes;
    }

    /** Whether all of the head is written. */
    boolean isDone() {
        return !isBegun;
    }

    /** Whether a part of the head is written, and another is not. */
    boolean isInTheMidst() {
        return isBegun && isPartWritten;
    }

    /** Forgets the head of the backlog, which is dropped. */
    void abandon() {
        isBegun = false;
    }

    /**
     * Does a blank sum for a frontend that does not take it; one that makes no sense is left so.
     *
     * @return what is to be said of the packet then
     */
    private FrameMetadata fillInUnlessTaken(
            final FrameMetadata said, final int at, final int lengthBytes) {
        if (said.segmentation() != SegmentationType.NONE
                || (takes.checksumIpv4() && takes.checksumIpv6())) {
            return said;
        }
        headers.read(bytes, at, Math.min(lengthBytes, FrameHeaders.MAX_BYTES));
        if (headers.ipVersion() == 6 ? takes.checksumIpv6() : takes.checksumIpv4()) {
            return said;
        }
        metadata.copyFrom(said);
        if (!InternetChecksum.fillIn(bytes, at, lengthBytes, metadata)) {
            metadata.checksumPresent();
        }
        return metadata;
    }

    private void addSlots(
            final FrameMetadata said,
            final HashType hashType,
            final int hash,
            final int from,
            final int lengthBytes) {
        final int headroom = vif.headroomBytes;
        final int pieceBytes = GuestMemory.PAGE_BYTES - headroom;
        final boolean hasRecords =
                said.segmentation() != SegmentationType.NONE
                        || hashType != HashType.NONE
                        || headroom != 0;
        int flags =
                switch (said.checksum()) {
                    case PRESENT -> 0;
                    case VALIDATED -> RxResponse.DATA_VALIDATED;
                    case BLANK -> RxResponse.CHECKSUM_BLANK | RxResponse.DATA_VALIDATED;
                };
        flags |= hasRecords ? RxResponse.EXTRA_INFO : 0;
        int done = 0;
        while (done < lengthBytes) {
            final int count = Math.min(pieceBytes, lengthBytes - done);
            final int more = done + count < lengthBytes ? RxResponse.MORE_DATA : 0;
            slots.addPiece(from + done, count, headroom, flags | more);
            if (done == 0 && hasRecords) {
                addRecords(said, hashType, hash);
            }
            flags = 0;
            done += count;
        }
    }

    /** The records of a packet stand behind its first piece. */
    private void addRecords(final FrameMetadata said, final HashType hashType, final int hash) {
        final boolean isHashed = hashType != HashType.NONE;
        final boolean isMoved = vif.headroomBytes != 0;
        if (said.segmentation() != SegmentationType.NONE) {
            slots.record()
                    .putGso(
                            isHashed || isMoved ? ExtraInfo.MORE : 0,
                            said.segmentation() == SegmentationType.TCP_IPV4
                                    ? GsoType.TCP_IPV4
                                    : GsoType.TCP_IPV6,
                            Math.min(said.segmentPayloadBytes(), MAX_SEGMENT_BYTES));
            slots.addRecord();
        }
        if (isHashed) {
            slots.record()
                    .putHash(
                            isMoved ? ExtraInfo.MORE : 0,
                            ReceiveHash.number(hashType),
                            HashControl.ALGORITHM_TOEPLITZ,
                            hash);
            slots.addRecord();
        }
        if (isMoved) {
            slots.record().putXdp(0, vif.headroomBytes);
            slots.addRecord();
        }
    }
}
