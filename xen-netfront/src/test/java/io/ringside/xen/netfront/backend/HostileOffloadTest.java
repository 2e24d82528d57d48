package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TransportChecksum.Verdict;
import io.ringside.xen.netfront.backend.RawQueue.Answer;
import io.ringside.xen.netfront.backend.RawQueue.Received;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.TxRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that are to be cut and cannot be, and frontends that ask for half of what it takes. */
final class HostileOffloadTest {
    private static final int SEGMENT = 1400;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port);

    @AfterEach
    void close() {
        bench.close();
    }

    private static void put(
            final RawQueue queue, final int id, final byte[] frame, final int gsoType) {
        final int reference = queue.pageWith(0, frame);
        final int flags = TxRequest.EXTRA_INFO | TxRequest.CHECKSUM_BLANK;
        queue.put(reference, 0, flags, id, frame.length);
        queue.putExtra().putGso(0, gsoType, SEGMENT);
    }

    private static byte[] changed(final byte[] frame, final int at, final int value) {
        final byte[] copy = frame.clone();
        copy[at] = (byte) value;
        return copy;
    }

    /** Row 33: headers that lie, end too early, or are of something else, whoever would cut. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesLargePacketsThatCannotBeCut(final boolean networkCuts) {
        port.takesUncut = networkCuts;
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        final byte[] four = TestFrames.tcpIpv4(3000, 1);
        final byte[] six = TestFrames.tcpIpv6(3000, 1);
        final List<byte[]> frames = new ArrayList<>();
        frames.add(changed(four, 14, 0x44)); // Less than a header of IP.
        frames.add(changed(four, 14, 0x65));
        frames.add(changed(four, 20, 0x20)); // A fragment.
        frames.add(changed(four, 21, 0x01));
        frames.add(changed(four, 23, 17)); // UDP.
        frames.add(changed(four, 46, 0x40)); // Less than a header of TCP.
        frames.add(changed(four, 46, 0));
        frames.add(Arrays.copyOf(changed(four, 46, 0xF0), 93)); // And more than there is.
        for (final int lengthBytes : new int[] {14, 20, 33, 34, 40, 53}) {
            frames.add(Arrays.copyOf(four, lengthBytes));
        }
        frames.add(six);
        for (int i = 0; i < frames.size(); i++) {
            put(front.queue(), i, frames.get(i), GsoType.TCP_IPV4);
        }
        put(front.queue(), 98, four, GsoType.TCP_IPV6);
        put(front.queue(), 99, changed(six, 20, 17), GsoType.TCP_IPV6);
        front.queue().push();
        bench.settle(back);
        final List<Answer> answers = new ArrayList<>(front.queue().answers());
        answers.removeIf(answer -> answer.status() == NetifStatus.NULL);
        assertThat(answers).hasSize(frames.size() + 2);
        assertThat(answers).allMatch(answer -> answer.status() == NetifStatus.ERROR);
        assertThat(back.counters().refusals(NetbackRefusal.CHECKSUM)).isEqualTo(answers.size());
        assertThat(port.sent).isEmpty();
        put(front.queue(), 1, four, GsoType.TCP_IPV4);
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).hasSize(networkCuts ? 1 : 3);
        front.leave();
    }

    /** A network that cuts may make more of a packet than this end would. */
    @Test
    void leavesTheNumberOfSegmentsToANetworkThatCuts() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        final byte[] frame = TestFrames.tcpIpv4(4000, 1);
        front.queue()
                .put(
                        front.queue().pageWith(0, frame),
                        0,
                        TxRequest.EXTRA_INFO | TxRequest.CHECKSUM_BLANK,
                        1,
                        frame.length);
        front.queue().putExtra().putGso(0, GsoType.TCP_IPV4, 1);
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).hasSize(1);
        assertThat(port.sent.getFirst().metadata().segmentPayloadBytes()).isEqualTo(1);
        front.leave();
    }

    private List<Received> receives(final Map<String, String> change, final boolean ipv6) {
        final Map<String, String> keys = new HashMap<>(RawFrontend.TAKES_ALL);
        keys.putAll(change);
        final RawFrontend front = RawFrontend.connect(bench, back, keys);
        front.queue().post(100);
        final byte[] whole = ipv6 ? TestFrames.tcpIpv6(5000, 1) : TestFrames.tcpIpv4(5000, 1);
        final FrameMetadata metadata = port.arrives(whole);
        metadata.segmentInto(ipv6 ? SegmentationType.TCP_IPV6 : SegmentationType.TCP_IPV4, SEGMENT);
        TestFrames.blank(metadata, ipv6);
        bench.settle(back);
        final List<Received> received = front.queue().received();
        front.leave();
        return received;
    }

    /** Row 44: a frontend that does no sums is given no packet whose sums are still to be done. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutsForAFrontendThatWouldCutButDoesNotSum(final boolean ipv6) {
        final List<Received> received =
                receives(
                        ipv6
                                ? Map.of("feature-ipv6-csum-offload", "0")
                                : Map.of("feature-no-csum-offload", "1"),
                        ipv6);
        assertThat(received).hasSize(4);
        for (final Received each : received) {
            assertThat(each.flags() & (RxResponse.CHECKSUM_BLANK | RxResponse.EXTRA_INFO)).isZero();
            assertThat(TestFrames.verdict(each.bytes())).isEqualTo(Verdict.RIGHT);
        }
    }

    /** The older way of telling how a packet is to be cut is not served: it comes cut. */
    @Test
    void cutsForAFrontendThatKnowsThePrefixAlone() {
        final List<Received> received =
                receives(
                        Map.of(
                                "feature-gso-tcpv4", "0",
                                "feature-gso-tcpv4-prefix", "1",
                                "feature-gso-tcpv6-prefix", "1"),
                        false);
        assertThat(received).hasSize(4);
        assertThat(received).allMatch(each -> (each.flags() & RxResponse.GSO_PREFIX) == 0);
        assertThat(received).allMatch(each -> each.extras().isEmpty());
    }
}
