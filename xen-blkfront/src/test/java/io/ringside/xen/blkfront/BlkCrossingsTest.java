package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.Crossing;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the path of a request costs, to the last crossing and the last byte. */
final class BlkCrossingsTest {
    private static final int DISK_SECTORS = 4096;
    private static final int SEGMENTS = 11;
    private static final int WINDOWS = 10;
    private static final int ROUNDS = 200;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestBench bench = new TestBench();
    private final BlockRequest[] requests = new BlockRequest[32];
    private final Map<Crossing, Long> guestBefore = new EnumMap<>(Crossing.class);
    private final Map<Crossing, Long> hostBefore = new EnumMap<>(Crossing.class);
    private long completed;

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    @Test
    void wakesTheOtherEndOnceForABatchWhenBothSleep() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = connect(back, Wakeups.ARMED);

        for (int round = 0; round < 10; round++) {
            mark();
            submit(front, 32, SEGMENTS);
            bench.step(back);
            bench.step(front);

            assertThat(completed).isEqualTo(32L * (round + 1));
            assertThat(guest(Crossing.HYPERCALL)).isEqualTo(1);
            assertThat(guest(Crossing.KICK)).isEqualTo(1);
            assertThat(guest(Crossing.UPCALL)).isEqualTo(1);
            assertThat(guest(Crossing.PAGE_MAP)).isZero();
            assertThat(host(Crossing.HYPERCALL)).isEqualTo(2 + 1);
            assertThat(host(Crossing.KICK)).isEqualTo(1);
            assertThat(host(Crossing.UPCALL)).isEqualTo(1);
            assertThat(host(Crossing.PAGE_MAP)).isEqualTo(32 * SEGMENTS);
            assertThat(host(Crossing.PAGE_UNMAP)).isEqualTo(32 * SEGMENTS);
            assertThat(host(Crossing.TLB_FLUSH)).isEqualTo(1);
        }
        assertThat(front.counters().kicks()).isEqualTo(10);
        assertThat(front.counters().wakeups()).isEqualTo(10);
        assertThat(front.counters().needlessWakeups()).isZero();
        assertThat(back.counters().kicks()).isEqualTo(10);
        assertThat(back.counters().wakeups()).isEqualTo(10 + 1);
        assertThat(back.counters().needlessWakeups()).isEqualTo(1); // Binding a port wakes.
    }

    @Test
    void wakesTheOtherEndForEachRequestThatIsAlone() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = connect(back, Wakeups.ARMED);

        mark();
        for (int i = 0; i < 20; i++) {
            submit(front, 1, 1);
            bench.step(back);
            bench.step(front);
        }
        assertThat(completed).isEqualTo(20);
        assertThat(guest(Crossing.KICK)).isEqualTo(20);
        assertThat(guest(Crossing.UPCALL)).isEqualTo(20);
        assertThat(host(Crossing.KICK)).isEqualTo(20);
        assertThat(host(Crossing.UPCALL)).isEqualTo(20);
        assertThat(host(Crossing.HYPERCALL)).isEqualTo(60);
        assertThat(host(Crossing.TLB_FLUSH)).isEqualTo(20);
    }

    @Test
    void wakesTheOtherEndNoMoreOnceBothSpin() {
        final Blkback back = bench.newBackend(disk, Wakeups.POLLED);
        final Blkfront front = connect(back, Wakeups.POLLED);
        submit(front, 1, 1);
        bench.settle(front, back);
        assertThat(front.counters().kicks()).isEqualTo(1); // Every new ring asks for the first.
        assertThat(back.counters().kicks()).isEqualTo(1);

        mark();
        for (int round = 0; round < 50; round++) {
            submit(front, 32, 2);
            bench.step(back);
            bench.step(front);
        }
        assertThat(completed).isEqualTo(1 + 50 * 32);
        for (final Crossing crossing : Crossing.values()) {
            assertThat(guest(crossing)).as("%s", crossing).isZero();
        }
        assertThat(host(Crossing.KICK)).isZero();
        assertThat(host(Crossing.UPCALL)).isZero();
        assertThat(host(Crossing.HYPERCALL)).isEqualTo(50 * 2);
        assertThat(host(Crossing.PAGE_MAP)).isEqualTo(50 * 32 * 2);
        assertThat(host(Crossing.PAGE_UNMAP)).isEqualTo(50 * 32 * 2);
        assertThat(host(Crossing.TLB_FLUSH)).isEqualTo(50);
    }

    @Test
    void wakesOnlyTheEndThatSleeps() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = connect(back, Wakeups.POLLED);
        submit(front, 1, 1);
        bench.settle(front, back);

        mark();
        submit(front, 5, 1);
        bench.step(back);
        bench.step(front);
        assertThat(completed).isEqualTo(6);
        assertThat(guest(Crossing.KICK)).isEqualTo(1);
        assertThat(host(Crossing.UPCALL)).isEqualTo(1);
        assertThat(host(Crossing.KICK)).isZero();
        assertThat(guest(Crossing.UPCALL)).isZero();
    }

    @Test
    void looksAtTheRingOnlyWhenWokenIfItSleeps() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final Blkfront front = connect(back, Wakeups.ARMED);

        submit(front, 1, 1);
        back.doWork(); // Without its upcall.
        assertThat(back.counters().requests()).isZero();
        bench.step(back);
        assertThat(back.counters().requests()).isEqualTo(1);
        front.doWork(); // Without its upcall.
        assertThat(completed).isZero();
        bench.step(front);
        assertThat(completed).isEqualTo(1);
    }

    @Test
    void mapsNothingForAFlush() {
        final Blkback back = bench.newBackend(disk, Wakeups.POLLED);
        final Blkfront front = connect(back, Wakeups.POLLED);
        front.submit(requests[0].reset(BlockOperation.FLUSH, 0));
        front.commit();
        bench.settle(front, back);

        mark();
        front.submit(requests[0].reset(BlockOperation.FLUSH, 0));
        front.commit();
        bench.settle(front, back);
        assertThat(completed).isEqualTo(2);
        assertThat(host(Crossing.HYPERCALL)).isZero();
        assertThat(back.counters().flushes()).isEqualTo(2);
        assertThat(front.counters().flushes()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Wakeups.class)
    void allocatesNothingOnTheWay(final Wakeups wakeups) {
        final Blkback back = bench.newBackend(disk, wakeups);
        final Blkfront front = connect(back, wakeups);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.setThreadAllocatedMemoryEnabled(true);

        // The compiler may allocate on this thread when it replaces code under way; the path of a
        // request would do so in every window.
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            final long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            rounds(front, back, ROUNDS);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - allocatedBefore);
        }

        assertThat(completed).isEqualTo(WINDOWS * ROUNDS * 33L);
        assertThat(least).isZero();
    }

    private void rounds(final Blkfront front, final Blkback back, final int count) {
        for (int round = 0; round < count; round++) {
            submit(front, 31, 1 + round % SEGMENTS);
            bench.step(back);
            bench.step(front);
            front.submit(requests[0].reset(BlockOperation.FLUSH, 0));
            front.submit(
                    requests[1]
                            .reset(BlockOperation.READ, 7)
                            .addSegment(TestDomain.address(1), 4096));
            front.commit();
            bench.step(back);
            bench.step(front);
        }
    }

    private Blkfront connect(final Blkback back, final Wakeups wakeups) {
        final Blkfront front = bench.newFrontend(wakeups);
        bench.connect(front, back);
        bench.settle(front, back);
        front.completionsTo(done -> completed++);
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new BlockRequest(SEGMENTS);
        }
        return front;
    }

    private void submit(final Blkfront front, final int count, final int segments) {
        for (int i = 0; i < count; i++) {
            final BlockRequest request = requests[i].reset(BlockOperation.WRITE, i * 100L);
            for (int j = 0; j < segments; j++) {
                request.addSegment(TestDomain.address(64 + i * SEGMENTS + j), 4096);
            }
            if (!front.submit(request)) {
                throw new AssertionError("no room: request=" + i);
            }
        }
        front.commit();
    }

    private void mark() {
        for (final Crossing crossing : Crossing.values()) {
            guestBefore.put(crossing, bench.guest().count(crossing));
            hostBefore.put(crossing, bench.host().count(crossing));
        }
    }

    private long guest(final Crossing crossing) {
        return bench.guest().count(crossing) - guestBefore.getOrDefault(crossing, 0L);
    }

    private long host(final Crossing crossing) {
        return bench.host().count(crossing) - hostBefore.getOrDefault(crossing, 0L);
    }
}
