package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TcpSegmenter;
import io.ringside.device.frame.TransportChecksum;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.netvsc.protocol.ChecksumInfo;
import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.VlanInfo;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a guest wants done to a frame that it sends: passed on where the port takes it, else done
 * here.
 *
 * <pre>
 *                          port takes it            port does not
 *   checksum wanted        blank, with its place    copied, filled in
 *   IPv4 header sum        headers copied, filled in
 *   to be cut              headers copied, made     cut, with all sums
 *                          whole; uncut
 * </pre>
 *
 * <p>Whoever gets a frame that is still to be cut finds its IP header whole, length and sum and
 * all, and the sum of the pseudo header in TCP's.
 *
 * <p>Threads: one. Source: {@code ndis_tcp_ip_checksum_info} and {@code ndis_tcp_lso_info},
 * hyperv_net.h.
 */
final class FrameOffloads {
    /** Most bytes of a frame that is to be cut: what IP can say, and a header of Ethernet. */
    static final int MOST_LARGE_BYTES =
            0xFFFF + Adapter.ETHERNET_BYTES + 2 * Adapter.VLAN_TAG_BYTES;

    /** What became of a frame. */
    enum Result {
        /** The port has it. */
        SENT,
        /** The port has no room now. */
        STALLED,
        /** Its bytes do not allow what the guest wants. */
        REFUSED
    }

    private static final int MOST_SEGMENTS = 1024;
    private static final int TCP = 6;
    private static final int TCP_BYTES = 20;
    private static final int TCP_FIELD = 16;
    private static final int TCP_DATA_OFFSET = 12;
    private static final int UDP_BYTES = 8;
    private static final int UDP_FIELD = 6;
    private static final int IPV4_BYTES = 20;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_CHECKSUM = 10;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV4_ADDRESSES_BYTES = 8;
    private static final int IPV6_BYTES = 40;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_SOURCE = 8;
    private static final int IPV6_ADDRESSES_BYTES = 32;
    private static final int MOST_IP_BYTES = 0xFFFF;

    private final NetvspOffloads offered;
    private final PacketPort port;
    private final NetvspCounters counters;
    private final int mostFrameBytes;
    private final boolean passesBlank;
    private final boolean passesUncut;
    private final FrameHeaders headers = new FrameHeaders();
    private final TransportChecksum locator = new TransportChecksum();
    private final TcpSegmenter segmenter = new TcpSegmenter(MOST_SEGMENTS);
    private final UnsafeBuffer own;
    private final Packet built = new Packet(GatheredBytes.MOST_PIECES + 2, 0);
    private int effort;

    FrameOffloads(final Adapter adapter, final PacketPort port, final NetvspCounters counters) {
        this.offered = adapter.options().offloads();
        this.port = port;
        this.counters = counters;
        this.mostFrameBytes = adapter.mostFrameBytes();
        this.passesBlank = port.takesBlankChecksums();
        this.passesUncut = passesBlank && port.takesUncutFrames();
        this.own =
                new UnsafeBuffer(
                        ByteBuffer.allocateDirect(
                                Math.max(mostFrameBytes, FrameHeaders.MAX_BYTES)));
    }

    /** How many frames were made here, since the last call. */
    int takeEffort() {
        final int made = effort;
        effort = 0;
        return made;
    }

    /** Sends a frame that lies in the guest's memory, and has no metadata yet. */
    Result send(final Packet frame, final PerPacketInfo info) {
        if (info.hasVlan()) {
            frame.metadata().vlanTag(VlanInfo.tag(info.vlan()));
        }
        if (info.hasHash()) {
            noteHash(frame, info.hash());
        }
        if (info.hasLargeSend()) {
            return sendLarge(frame, info.largeSend());
        }
        if (info.hasChecksum()) {
            return sendSummed(frame, info.checksum());
        }
        return pass(frame);
    }

    /** The hash goes on with the frame; its headers say what it was taken over. */
    private void noteHash(final Packet frame, final int hash) {
        headers.read(own, 0, frame.copyHead(own, 0, FrameHeaders.MAX_BYTES));
        final HashType type = HashType.of(headers);
        if (type != HashType.NONE) {
            frame.metadata().hash(type, hash);
        }
    }

    private Result pass(final Packet frame) {
        return port.send(frame) ? Result.SENT : Result.STALLED;
    }

    private Result sendSummed(final Packet frame, final int wanted) {
        final boolean header = (wanted & ChecksumInfo.WANT_IP_HEADER) != 0;
        final boolean transport = (wanted & (ChecksumInfo.WANT_TCP | ChecksumInfo.WANT_UDP)) != 0;
        if (!header && !transport) {
            return pass(frame);
        }
        if (!offered.checksums() || transport && !markBlank(frame, wanted)) {
            return Result.REFUSED;
        }
        final boolean whole = transport && !passesBlank;
        if (!header && !whole) {
            return pass(frame);
        }
        final int copiedBytes =
                whole ? frame.totalBytes() : Math.min(frame.totalBytes(), FrameHeaders.MAX_BYTES);
        buildFrom(frame, copiedBytes);
        if (header && !sumIpv4Header(copiedBytes)) {
            return Result.REFUSED;
        }
        if (whole && !InternetChecksum.fillIn(own, 0, copiedBytes, built.metadata())) {
            return Result.REFUSED;
        }
        effort++;
        return pass(built);
    }

