package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.SegmentationType;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code xdp-headroom}: by how much what is received is moved in each of its pages. */
final class HeadroomTest {
    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port);

    @AfterEach
    void close() {
        bench.close();
    }

    private RawFrontend connect(final int headroom) {
        final Map<String, String> keys = new HashMap<>(RawFrontend.TAKES_ALL);
        keys.put("xdp-headroom", Integer.toString(headroom));
        final RawFrontend front = RawFrontend.connect(bench, back, keys);
        front.queue().post(200);
        return front;
    }

    private void reconfigure(final String headroom) {
        bench.putFrontendKey("xdp-headroom", headroom);
        bench.putFrontendKey("state", "7");
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("8");
        bench.putFrontendKey("state", "4");
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("4");
    }

    private void assertMoved(
            final RawFrontend front, final int headroom, final int lengthBytes, final int slots) {
        final int first = front.queue().filled();
        port.arrives(TestFrames.plain(lengthBytes, 1));
        bench.settle(front.back);
        final RawQueue.Received received = front.queue().received().getFirst();
        assertThat(received.bytes()).isEqualTo(TestFrames.plain(lengthBytes, 1));
        assertThat(received.slots()).isEqualTo(slots);
        assertThat(front.queue().response(first).pageOffsetBytes()).isEqualTo(headroom);
        if (headroom != 0) {
            assertThat(received.extras().getFirst().type()).isEqualTo(ExtraInfo.XDP);
            assertThat(received.extras().getFirst().xdpHeadroomBytes()).isEqualTo(headroom);
        }
    }

    /** From the start, and changed by way of state 7. */
    @Test
    void movesWhatIsReceivedInItsPage() {
        final RawFrontend front = connect(256);
        assertMoved(front, 256, 5000, 3);
        reconfigure("100");
        assertMoved(front, 100, 60, 2);
        reconfigure("0");
        assertMoved(front, 0, 60, 1);
        front.leave();
    }

    /** Up to all but 256 bytes of a page. */
    @ParameterizedTest
    @CsvSource({"2048,1514,2", "2049,5000,4", "3000,1514,3", "3840,1514,7", "3840,4608,19"})
    void movesByMoreThanHalfAPage(final int headroom, final int lengthBytes, final int slots) {
        final RawFrontend front = connect(headroom);
        assertMoved(front, headroom, lengthBytes, slots);
        front.leave();
    }

    /** A page has no more room than that: as before, and counted. */
    @ParameterizedTest
    @ValueSource(strings = {"3841", "4096", "32767", "32768", "-1", "much"})
    void keepsTheHeadroomThatItHasWhenNoPageHasAsMuch(final String headroom) {
        final RawFrontend front = connect(100);
        reconfigure(headroom);
        assertMoved(front, 100, 60, 2);
        assertThat(back.counters().refusals(NetbackRefusal.KEY)).isEqualTo(1);
        front.leave();
    }

    /** What would take more pages than everybody takes is cut, or cannot be given. */
    @Test
    void givesNoPacketInMorePagesThanEverybodyTakes() {
        final RawFrontend front = connect(2048);
        final byte[] whole = TestFrames.tcpIpv4(60_000, 1);
        TestFrames.blank(port.arrives(whole), false);
        port.arrives(whole).segmentInto(SegmentationType.TCP_IPV4, 1400);
        bench.settle(back);
        final List<RawQueue.Received> received = front.queue().received();
        assertThat(back.counters().receiveDropped()).as("the one that is not to be cut").isOne();
        assertThat(received).hasSize(43);
        assertThat(received).allMatch(each -> each.bytes().length <= 54 + 1400);
        front.leave();
    }
}
