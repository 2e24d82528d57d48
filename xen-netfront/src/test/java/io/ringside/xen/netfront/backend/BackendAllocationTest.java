package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.net.LoopbackPort;
import io.ringside.xen.netfront.protocol.CtrlType;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path of every kind of packet takes nothing from Java's heap. */
final class BackendAllocationTest {
    private static final int WINDOWS = 10;
    private static final int ROUNDS = 150;
    private static final int POSTED = 200;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final BackBench bench = new BackBench();

    @AfterEach
    void close() {
        bench.close();
    }

    /** With a frontend that takes everything, and with one that takes nothing but short packets. */
    @ParameterizedTest
    @CsvSource({"ARMED,true", "POLLED,true", "ARMED,false", "POLLED,false"})
    void allocatesNothingForAnyPacket(final Wakeups wakeups, final boolean takesAll) {
        final LoopbackPort port = new LoopbackPort(64, 1 << 16);
        final Netback back = bench.newBackend(0, port, wakeups, NetbackOptions.FULL);
        final Map<String, String> keys =
                new HashMap<>(takesAll ? RawFrontend.TAKES_ALL : RawFrontend.TAKES_LITTLE);
        keys.put("request-multicast-control", "1");
        final RawFrontend front = RawFrontend.connect(bench, back, 0, keys, 1, false, true);
        front.control(CtrlType.SET_HASH_ALGORITHM, 1);
        front.control(CtrlType.SET_HASH_FLAGS, 15);
        final RawQueue queue = front.queue();
        final byte[] small = TestFrames.tcpIpv4(10, 1);
        final byte[] large = TestFrames.tcpIpv4(4000, 2);
        final int smallPage = queue.pageWith(0, small);
        final int largePage = queue.pageWith(0, large);
        final int[] pages = new int[POSTED];
        final int[] references = new int[POSTED];
        for (int i = 0; i < POSTED; i++) {
            pages[i] = queue.newFrame();
            references[i] = queue.lend(pages[i], false);
        }
        queue.repost(POSTED, pages, references);
        long least = Long.MAX_VALUE;
        int filled = 0;
        for (int window = 0; window < WINDOWS; window++) {
            long allocated = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < 10; i++) {
                    queue.put(smallPage, 0, TxRequest.CHECKSUM_BLANK, i, small.length);
                }
                queue.put(
                        largePage,
                        0,
                        TxRequest.CHECKSUM_BLANK | TxRequest.EXTRA_INFO,
                        11,
                        large.length);
                queue.putExtra().putGso(0, GsoType.TCP_IPV4, 1000);
                queue.put(smallPage, 0, 0, 12, 5); // Too short.
                queue.put(99_999, 0, 0, 13, 60); // No such page.
                queue.push();
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 6; i++) {
                    bench.host.domain().eventChannels().dispatch();
                    back.doWork();
                    back.tick(round);
                }
                allocated += threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(queue.answered()).isEqualTo(queue.transmitted);
                final int now = queue.filled();
                queue.repost(now - filled, pages, references);
                filled = now;
            }
            least = Math.min(least, allocated);
        }
        assertThat(least).isZero();
        final NetbackCounters counters = back.counters();
        assertThat(counters.transmitPackets()).isEqualTo(11L * WINDOWS * ROUNDS);
        assertThat(counters.receivePackets()).isEqualTo((takesAll ? 11L : 14L) * WINDOWS * ROUNDS);
        assertThat(counters.receiveDropped()).isZero();
        front.leave();
    }
}
