package io.ringside.netvsc.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.SegmentationType;
import io.ringside.netvsc.protocol.ChecksumInfo;
import io.ringside.netvsc.protocol.FragmentInfo;
import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.OffloadParameters;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.VlanInfo;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums, segments and tags, done by the port, by the guest, or by the device between them. */
final class OffloadTest {
    private final RecordingPort port = new RecordingPort();
    private VspBench bench = new VspBench(NetvspOptions.DEFAULTS, port);

    @AfterEach
    void close() {
        assertThat(port.lent).isEmpty();
        bench.close();
    }

    /** A port that does only what it is said to. */
    private ScriptedGuest guest(final boolean blank, final boolean uncut) {
        port.takesBlank = blank;
        port.takesUncut = uncut;
        bench.close();
        bench = new VspBench(NetvspOptions.DEFAULTS, port);
        return new ScriptedGuest(bench).ready();
    }

    private static byte[] parameters(final int sums, final int coalescing) {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[OffloadParameters.BYTES]);
        new OffloadParameters()
                .wrap(content, 0, OffloadParameters.BYTES)
                .putNothing()
                .putChecksumIpv4(sums, sums, sums)
                .putChecksumIpv6(sums, sums)
                .putLargeSend(0, OffloadParameters.ON, OffloadParameters.ON)
                .putCoalescing(coalescing, coalescing);
        return content.byteArray();
    }

    private static void take(final ScriptedGuest guest, final int sums, final int coalescing) {
        assertThat(guest.set(Oid.TCP_OFFLOAD_PARAMETERS, parameters(sums, coalescing))).isZero();
    }

    private byte[] sent(final int index) {
        return port.sent.get(index).bytes();
    }

    // What a guest sends.

    @Test
    void passesABlankSumOnToAPortThatTakesIt() {
        final ScriptedGuest guest = guest(true, true);
        final byte[] blank = TestFrames.blank(TestFrames.tcp4(1, 100));
        final int word = ChecksumInfo.toSend(ChecksumInfo.IS_IPV4 | ChecksumInfo.WANT_TCP, 34);
        assertThat(guest.sendFrame(blank, PerPacketInfo.CHECKSUM, word)).isEqualTo(1);
        assertThat(sent(0)).isEqualTo(blank);
        final FrameMetadata metadata = port.sent.getFirst().metadata();
        assertThat(metadata.checksum()).isEqualTo(ChecksumState.BLANK);
        assertThat(metadata.checksumStartBytes()).isEqualTo(34);
        assertThat(metadata.checksumOffsetBytes()).isEqualTo(16);
    }

    @Test
    void fillsASumInWhereThePortTakesNoBlankOne() {
        final ScriptedGuest guest = guest(false, false);
        final byte[][] whole = {
            TestFrames.tcp4(1, 101), TestFrames.udp4(99), TestFrames.tcp6(1, 64)
        };
        final int[] words = {
            ChecksumInfo.toSend(ChecksumInfo.IS_IPV4 | ChecksumInfo.WANT_TCP, 34),
            ChecksumInfo.toSend(ChecksumInfo.IS_IPV4 | ChecksumInfo.WANT_UDP, 34),
            ChecksumInfo.toSend(ChecksumInfo.IS_IPV6 | ChecksumInfo.WANT_TCP, 54)
        };
        for (int i = 0; i < whole.length; i++) {
            final byte[] blank = TestFrames.blank(whole[i]);
            assertThat(guest.sendFrame(blank, PerPacketInfo.CHECKSUM, words[i])).isEqualTo(1);
            assertThat(sent(i)).isEqualTo(whole[i]);
            assertThat(port.sent.get(i).metadata().checksum()).isEqualTo(ChecksumState.PRESENT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sumsTheHeaderOfIpv4AndFindsAPlaceThatTheGuestDoesNotTell(final boolean blank) {
        final ScriptedGuest guest = guest(blank, blank);
        final byte[] whole = TestFrames.tcp4(1, 300);
        final byte[] asked = blank ? TestFrames.blank(whole) : whole.clone();
        asked[24] = 0;
        asked[25] = 0;
        final int flags =
                ChecksumInfo.IS_IPV4
                        | ChecksumInfo.WANT_IP_HEADER
                        | (blank ? ChecksumInfo.WANT_TCP : 0);
        final int word = ChecksumInfo.toSend(flags, 0);
        assertThat(guest.sendFrame(asked, PerPacketInfo.CHECKSUM, word)).isEqualTo(1);
        assertThat(sent(0)).isEqualTo(blank ? TestFrames.blank(whole) : whole);
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void cutsLargeSendsForAPortThatDoesNot(final boolean ipv6, final boolean version2) {
        final ScriptedGuest guest = guest(false, false);
        final byte[] whole = ipv6 ? TestFrames.tcp6(5, 5000) : TestFrames.tcp4(5, 5000);
        final int head = ipv6 ? 74 : 54;
        final int word =
                version2 || ipv6
                        ? LargeSendInfo.version2(1400, head - 20, ipv6)
                        : LargeSendInfo.version1(1400, head - 20);
        final int length =
                GuestBuffers.putFrame(
                        guest.buffers.scratch(),
                        0,
                        TestFrames.large(whole),
                        PerPacketInfo.LARGE_SEND,
                        word);
        assertThat(guest.sendPages(length)).isEqualTo(1);
        assertThat(port.sent).hasSize(4);
        final ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < 4; i++) {
            final byte[] segment = sent(i);
            assertThat(segment).hasSize(head + (i < 3 ? 1400 : 800));
            assertThat(TestFrames.isTransportRight(segment)).isTrue();
            assertThat(ipv6 || TestFrames.isIpv4HeaderRight(segment)).isTrue();
            payload.write(segment, head, segment.length - head);
        }
        assertThat(payload.toByteArray()).isEqualTo(Arrays.copyOfRange(whole, head, head + 5000));
    }

    /** Row 44: a large send comes without a sum of its IPv4 header, and leaves with one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void handsALargeSendOverWholeToAPortThatCutsIt(final boolean ipv6) {
        final ScriptedGuest guest = guest(true, true);
        final byte[] whole = ipv6 ? TestFrames.tcp6(5, 5000) : TestFrames.tcp4(5, 5000);
        final int start = ipv6 ? 54 : 34;
        final int length =
                GuestBuffers.putFrame(
                        guest.buffers.scratch(),
                        0,
                        TestFrames.large(whole),
                        PerPacketInfo.LARGE_SEND,
                        LargeSendInfo.version2(1400, start, ipv6));
        assertThat(guest.sendPages(length)).isEqualTo(1);
        assertThat(port.sent).hasSize(1);
        assertThat(sent(0)).isEqualTo(TestFrames.blank(whole));
        final FrameMetadata metadata = port.sent.getFirst().metadata();
        assertThat(metadata.segmentation())
                .isEqualTo(ipv6 ? SegmentationType.TCP_IPV6 : SegmentationType.TCP_IPV4);
        assertThat(metadata.segmentPayloadBytes()).isEqualTo(1400);
        assertThat(metadata.checksumStartBytes()).isEqualTo(start);
        assertThat(metadata.checksumOffsetBytes()).isEqualTo(16);
    }

    @Test
    void leavesSegmentsBlankForAPortThatSumsButDoesNotCut() {
        final ScriptedGuest guest = guest(true, false);
        final int length =
                GuestBuffers.putFrame(
                        guest.buffers.scratch(),
                        0,
                        TestFrames.large(TestFrames.tcp4(5, 3000)),
                        PerPacketInfo.LARGE_SEND,
                        LargeSendInfo.version2(1400, 34, false));
        assertThat(guest.sendPages(length)).isEqualTo(1);
        assertThat(port.sent).hasSize(3);
        assertThat(port.sent.getFirst().metadata().checksum()).isEqualTo(ChecksumState.BLANK);
    }

    @Test
    void carriesATagBothWays() {
        final ScriptedGuest guest = guest(true, true);
        final byte[] frame = TestFrames.plain(TestFrames.GUEST, 64, 1);
        final int tag = 0xB123;
        assertThat(guest.sendFrame(frame, PerPacketInfo.VLAN, VlanInfo.ofTag(tag))).isEqualTo(1);
        assertThat(port.sent.getFirst().metadata().vlanTag()).isEqualTo(tag);
        port.arrive(frame).vlanTag(tag);
        guest.settle();
        assertThat(guest.received.getFirst().frame()).isEqualTo(frame);
        assertThat(VlanInfo.tag(guest.received.getFirst().info().vlan())).isEqualTo(tag);
    }

    // What a guest receives.

    @Test
    void putsATagIntoFramesForAGuestThatTakesItNowhereElse() {
        final ScriptedGuest guest = new ScriptedGuest(bench).ready(NvspVersion.V1);
        final byte[] whole = TestFrames.tcp4(1, 30);
        final FrameMetadata metadata = port.arrive(TestFrames.blank(whole));
        metadata.vlanTag(0x2005);
        metadata.checksumBlank(34, 16);
        guest.settle();
        final byte[] frame = guest.received.getFirst().frame();
        assertThat(frame).hasSize(whole.length + 4);
        assertThat(Arrays.copyOf(frame, 12)).isEqualTo(Arrays.copyOf(whole, 12));
        assertThat(TestFrames.word(frame, 12)).isEqualTo(0x8100);
        assertThat(TestFrames.word(frame, 14)).isEqualTo(0x2005);
        assertThat(Arrays.copyOfRange(frame, 16, frame.length))
                .isEqualTo(Arrays.copyOfRange(whole, 12, whole.length));
    }

    @Test
    void fillsASumInForAGuestThatDoesNotTakeTheHostsWord() {
        final ScriptedGuest guest = guest(true, true);
        final byte[] whole = TestFrames.udp4(333);
        port.arrive(TestFrames.blank(whole)).checksumBlank(34, 6);
        guest.settle();
        assertThat(guest.received.getFirst().frame()).isEqualTo(whole);
        assertThat(guest.received.getFirst().info().hasChecksum()).isFalse();
    }

    @Test
    void tellsAGuestThatTakesItThatASumIsRight() {
        final ScriptedGuest guest = guest(true, true);
        take(guest, OffloadParameters.SUMS_BOTH, OffloadParameters.OFF);
        final byte[] blank = TestFrames.blank(TestFrames.udp4(333));
        port.arrive(blank).checksumBlank(34, 6);
        port.arrive(TestFrames.tcp4(3, 10)).checksumValidated();
        port.arrive(TestFrames.tcp4(4, 10));
        guest.settle();
        assertThat(guest.received.getFirst().frame()).isEqualTo(blank);
        assertThat(guest.received.get(0).info().checksum()).isEqualTo(ChecksumInfo.UDP_SUCCEEDED);
        assertThat(guest.received.get(1).info().checksum()).isEqualTo(ChecksumInfo.TCP_SUCCEEDED);
        assertThat(guest.received.get(2).info().hasChecksum()).isFalse();
        take(guest, OffloadParameters.SUMS_SENDING, OffloadParameters.OFF);
        port.arrive(blank).checksumBlank(34, 6);
        guest.settle();
        assertThat(guest.received.get(3).frame()).isEqualTo(TestFrames.udp4(333));
    }

    private static void cut(final FrameMetadata metadata, final boolean ipv6, final int bytes) {
        metadata.segmentInto(ipv6 ? SegmentationType.TCP_IPV6 : SegmentationType.TCP_IPV4, bytes);
        metadata.checksumBlank(ipv6 ? 54 : 34, 16);
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void cutsLongFramesForAGuestThatTakesNoneInOne(final boolean ipv6, final boolean sums) {
        final ScriptedGuest guest = guest(true, true);
        if (sums) {
            take(guest, OffloadParameters.SUMS_BOTH, OffloadParameters.OFF);
        }
        final byte[] whole = ipv6 ? TestFrames.tcp6(5, 60_001) : TestFrames.tcp4(5, 60_001);
        final int head = ipv6 ? 74 : 54;
        cut(port.arrive(TestFrames.blank(whole)), ipv6, 1000);
        guest.settle();
        assertThat(guest.received).hasSize(61);
        final ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (final HostPackets.Received received : guest.received) {
            final byte[] segment = received.frame();
            assertThat(received.info().hasChecksum()).isEqualTo(sums);
            assertThat(sums || TestFrames.isTransportRight(segment)).isTrue();
            assertThat(ipv6 || TestFrames.isIpv4HeaderRight(segment)).isTrue();
            payload.write(segment, head, segment.length - head);
        }
        assertThat(payload.toByteArray()).isEqualTo(Arrays.copyOfRange(whole, head, head + 60_001));
        assertThat(bench.host.counters().framesReceived()).isEqualTo(1);
    }

    @Test
    void cutsIntoMoreSegmentsThanOneDeliveryHolds() {
        final ScriptedGuest guest = guest(true, true);
        final byte[] whole = TestFrames.tcp4(5, 14_000);
        cut(port.arrive(TestFrames.blank(whole)), false, 100);
        guest.settle();
        assertThat(guest.received).hasSize(140);
        for (final HostPackets.Received received : guest.received) {
            assertThat(TestFrames.isTransportRight(received.frame())).isTrue();
        }
    }

    @Test
    void cutsIntoMoreSegmentsThanThereAreSections() {
        final ScriptedGuest guest = guest(true, true);
        cut(port.arrive(TestFrames.blank(TestFrames.tcp4(5, 60_000))), false, 100);
        guest.settle();
        assertThat(guest.received).hasSize(600).hasSizeGreaterThan(guest.sectionCount);
        assertThat(bench.host.counters().framesDropped()).isZero();
    }

    @Test
    void dropsALongFrameThatIsNoTcp() {
        final ScriptedGuest guest = guest(true, true);
        cut(port.arrive(TestFrames.plain(TestFrames.GUEST, 3000, 1)), false, 100);
        cut(port.arrive(TestFrames.blank(TestFrames.tcp4(5, 60_000))), false, 10);
        guest.settle();
        assertThat(guest.received).isEmpty();
        assertThat(bench.host.counters().framesDropped()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1500, 1700, 5000, 65_000})
    void handsLongFramesOverInOneToAGuestThatTakesThem(final int payloadBytes) {
        final ScriptedGuest guest = guest(true, true);
        take(guest, OffloadParameters.SUMS_BOTH, OffloadParameters.ON);
        final byte[] frame = TestFrames.blank(TestFrames.tcp4(5, payloadBytes));
        cut(port.arrive(frame), false, 1448);
        guest.settle();
        final ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int i = 0; i < guest.received.size(); i++) {
            final PerPacketInfo info = guest.received.get(i).info();
            assertThat(info.hasFragment()).isTrue();
            assertThat(FragmentInfo.isFirst(info.fragment())).isEqualTo(i == 0);
            assertThat(FragmentInfo.isLast(info.fragment()))
                    .isEqualTo(i == guest.received.size() - 1);
            assertThat(info.checksum()).isEqualTo(ChecksumInfo.TCP_SUCCEEDED);
            joined.writeBytes(guest.received.get(i).frame());
        }
        assertThat(joined.toByteArray()).isEqualTo(frame);
        assertThat(guest.transfers.getLast().ranges()).isEqualTo(guest.received.size());
    }

    @Test
    void handsNothingOverInOneBeforeVersion61() {
        final ScriptedGuest guest = new ScriptedGuest(bench).ready(NvspVersion.V6);
        assertThat(
                        guest.set(
                                Oid.TCP_OFFLOAD_PARAMETERS,
                                parameters(OffloadParameters.SUMS_BOTH, OffloadParameters.ON)))
                .isNotZero();
        assertThat(bench.refusals(NetvspRefusal.OBJECT)).isEqualTo(1);
    }

    /** Row 44: no large sends without sums behind them. */
    @Test
    void offersNoLargeSendsWithoutSums() {
        assertThatThrownBy(() -> new NetvspOffloads(false, LargeSends.VERSION_1, false))
                .isInstanceOf(IllegalArgumentException.class);
        bench.close();
        bench = new VspBench(NetvspOptions.DEFAULTS.withOffloads(NetvspOffloads.NONE), port);
        final ScriptedGuest guest = new ScriptedGuest(bench).ready();
        final byte[] offer = ScriptedGuest.info(guest.query(Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES));
        for (int i = 4; i < offer.length; i++) {
            assertThat(offer[i]).as("byte %d", i).isZero();
        }
        final byte[] large = TestFrames.large(TestFrames.tcp4(5, 3000));
        final int length =
                GuestBuffers.putFrame(
                        guest.buffers.scratch(),
                        0,
                        large,
                        PerPacketInfo.LARGE_SEND,
                        LargeSendInfo.version2(1400, 34, false));
        assertThat(guest.sendPages(length)).isEqualTo(2);
        assertThat(bench.refusals(NetvspRefusal.OFFLOAD)).isEqualTo(1);
        assertThat(port.sent).isEmpty();
    }
}
