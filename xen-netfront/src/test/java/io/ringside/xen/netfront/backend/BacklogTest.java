package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.netfront.backend.NetbackOptions.Backlog;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 14 (XSA-391, XSA-392): how much waits for a frontend that offers no pages, and how long. */
final class BacklogTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int PACKETS = 20;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();

    @AfterEach
    void close() {
        bench.close();
    }

    private Netback backend(final Backlog backlog) {
        return bench.newBackend(port, NetbackOptions.FULL.withBacklog(backlog));
    }

    private static Backlog backlog(final int bytes, final int slots) {
        return new Backlog(PACKETS, bytes, slots, 10 * SECOND, SECOND / 30, 60 * SECOND);
    }

    private void tick(final Netback back, final long seconds) {
        back.tick(seconds * SECOND);
        bench.settle(back);
    }

    @Test
    void leavesTheRestToTheNetworkWhenItsPacketsAreMany() {
        final Netback back = backend(backlog(1 << 20, 1000));
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        for (int i = 0; i < 200; i++) {
            port.arrives(TestFrames.plain(60, i));
        }
        bench.settle(back);
        assertThat(port.lent).hasSize(PACKETS);
        assertThat(port.waiting()).isEqualTo(200 - PACKETS);
        assertThat(back.counters().receiveDropped()).isZero();
        front.queue().post(PACKETS);
        bench.settle(back);
        assertThat(front.queue().received()).hasSize(PACKETS);
        front.leave();
        assertThat(port.lent).isEmpty();
    }

    @Test
    void boundsTheBytesThatWaitButNeverKeepsOnePacketOut() {
        final Netback back = backend(backlog(30_000, 1000));
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        port.arrives(TestFrames.plain(60_000, 1));
        port.arrives(TestFrames.plain(60, 1));
        bench.settle(back);
        assertThat(port.lent).hasSize(1);
        assertThat(back.counters().receiveDropped()).isEqualTo(1);
        front.queue().post(15);
        bench.settle(back);
        assertThat(front.queue().received().getFirst().bytes()).hasSize(60_000);
        for (int i = 0; i < 5; i++) {
            port.arrives(TestFrames.plain(9000, 1));
        }
        bench.settle(back);
        assertThat(port.lent).hasSize(3);
        front.leave();
    }

    @Test
    void boundsTheSlotsThatWait() {
        final Netback back = backend(backlog(1 << 20, 10));
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        for (int i = 0; i < 10; i++) {
            port.arrives(TestFrames.plain(9000, 1)); // 3 slots each.
        }
        bench.settle(back);
        assertThat(port.lent).hasSize(3);
        front.leave();
    }

    @Test
    void dropsWhatHasWaitedTooLong() {
        final Netback back = backend(backlog(1 << 20, 1000));
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        tick(back, 100);
        port.arrives(TestFrames.plain(60, 1));
        bench.settle(back);
        tick(back, 105);
        port.arrives(TestFrames.plain(60, 2));
        bench.settle(back);
        tick(back, 109);
        assertThat(port.lent).hasSize(2);
        tick(back, 110);
        assertThat(port.lent).hasSize(1);
        assertThat(back.counters().expired()).isEqualTo(1);
        front.queue().post(4);
        bench.settle(back);
        assertThat(front.queue().received()).hasSize(1);
        front.leave();
    }

    /** One page now and then, less than a packet needs, does not keep the queue alive. */
    @Test
    void givesAQueueUpByTheSlotsThatItNeeds() {
        final Netback back = backend(backlog(1 << 20, 1000));
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        front.queue().post(2);
        for (int second = 0; second < 60; second++) {
            tick(back, second);
            port.arrives(TestFrames.plain(9000, second));
            bench.settle(back);
        }
        assertThat(back.counters().stalls()).isZero();
        tick(back, 60);
        assertThat(back.counters().stalls()).isEqualTo(1);
        assertThat(port.lent).isEmpty(); // Nothing waits any more.
        for (int i = 0; i < 100; i++) {
            port.arrives(TestFrames.plain(60, i));
        }
        bench.settle(back);
        assertThat(port.lent).isEmpty(); // As without a link: taken and lost.
        assertThat(port.waiting()).isZero();

        assertThat(front.queue().isAskedForPages(1)).isTrue();
        front.queue().post(1); // As many as the packet needed that it was given up for.
        bench.settle(back);
        port.arrives(TestFrames.plain(9000, 7));
        bench.settle(back);
        assertThat(front.queue().received()).hasSize(1);
        assertThat(back.counters().stalls()).isEqualTo(1);
        front.leave();
    }

    @Test
    void countsTheTimeAnewOnceThereWereEnoughPages() {
        final Netback back = backend(backlog(1 << 20, 1000));
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        for (int second = 0; second < 500; second++) {
            tick(back, second);
            port.arrives(TestFrames.plain(60, second));
            bench.settle(back);
            if (second % 50 == 49) {
                front.queue().post(100);
                bench.settle(back);
                assertThat(front.queue().received()).isNotEmpty();
                while (front.queue().posted - front.queue().filled() > 0) {
                    port.arrives(TestFrames.plain(60, second));
                    bench.settle(back);
                }
                front.queue().received();
            }
        }
        assertThat(back.counters().stalls()).isZero();
        assertThat(back.counters().expired()).isPositive();
        front.leave();
    }

    /** Without a promise to notify, packets wait shortly, and nothing is given up. */
    @Test
    void waitsShortlyForAFrontendThatDoesNotNotify() {
        final Map<String, String> keys = new HashMap<>(RawFrontend.TAKES_ALL);
        keys.remove("feature-rx-notify");
        final Netback back = backend(backlog(1 << 20, 1000));
        final RawFrontend front = RawFrontend.connect(bench, back, keys);
        port.arrives(TestFrames.plain(60, 1));
        bench.settle(back);
        back.tick(0);
        back.tick(SECOND / 31);
        assertThat(port.lent).hasSize(1);
        back.tick(SECOND / 29);
        assertThat(port.lent).isEmpty();
        for (int second = 1; second < 200; second++) {
            port.arrives(TestFrames.plain(60, second));
            tick(back, second);
        }
        assertThat(back.counters().stalls()).isZero();
        // Pages offered without a word are found by whatever round comes next.
        final int frame = front.queue().newFrame();
        front.queue().putPage(1, front.queue().lend(frame, false));
        front.queue().receive.putIntVolatile(0, front.queue().posted);
        port.arrives(TestFrames.plain(60, 2));
        back.doWork();
        assertThat(front.queue().filled()).isEqualTo(1);
        front.leave();
    }

    /** Whatever the clock says first, and whenever: nothing is as old as the clock. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1L << 50, Long.MAX_VALUE, Long.MIN_VALUE})
    void countsTimeFromTheFirstTick(final long startNanos) {
        final Map<String, String> keys = new HashMap<>(RawFrontend.TAKES_ALL);
        keys.remove("feature-rx-notify");
        final Netback back = backend(backlog(1 << 20, 1000));
        final RawFrontend front = RawFrontend.connect(bench, back, keys);
        port.arrives(TestFrames.plain(60, 1));
        bench.settle(back);
        back.tick(startNanos);
        assertThat(port.lent).hasSize(1);
        back.tick(startNanos + SECOND / 31);
        assertThat(port.lent).hasSize(1);
        back.tick(startNanos + SECOND / 29);
        assertThat(port.lent).isEmpty();
        assertThat(back.counters().expired()).isEqualTo(1);
        front.leave();
    }

    /** A queue that is given up does not hold the others back. */
    @Test
    void servesTheOtherQueuesOfOneThatIsGivenUp() {
        final Netback back = backend(backlog(1 << 20, 1000));
        final RawFrontend front =
                RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 2, false, false);
        final RawQueue served = front.queues.get(1);
        served.post(50);
        int received = 0;
        for (int second = 0; second < 100; second++) {
            tick(back, second);
            for (int flow = 0; flow < 8; flow++) {
                port.arrives(TestFrames.tcpIpv4(10, flow));
            }
            bench.settle(back);
            final int now = served.received().size();
            assertThat(now).isPositive();
            received += now;
            served.post(now);
        }
        assertThat(back.counters().stalls()).isEqualTo(1);
        assertThat(received + back.counters().receiveDropped()).isEqualTo(800);
        assertThat(port.waiting()).isZero();
        front.leave();
    }
}
