package io.ringside.netvsc.frontend;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.protocol.ChecksumInfo;
import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.VlanInfo;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What is said to the host of a frame that is sent: hash, VLAN tag, then how it is to be cut or
 * which sum is to be done.
 *
 * <p>A frame that is to be cut needs its headers changed: length and checksum of IPv4 become zero,
 * and the TCP checksum the sum of a pseudo header without a length. That is done in a copy of the
 * headers, so that the workload's memory stays as it is. So are sums done that the host does not
 * know.
 *
 * <p>Errors: what the host cannot do to a frame is the caller's fault and throws. Threads: one.
 */
final class TransmitInfo {
    /** Most bytes of headers of a frame that is to be cut. */
    static final int MOST_HEADER_BYTES = 144;

    private static final int HEAD_BYTES = FrameHeaders.MAX_BYTES;
    private static final int IPV4 = 4;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int TCP_BYTES = 20;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;
    private static final int ALL_ONES = 0xffff;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_CHECKSUM = 10;
    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV4_ADDRESSES_BYTES = 8;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_ADDRESSES = 8;
    private static final int IPV6_ADDRESSES_BYTES = 32;

    private final GuestMemory memory;
    private final Agreement agreement;
    private final FrameHeaders headers = new FrameHeaders();
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[HEAD_BYTES]);
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);

    private int infoBytes;
    private int headBytes;
    private boolean hasHash;
    private boolean hasVlan;
    private int lastType; // of the last record, which cuts or sums
    private int lastValue;
    private boolean hasLast;

    TransmitInfo(final GuestMemory memory, final Agreement agreement) {
        this.memory = memory;
        this.agreement = agreement;
    }

    /** Finds out what is to be said of a frame. */
    void describe(final NetFrame frame) {
        final FrameMetadata metadata = frame.metadata();
        infoBytes = 0;
        headBytes = 0;
        hasLast = false;
        hasHash = metadata.hashType() != HashType.NONE && agreement.channels > 1;
        hasVlan = metadata.hasVlanTag();
        if (metadata.segmentation() != SegmentationType.NONE) {
            describeCut(frame, metadata);
        } else if (metadata.checksum() == ChecksumState.BLANK) {
            describeSum(frame, metadata);
        }
        infoBytes = PerPacketInfo.RECORD_BYTES * ((hasHash ? 1 : 0) + (hasVlan ? 1 : 0));
        if (hasLast) {
            infoBytes += PerPacketInfo.RECORD_BYTES;
        }
    }

    /** Bytes of all records. */
    int infoBytes() {
        return infoBytes;
    }

    /** Bytes of the frame's start that are changed, in a copy of them; or 0. */
    int headBytes() {
        return headBytes;
    }

    /** Writes all records. */
    void put(final MutableDirectBuffer target, final int offset, final FrameMetadata metadata) {
        int at = offset;
        if (hasHash) {
            at = PerPacketInfo.put(target, at, PerPacketInfo.HASH_VALUE, metadata.hash());
        }
        if (hasVlan) {
            at =
                    PerPacketInfo.put(
                            target, at, PerPacketInfo.VLAN, VlanInfo.ofTag(metadata.vlanTag()));
        }
        if (hasLast) {
            PerPacketInfo.put(target, at, lastType, lastValue);
        }
    }

    /** Writes the frame's start as it was changed. */
    void putHead(final MutableDirectBuffer target, final int offset) {
        target.putBytes(offset, head, 0, headBytes);
    }

    private int readHeaders(final NetFrame frame) {
        int copied = 0;
        for (int i = 0; i < frame.segmentCount() && copied < HEAD_BYTES; i++) {
            final int lengthBytes = Math.min(frame.segmentBytes(i), HEAD_BYTES - copied);
            memory.wrap(piece, frame.segmentAddress(i), lengthBytes);
            head.putBytes(copied, piece, 0, lengthBytes);
            copied += lengthBytes;
        }
        headers.read(head, 0, copied);
        return copied;
    }

    private void last(final int type, final int value) {
        lastType = type;
        lastValue = value;
        hasLast = true;
    }

    private void describeSum(final NetFrame frame, final FrameMetadata metadata) {
        readHeaders(frame);
        final int start = metadata.checksumStartBytes();
        final int field = metadata.checksumOffsetBytes();
        final boolean isTransport =
                headers.hasTransport()
                        && headers.transportOffset() == start
                        && start <= ChecksumInfo.MOST_TRANSPORT_OFFSET;
        final boolean isIpv4 = headers.ipVersion() == IPV4;
        final int protocol = isTransport ? headers.protocol() : 0;
        final boolean isTcp =
                protocol == TCP
                        && field == TCP_CHECKSUM
                        && (isIpv4 ? agreement.sumsTcpIpv4 : agreement.sumsTcpIpv6);
        final boolean isUdp =
                protocol == UDP
                        && field == UDP_CHECKSUM
                        && (isIpv4 ? agreement.sumsUdpIpv4 : agreement.sumsUdpIpv6);
        if (isTcp || isUdp) {
            final int flags =
                    (isIpv4 ? ChecksumInfo.IS_IPV4 : ChecksumInfo.IS_IPV6)
                            | (isTcp ? ChecksumInfo.WANT_TCP : ChecksumInfo.WANT_UDP);
            last(PerPacketInfo.CHECKSUM, ChecksumInfo.toSend(flags, start));
        } else if (start < 0
                || field < 0
                || start + field > Math.min(MOST_HEADER_BYTES, frame.totalBytes()) - Short.BYTES) {
            throw new IllegalArgumentException(
                    "no field for a sum: startBytes=" + start + " offsetBytes=" + field);
        } else {
            final int sum = sumFrom(frame, start);
            headBytes = start + field + Short.BYTES;
            head.putShort(
                    start + field,
                    (short) (sum == 0 ? ALL_ONES : sum), // UDP reads zero as no sum at all.
                    BIG_ENDIAN);
        }
    }

    /** The finished sum from a byte of a frame to its end. */
    private int sumFrom(final NetFrame frame, final int start) {
        int sum = 0;
        int skipped = start;
        boolean isOdd = false;
        for (int i = 0; i < frame.segmentCount(); i++) {
            final int pieceBytes = frame.segmentBytes(i);
            if (skipped >= pieceBytes) {
                skipped -= pieceBytes;
                continue;
            }
            memory.wrap(piece, frame.segmentAddress(i), pieceBytes);
            final int part = InternetChecksum.add(0, piece, skipped, pieceBytes - skipped);
            // From an odd byte on, the other byte of each word is the higher one.
            sum = InternetChecksum.addWord(sum, isOdd ? Short.reverseBytes((short) part) : part);
            isOdd ^= (pieceBytes - skipped & 1) != 0;
            skipped = 0;
        }
        return InternetChecksum.finish(sum);
    }

    private void describeCut(final NetFrame frame, final FrameMetadata metadata) {
        final int copied = readHeaders(frame);
        final boolean isIpv4 = metadata.segmentation() == SegmentationType.TCP_IPV4;
        final int most = isIpv4 ? agreement.cutsIpv4Bytes : agreement.cutsIpv6Bytes;
        final int tcp = headers.hasTransport() ? headers.transportOffset() : 0;
        final boolean isTcp =
                headers.hasTransport()
                        && headers.protocol() == TCP
                        && (headers.ipVersion() == IPV4) == isIpv4
                        && copied - tcp >= TCP_BYTES;
        final int headerBytes =
                isTcp ? tcp + ((head.getByte(tcp + TCP_DATA_OFFSET) & 0xf0) >>> 2) : 0;
        if (!isTcp
                || frame.totalBytes() > most
                || headerBytes < tcp + TCP_BYTES
                || headerBytes > MOST_HEADER_BYTES
                || headerBytes >= frame.totalBytes()
                || metadata.segmentPayloadBytes() > LargeSendInfo.MOST_SEGMENT_BYTES) {
            throw new IllegalArgumentException(
                    "cannot be cut: totalBytes="
                            + frame.totalBytes()
                            + " headerBytes="
                            + headerBytes
                            + " segmentation="
                            + metadata.segmentation());
        }
        headBytes = headerBytes;
        changeHeaders(isIpv4, tcp);
        final int segmentBytes = metadata.segmentPayloadBytes();
        last(
                PerPacketInfo.LARGE_SEND,
                isIpv4 && agreement.cutsByVersion1
                        ? LargeSendInfo.version1(segmentBytes, tcp)
                        : LargeSendInfo.version2(segmentBytes, tcp, !isIpv4));
    }

    private void changeHeaders(final boolean isIpv4, final int tcp) {
        final int ip = headers.networkOffset();
        final int sum;
        if (isIpv4) {
            if (!agreement.cutsByVersion1) {
                head.putShort(ip + IPV4_LENGTH, (short) 0);
            }
            head.putShort(ip + IPV4_CHECKSUM, (short) 0);
            sum = InternetChecksum.add(0, head, ip + IPV4_ADDRESSES, IPV4_ADDRESSES_BYTES);
        } else {
            head.putShort(ip + IPV6_LENGTH, (short) 0);
            sum = InternetChecksum.add(0, head, ip + IPV6_ADDRESSES, IPV6_ADDRESSES_BYTES);
        }
        head.putShort(tcp + TCP_CHECKSUM, (short) InternetChecksum.addWord(sum, TCP), BIG_ENDIAN);
    }
}
