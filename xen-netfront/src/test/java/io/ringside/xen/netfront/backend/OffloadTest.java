package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TransportChecksum.Verdict;
import io.ringside.xen.netfront.backend.RawQueue.Answer;
import io.ringside.xen.netfront.backend.RawQueue.Received;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.TxRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checksums and cutting, either way, done here for whoever does neither. */
final class OffloadTest {
    private static final int EXTRA = TxRequest.EXTRA_INFO;
    private static final int MORE = TxRequest.MORE_DATA;
    private static final int SEGMENT = 1400;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port);

    @AfterEach
    void close() {
        bench.close();
    }

    private RawFrontend connect(final Map<String, String> keys) {
        final RawFrontend front = RawFrontend.connect(bench, back, keys);
        front.queue().post(200);
        bench.settle(back);
        return front;
    }

    private static byte[] tcp(final boolean ipv6, final int payloadBytes) {
        return ipv6 ? TestFrames.tcpIpv6(payloadBytes, 4) : TestFrames.tcpIpv4(payloadBytes, 4);
    }

    private static void putGso(
            final RawQueue queue, final byte[] frame, final boolean ipv6, final int flags) {
        final int pages = Math.ceilDiv(frame.length, 4096);
        final int firstBytes = frame.length - (pages - 1) * 4096;
        final int first = queue.pageWith(0, TestFrames.part(frame, 0, firstBytes));
        queue.put(first, 0, flags | EXTRA | (pages == 1 ? 0 : MORE), 0, frame.length);
        queue.putExtra().putGso(0, ipv6 ? GsoType.TCP_IPV6 : GsoType.TCP_IPV4, SEGMENT);
        for (int i = 1; i < pages; i++) {
            final byte[] piece = TestFrames.part(frame, firstBytes + (i - 1) * 4096, 4096);
            queue.put(queue.pageWith(0, piece), 0, i == pages - 1 ? 0 : MORE, i, 4096);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesBlankChecksumsOnToANetworkThatTakesThem(final boolean ipv6) {
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        final byte[] frame = tcp(ipv6, 100);
        front.queue().putPacket(1, frame, TxRequest.CHECKSUM_BLANK | TxRequest.DATA_VALIDATED);
        front.queue().putPacket(2, frame, TxRequest.DATA_VALIDATED);
        front.queue().putPacket(3, frame, 0);
        front.queue().push();
        bench.settle(back);
        final FrameMetadata blank = port.sent.get(0).metadata();
        assertThat(blank.checksum()).isEqualTo(ChecksumState.BLANK);
        assertThat(blank.checksumStartBytes()).isEqualTo(ipv6 ? 54 : 34);
        assertThat(blank.checksumOffsetBytes()).isEqualTo(16);
        assertThat(port.sent.get(1).metadata().checksum()).isEqualTo(ChecksumState.VALIDATED);
        assertThat(port.sent.get(2).metadata().checksum()).isEqualTo(ChecksumState.PRESENT);
        assertThat(port.sent.get(0).bytes()).isEqualTo(frame);
        front.leave();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sumsUpForANetworkThatTakesNoBlankChecksums(final boolean ipv6) {
        port.takesBlank = false;
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        port.room = 0;
        front.queue().putPacket(1, tcp(ipv6, 101), TxRequest.CHECKSUM_BLANK);
        front.queue().push();
        bench.settle(back);
        port.room = 1; // It is summed up once, however often it is tried.
        bench.settle(back);
        assertThat(port.sent.getFirst().metadata().checksum()).isEqualTo(ChecksumState.PRESENT);
        assertThat(TestFrames.verdict(port.sent.getFirst().bytes())).isEqualTo(Verdict.RIGHT);
        front.leave();
    }

    @ParameterizedTest
    @CsvSource({"false,1", "true,1", "false,0", "true,0"})
    void passesUncutPacketsOnToANetworkThatTakesThem(final boolean ipv6, final int flags) {
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        final byte[] frame = tcp(ipv6, 60_000);
        putGso(front.queue(), frame, ipv6, flags);
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).hasSize(1);
        final FrameMetadata metadata = port.sent.getFirst().metadata();
        assertThat(port.sent.getFirst().bytes()).isEqualTo(frame);
        assertThat(metadata.segmentation())
                .isEqualTo(ipv6 ? SegmentationType.TCP_IPV6 : SegmentationType.TCP_IPV4);
        assertThat(metadata.segmentPayloadBytes()).isEqualTo(SEGMENT);
        assertThat(metadata.checksum()).isEqualTo(ChecksumState.BLANK);
        final List<Answer> answers = front.queue().answers();
        assertThat(answers).hasSize(16);
        assertThat(answers.get(1)).isEqualTo(new Answer(0, NetifStatus.NULL));
        front.leave();
    }

    /** Row 44: what is cut has the checksums of IP and TCP, whatever the frontend left there. */
    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true", "true,true"})
    void cutsForANetworkThatTakesNoUncutPackets(final boolean ipv6, final boolean takesBlank) {
        port.takesUncut = false;
        port.takesBlank = takesBlank;
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        putGso(front.queue(), tcp(ipv6, 30_000), ipv6, 1);
        front.queue().putPacket(9, TestFrames.plain(60, 1), 0);
        port.room = 5;
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).hasSize(5);
        assertThat(front.queue().answers()).isEmpty();
        port.room = 100;
        bench.settle(back);
        assertThat(port.sent).hasSize(23);
        final int headers = ipv6 ? TestFrames.TCP_HEADERS_IPV6 : TestFrames.TCP_HEADERS_IPV4;
        int payload = 0;
        for (int i = 0; i < 22; i++) {
            final ScriptedPort.Sent sent = port.sent.get(i);
            payload += sent.bytes().length - headers;
            assertThat(sent.metadata().segmentation()).isEqualTo(SegmentationType.NONE);
            assertThat(sent.metadata().checksum())
                    .isEqualTo(takesBlank ? ChecksumState.BLANK : ChecksumState.PRESENT);
            if (!takesBlank) {
                assertThat(TestFrames.verdict(sent.bytes())).isEqualTo(Verdict.RIGHT);
            }
        }
        assertThat(payload).isEqualTo(30_000);
        assertThat(front.queue().answers()).hasSize(10);
        front.leave();
    }

    /** A frontend cannot make one packet cost as much as 65,000. */
    @Test
    void refusesToCutIntoTooManySegments() {
        port.takesUncut = false;
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        final byte[] frame = tcp(false, 4000);
        front.queue().put(front.queue().pageWith(0, frame), 0, EXTRA | 1, 1, frame.length);
        front.queue().putExtra().putGso(0, GsoType.TCP_IPV4, 1);
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).isEmpty();
        assertThat(front.queue().answers().getFirst().status()).isEqualTo(NetifStatus.ERROR);
        front.leave();
    }

    @Test
    void refusesAPacketLongerThanTheNetworkTakesUnlessItIsToBeCut() {
        port.maxFrameBytes = 1514;
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        front.queue().putPacket(1, TestFrames.plain(1514, 1), 0);
        front.queue().putPacket(2, TestFrames.plain(1515, 1), 0);
        front.queue().push();
        bench.settle(back);
        assertThat(front.queue().answers())
                .containsExactly(new Answer(1, NetifStatus.OKAY), new Answer(2, NetifStatus.ERROR));
        assertThat(back.counters().refusals(NetbackRefusal.LONG_PACKET)).isEqualTo(1);
        front.leave();
    }

    @Test
    void passesTheHashOfAPacketOn() {
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        final byte[] frame = tcp(false, 10);
        front.queue().put(front.queue().pageWith(0, frame), 0, EXTRA, 1, frame.length);
        front.queue().putExtra().putHash(0, 1, 1, 0x1234_5678);
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent.getFirst().metadata().hashType()).isEqualTo(HashType.TCP_IPV4);
        assertThat(port.sent.getFirst().metadata().hash()).isEqualTo(0x1234_5678);
        front.leave();
    }

    // ---- what the frontend receives

    private Received receiveOne(final RawFrontend front) {
        bench.settle(back);
        final List<Received> received = front.queue().received();
        assertThat(received).hasSize(1);
        return received.getFirst();
    }

    @Test
    void tellsTheFrontendOfChecksumsInTheBitsOfItsRing() {
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        final byte[] frame = tcp(true, 50);
        TestFrames.blank(port.arrives(frame), true);
        Received received = receiveOne(front);
        assertThat(received.flags())
                .isEqualTo(RxResponse.CHECKSUM_BLANK | RxResponse.DATA_VALIDATED);
        assertThat(received.bytes()).isEqualTo(frame);
        port.arrives(frame).checksumValidated();
        received = receiveOne(front);
        assertThat(received.flags()).isEqualTo(RxResponse.DATA_VALIDATED);
        port.arrives(frame);
        received = receiveOne(front);
        assertThat(received.flags()).isZero();
        front.leave();
    }

    @ParameterizedTest
    @CsvSource({
        "false,feature-no-csum-offload,1,true",
        "true,feature-no-csum-offload,1,false",
        "true,feature-ipv6-csum-offload,0,true",
        "false,feature-ipv6-csum-offload,0,false"
    })
    void sumsUpForAFrontendThatTakesNoBlankChecksums(
            final boolean ipv6, final String key, final String value, final boolean summed) {
        final Map<String, String> keys = new HashMap<>(RawFrontend.TAKES_ALL);
        keys.put(key, value);
        final RawFrontend front = connect(keys);
        final byte[] frame = tcp(ipv6, 51);
        TestFrames.blank(port.arrives(frame, 20, 30), ipv6);
        final Received received = receiveOne(front);
        assertThat(received.flags() & RxResponse.CHECKSUM_BLANK)
                .isEqualTo(summed ? 0 : RxResponse.CHECKSUM_BLANK);
        if (summed) {
            assertThat(TestFrames.verdict(received.bytes())).isEqualTo(Verdict.RIGHT);
        } else {
            assertThat(received.bytes()).isEqualTo(frame);
        }
        front.leave();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesUncutPacketsToAFrontendThatTakesThem(final boolean ipv6) {
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        final byte[] frame = tcp(ipv6, 60_000);
        final FrameMetadata metadata = port.arrives(frame);
        TestFrames.blank(metadata, ipv6);
        metadata.segmentInto(ipv6 ? SegmentationType.TCP_IPV6 : SegmentationType.TCP_IPV4, SEGMENT);
        final Received received = receiveOne(front);
        assertThat(received.bytes()).isEqualTo(frame);
        assertThat(received.slots()).isEqualTo(16);
        assertThat(received.flags())
                .isEqualTo(
                        RxResponse.CHECKSUM_BLANK
                                | RxResponse.DATA_VALIDATED
                                | RxResponse.EXTRA_INFO
                                | RxResponse.MORE_DATA);
        final ExtraInfo extra = received.extras().getFirst();
        assertThat(extra.type()).isEqualTo(ExtraInfo.GSO);
        assertThat(extra.gsoSegmentBytes()).isEqualTo(SEGMENT);
        assertThat(extra.gsoType()).isEqualTo(ipv6 ? GsoType.TCP_IPV6 : GsoType.TCP_IPV4);
        front.leave();
    }

    /** Whatever the frontend lacks of what it takes to get a long packet whole. */
    @ParameterizedTest
    @CsvSource({
        "false,feature-gso-tcpv4,0",
        "true,feature-gso-tcpv6,0",
        "false,feature-sg,0",
        "true,feature-sg,0"
    })
    void cutsForAFrontendThatTakesNoUncutPackets(
            final boolean ipv6, final String key, final String value) {
        final Map<String, String> keys = new HashMap<>(RawFrontend.TAKES_ALL);
        keys.put(key, value);
        keys.put("feature-no-csum-offload", "1");
        keys.put("feature-ipv6-csum-offload", "0");
        final RawFrontend front = RawFrontend.connect(bench, back, keys);
        final byte[] frame = tcp(ipv6, 60_000);
        final FrameMetadata metadata = port.arrives(frame);
        TestFrames.blank(metadata, ipv6);
        metadata.segmentInto(ipv6 ? SegmentationType.TCP_IPV6 : SegmentationType.TCP_IPV4, SEGMENT);
        port.arrives(TestFrames.plain(60, 1));
        int payload = 0;
        int packets = 0;
        for (int round = 0; round < 10; round++) {
            front.queue().post(7); // The packet goes on where it stopped for want of pages.
            bench.settle(back);
            for (final Received received : front.queue().received()) {
                packets++;
                if (packets <= 43) {
                    assertThat(received.slots()).isEqualTo(1);
                    assertThat(received.flags()).isZero();
                    assertThat(TestFrames.verdict(received.bytes())).isEqualTo(Verdict.RIGHT);
                    payload += received.bytes().length - (ipv6 ? 74 : 54);
                } else {
                    assertThat(received.bytes()).isEqualTo(TestFrames.plain(60, 1));
                }
            }
        }
        assertThat(packets).isEqualTo(44);
        assertThat(payload).isEqualTo(60_000);
        assertThat(port.lent).isEmpty();
        front.leave();
    }

    @Test
    void dropsWhatAFrontendWithoutSeveralPiecesCannotBeGiven() {
        final RawFrontend front = connect(RawFrontend.TAKES_LITTLE);
        port.arrives(TestFrames.plain(4097, 1));
        port.arrives(TestFrames.plain(4096, 2));
        assertThat(receiveOne(front).bytes()).isEqualTo(TestFrames.plain(4096, 2));
        assertThat(back.counters().receiveDropped()).isEqualTo(1);
        assertThat(port.lent).isEmpty();
        front.leave();
    }

    /** A port of another kind may lend more than a slot can say; nothing overflows. */
    @Test
    void dropsWhatIsLongerThanAnyPacket() {
        final RawFrontend front = connect(RawFrontend.TAKES_ALL);
        port.arrives(TestFrames.plain(65_536, 1));
        port.arrives(TestFrames.plain(65_535, 2));
        assertThat(receiveOne(front).bytes()).hasSize(65_535);
        front.leave();
    }
}
