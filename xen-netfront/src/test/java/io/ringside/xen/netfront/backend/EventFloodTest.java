package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.Wakeups;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows 6, 7 and 40: a frontend whose events and keys bring no work. */
final class EventFloodTest {
    private static final int BUDGET = 10;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back =
            bench.newBackend(port, NetbackOptions.FULL.withEventBudget(BUDGET));

    @AfterEach
    void close() {
        bench.close();
    }

    private int flood(final RawQueue queue, final int events) {
        int handlers = 0;
        for (int i = 0; i < events; i++) {
            queue.pushIndex(queue.transmitted);
            queue.pushPages();
            handlers += bench.host.domain().eventChannels().dispatch();
        }
        return handlers;
    }

    /** Row 6 (XSA-332): the ports of a frontend that sends for nothing are masked. */
    @Test
    void masksThePortsOfAFrontendThatSendsForNothing() {
        final RawFrontend front =
                RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 2, true, false);
        back.tick(0);
        int handlers = 0;
        for (int i = 0; i < 1000; i++) {
            handlers += flood(front.queues.get(i % 2), 1);
        }
        assertThat(handlers).isBetween(1, BUDGET + 3); // Those of one dispatch run all.
        assertThat(bench.host.domain().eventChannels().isUpcallPending()).isFalse();
        final int rings = bench.host.rings();
        flood(front.queue(), 1);
        assertThat(bench.host.rings()).isEqualTo(rings); // It is not even woken.
        // What it really asks for waits for the tick.
        while (back.doWork() != 0) {
            // Until it would sleep.
        }
        back.tick(1);
        assertThat(flood(front.queue(), 1)).isPositive();
        front.queue().putPacket(5, TestFrames.plain(60, 1), 0);
        front.queue().push();
        back.tick(2);
        bench.settle(back);
        assertThat(front.queue().answers().getFirst().status()).isEqualTo(NetifStatus.OKAY);
        front.leave();
    }

    /** Row 40: needless events are counted, and needed ones are not. */
    @Test
    void countsTheEventsThatFoundNothing() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        bench.settle(back);
        final long needless = back.counters().needlessWakeups();
        for (int i = 0; i < 5; i++) {
            front.queue().putPacket(i, TestFrames.plain(60, 1), 0);
            front.queue().push();
            bench.settle(back);
        }
        assertThat(back.counters().needlessWakeups()).isEqualTo(needless);
        front.queue().pushIndex(front.queue().transmitted);
        bench.settle(back);
        assertThat(back.counters().needlessWakeups()).isEqualTo(needless + 1);
        front.leave();
    }

    /** Row 40, the other way: the frontend hears of nothing that it did not ask for. */
    @Test
    void notifiesOnlyAFrontendThatAsked() {
        final RawFrontend front =
                RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 1, true, false);
        final RawQueue queue = front.queue();
        queue.post(100);
        bench.settle(back);
        queue.transmit.putIntVolatile(12, 1000); // Far ahead.
        queue.receive.putIntVolatile(12, 1000);
        final long kicks = back.counters().kicks();
        for (int i = 0; i < 20; i++) {
            queue.putPacket(i, TestFrames.plain(60, 1), 0);
            queue.push();
            port.arrives(TestFrames.plain(60, 1));
            bench.settle(back);
        }
        assertThat(back.counters().kicks()).isEqualTo(kicks);
        assertThat(queue.filled()).isEqualTo(20);
        assertThat(queue.answered()).isEqualTo(20);
        front.leave();
    }

    /** Asks for an event of pages only while a packet waits for them. */
    @Test
    void asksForPagesOnlyWhileAPacketWaits() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        front.queue().post(4);
        bench.settle(back);
        assertThat(front.queue().isAskedForPages(200)).isFalse();
        for (int i = 0; i < 4; i++) {
            port.arrives(TestFrames.plain(60, 1));
        }
        bench.settle(back);
        assertThat(front.queue().isAskedForPages(200)).isFalse();
        port.arrives(TestFrames.plain(60, 1));
        bench.settle(back);
        assertThat(front.queue().isAskedForPages(1)).isTrue();
        front.leave();
    }

    /** A frontend that polls never asks, and one that is polled is never asked. */
    @Test
    void neverAsksWhileItPolls() {
        final BackBench other = new BackBench();
        final Netback polling = other.newBackend(0, port, Wakeups.POLLED, NetbackOptions.FULL);
        final RawFrontend front = RawFrontend.connect(other, polling, RawFrontend.TAKES_ALL);
        for (int i = 0; i < 5; i++) {
            front.queue().putPacket(i, TestFrames.plain(60, 1), 0);
            front.queue().transmit.putIntVolatile(0, front.queue().transmitted);
            polling.doWork();
            assertThat(front.queue().answers()).hasSize(1);
            port.arrives(TestFrames.plain(60, 1));
            polling.doWork();
        }
        assertThat(front.queue().transmit.getInt(4)).isEqualTo(1);
        assertThat(front.queue().receive.getInt(4)).isEqualTo(1);
        front.leave();
        other.close();
    }

    /** Row 7 (XSA-349): however often keys are written, a round looks a bounded number of times. */
    @Test
    void looksOnceAtKeysThatAreWrittenOverAndOver() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        for (int i = 0; i < 5000; i++) {
            bench.putFrontendKey("request-multicast-control", "junk");
            bench.putFrontendKey("state", "4");
        }
        int rounds = 0;
        while (bench.step(back) != 0) {
            rounds++;
        }
        assertThat(rounds).isLessThan(200);
        assertThat(back.counters().refusals(NetbackRefusal.KEY)).isLessThan(200);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        front.leave();
    }
}