    /** Says where the blank sum is, as the guest tells it, or as its headers do. */
    private boolean markBlank(final Packet frame, final int wanted) {
        final boolean tcp = (wanted & ChecksumInfo.WANT_TCP) != 0;
        if (tcp && (wanted & ChecksumInfo.WANT_UDP) != 0) {
            return false;
        }
        final int start = ChecksumInfo.transportOffset(wanted);
        if (start == 0) {
            return locator.locate(frame, frame.metadata());
        }
        if (start < Adapter.ETHERNET_BYTES + IPV4_BYTES
                || start + (tcp ? TCP_BYTES : UDP_BYTES) > frame.totalBytes()) {
            return false;
        }
        frame.metadata().checksumBlank(start, tcp ? TCP_FIELD : UDP_FIELD);
        return true;
    }

    /** The same frame, with its first bytes in memory of ours. */
    private void buildFrom(final Packet frame, final int ownBytes) {
        frame.copyHead(own, 0, ownBytes);
        built.reset().add(own, 0, ownBytes);
        built.metadata().copyFrom(frame.metadata());
        int skipped = ownBytes;
        for (int i = 0; i < frame.segmentCount(); i++) {
            final UnsafeBuffer segment = frame.segment(i);
            if (skipped < segment.capacity()) {
                built.add(segment, skipped, segment.capacity() - skipped);
                skipped = 0;
            } else {
                skipped -= segment.capacity();
            }
        }
    }

    private boolean sumIpv4Header(final int readableBytes) {
        headers.read(own, 0, readableBytes);
        if (headers.ipVersion() != 4 || !headers.hasTransport()) {
            return false;
        }
        putIpv4Sum();
        return true;
    }

    private void putIpv4Sum() {
        final int at = headers.networkOffset();
        putWord(at + IPV4_CHECKSUM, 0);
        final int sum = InternetChecksum.add(0, own, at, headers.transportOffset() - at);
        putWord(at + IPV4_CHECKSUM, InternetChecksum.finish(sum));
    }

    private Result sendLarge(final Packet frame, final int wanted) {
        final int segmentBytes = LargeSendInfo.segmentBytes(wanted);
        if (offered.largeSends() == LargeSends.NONE
                || LargeSendInfo.isVersion2(wanted) && offered.largeSends() != LargeSends.BOTH
                || segmentBytes == 0
                || frame.totalBytes() / segmentBytes > MOST_SEGMENTS) {
            return Result.REFUSED;
        }
        frame.metadata()
                .segmentInto(
                        LargeSendInfo.isIpv6(wanted)
                                ? SegmentationType.TCP_IPV6
                                : SegmentationType.TCP_IPV4,
                        segmentBytes);
        final int headBytes = Math.min(frame.totalBytes(), FrameHeaders.MAX_BYTES);
        buildFrom(frame, headBytes);
        if (!isWholeTcp(headBytes, LargeSendInfo.tcpOffset(wanted))) {
            return Result.REFUSED;
        }
        if (passesUncut && frame.totalBytes() <= port.maxFrameBytes()) {
            effort++;
            makeWhole(frame.totalBytes());
            return pass(built);
        }
        return cut(frame);
    }

    /** Whether the headers that we have are TCP over what is asked for, where the guest says. */
    private boolean isWholeTcp(final int headBytes, final int tcpOffset) {
        headers.read(own, 0, headBytes);
        final int version = built.metadata().segmentation() == SegmentationType.TCP_IPV4 ? 4 : 6;
        if (headers.ipVersion() != version
                || !headers.hasTransport()
                || headers.protocol() != TCP
                || headers.isFragment()
                || headers.transportOffset() != tcpOffset
                || headBytes - tcpOffset < TCP_BYTES
                || built.totalBytes() - headers.networkOffset() > MOST_IP_BYTES) {
            return false;
        }
        final int tcpBytes = (own.getByte(tcpOffset + TCP_DATA_OFFSET) & 0xF0) >>> 2;
        return tcpBytes >= TCP_BYTES && tcpBytes <= headBytes - tcpOffset;
    }

    /** Fills in what the guest has left to whoever cuts the frame. */
    private void makeWhole(final int frameBytes) {
        final int network = headers.networkOffset();
        final int transport = headers.transportOffset();
        final int addresses;
        if (headers.ipVersion() == 4) {
            putWord(network + IPV4_LENGTH, frameBytes - network);
            putIpv4Sum();
            addresses = InternetChecksum.add(0, own, network + IPV4_SOURCE, IPV4_ADDRESSES_BYTES);
        } else {
            putWord(network + IPV6_LENGTH, frameBytes - network - IPV6_BYTES);
            addresses = InternetChecksum.add(0, own, network + IPV6_SOURCE, IPV6_ADDRESSES_BYTES);
        }
        final int withProtocol = InternetChecksum.addWord(addresses, TCP);
        putWord(
                transport + TCP_FIELD,
                InternetChecksum.addWord(withProtocol, frameBytes - transport));
        built.metadata().checksumBlank(transport, TCP_FIELD);
    }

    private Result cut(final Packet frame) {
        if (segmenter.begin(frame, frame.metadata(), passesBlank) != TcpSegmenter.Start.READY
                || segmenter.segmentBytes() > mostFrameBytes) {
            return Result.REFUSED;
        }
        effort += segmenter.segmentCount();
        for (boolean first = true; segmenter.hasNext(); first = false) {
            final FrameMetadata metadata = built.reset().metadata();
            final int lengthBytes = segmenter.next(own, 0, metadata);
            built.add(own, 0, lengthBytes);
            if (!port.send(built)) {
                if (first) {
                    return Result.STALLED;
                }
                counters.framesRefusedByPort++; // The rest of a frame is no use without its start.
                break;
            }
        }
        return Result.SENT;
    }

    private void putWord(final int at, final int value) {
        own.putShort(at, (short) value, BIG_ENDIAN);
    }
}
