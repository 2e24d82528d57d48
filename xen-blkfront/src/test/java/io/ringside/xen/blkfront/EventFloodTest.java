package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Row 6 (XSA-332): a frontend whose events bring no work is held back, and loses nothing. */
final class EventFloodTest {
    private static final int BUDGET = 10;

    private final RamStore disk = RamStore.zeroed(64);
    private final TestBench bench = new TestBench();
    private final Blkback back =
            bench.newBackend(disk, Wakeups.ARMED, BlkbackOptions.FULL.withEventBudget(BUDGET));

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    /** An event, and how many handlers it costs the host. */
    private int flood(final RawFrontend front, final int events) {
        int handlers = 0;
        for (int i = 0; i < events; i++) {
            front.pushIndex(front.responseProducer());
            handlers += bench.host().domain().eventChannels().dispatch();
        }
        return handlers;
    }

    @Test
    void masksThePortOfAFrontendThatSendsForNothing() {
        final RawFrontend front = connect();
        bench.step(back);
        assertThat(flood(front, 10_000)).isLessThanOrEqualTo(BUDGET);
        assertThat(bench.host().domain().eventChannels().isUpcallPending()).isFalse();
        bench.host().takeRing();
        flood(front, 1);
        assertThat(bench.host().takeRing()).isFalse(); // It is not even woken.

        back.tick();
        assertThat(flood(front, 10_000)).isBetween(1, BUDGET + 1);
    }

    /** The events that it wasted are its own loss; what it really asks for waits for the tick. */
    @Test
    void servesAFrontendThatWasHeldBackFromTheNextTickOn() {
        final RawFrontend front = connect();
        flood(front, 100);
        while (back.doWork() != 0) {
            // Until it would sleep.
        }
        front.putFlush(1);
        front.push();
        assertThat(bench.host().domain().eventChannels().isUpcallPending()).isFalse();
        back.tick();
        assertThat(bench.host().domain().eventChannels().isUpcallPending()).isTrue();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
    }

    /** Whatever else wakes the host, the requests of one that is held back are found. */
    @Test
    void looksAtTheRingOfAFrontendThatIsHeldBackWheneverItRuns() {
        final RawFrontend front = connect();
        flood(front, 100);
        front.putFlush(1);
        front.push();
        back.doWork();
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
        // It had work, and so it is trusted again.
        front.putFlush(2);
        front.push();
        assertThat(bench.host().domain().eventChannels().dispatch()).isEqualTo(1);
    }

    @Test
    void holdsNobodyBackWhoseEventsBringWork() {
        final RawFrontend front = connect();
        for (int i = 0; i < 20 * BUDGET; i++) {
            front.putFlush(i);
            front.push();
            assertThat(bench.host().domain().eventChannels().dispatch()).isEqualTo(1);
            back.doWork();
            assertThat(front.responseProducer()).isEqualTo(i + 1);
            flood(front, BUDGET / 2);
        }
        assertThat(back.counters().refusals()).isZero();
    }

    @Test
    void countsTheEventsOfAllQueuesTogether() {
        final List<RawFrontend> queues = RawFrontend.connectQueues(bench, back, 1, 4);
        bench.step(back);
        back.tick();
        int handlers = 0;
        for (int i = 0; i < 1000; i++) {
            handlers += flood(queues.get(i % 4), 1);
        }
        assertThat(handlers).isBetween(1, BUDGET);
    }

    /** A frontend that was held back can leave, and come again. */
    @Test
    void leavesNothingBehindOfAFrontendThatWasHeldBack() {
        final RawFrontend front = connect();
        flood(front, 100);
        bench.putFrontendKey("state", "6");
        bench.step(back);
        bench.step(back);
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
        back.tick();
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    private RawFrontend connect() {
        return RawFrontend.connect(bench, back, BlkAbi.X86_64);
    }
}
