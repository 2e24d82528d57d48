package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The backend's path of every kind of request takes nothing from Java's heap. */
final class BackendAllocationTest {
    private static final int SEGMENTS = 64;
    private static final int PAGES = 96;
    private static final int WINDOWS = 10;
    private static final int ROUNDS = 150;

    private final RamStore disk = RamStore.zeroed(4096);
    private final TestBench bench = new TestBench();
    private final BlkSegment segment = new BlkSegment();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final int[] references = new int[PAGES];
    private long allocated;
    private int answered;

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    /** Without persistent grants, with room for all pages, and with room for a few. */
    @ParameterizedTest
    @CsvSource({"ARMED,0", "ARMED,1056", "ARMED,16", "POLLED,0", "POLLED,1056", "POLLED,16"})
    void allocatesNothingForAnyRequest(final Wakeups wakeups, final int keptPages) {
        final Blkback back =
                bench.newBackend(
                        disk, wakeups, BlkbackOptions.FULL.withPersistentGrants(keptPages));
        bench.putFrontendKey("feature-persistent", "1");
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        final int data = bench.guest().frames().allocate(PAGES);
        for (int i = 0; i < PAGES; i++) {
            references[i] = front.grantFrame(data + i, false);
        }
        final int segmentFrame = bench.guest().frames().allocate();
        final int segmentPage = front.grantFrame(segmentFrame, true);
        for (int i = 0; i < SEGMENTS; i++) {
            segment.wrap(bench.guest().page(segmentFrame), i * BlkSegment.BYTES)
                    .put(references[i], 0, 7);
        }

        // The compiler may allocate on this thread when it replaces code under way; the path of a
        // request would do so in every window.
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            allocated = 0;
            for (int round = 0; round < ROUNDS; round++) {
                putSome(front, round, segmentPage);
                serve(front, back);
            }
            least = Math.min(least, allocated);
        }
        assertThat(least).isZero();
        assertThat(back.counters().refusals()).isZero();
        assertThat(back.counters().indirectRequests()).isEqualTo(2L * WINDOWS * ROUNDS);
        assertThat(back.counters().barriers()).isEqualTo((long) WINDOWS * ROUNDS);
        assertThat(back.counters().persistentEvictions() > 0).isEqualTo(keptPages == 16);
    }

    private void putSome(final RawFrontend front, final int round, final int segmentPage) {
        for (int i = 0; i < 8; i++) {
            final int operation = i % 2 == 0 ? BlkOperation.READ : BlkOperation.WRITE;
            final BlkRequest request = front.put(operation, 11, i, i * 100);
            for (int j = 0; j < 11; j++) {
                request.segment(j, segment).put(references[(round + i * 11 + j) % PAGES], 0, 7);
            }
        }
        for (int i = 0; i < 2; i++) {
            final BlkIndirectRequest request =
                    front.putIndirect(
                            i == 0 ? BlkOperation.READ : BlkOperation.WRITE, SEGMENTS, 8, 0);
            request.putPage(0, segmentPage);
        }
        front.putFlush(9);
        front.putDiscard(0, 10, 64, 8);
        front.putDiscard(BlkDiscardRequest.SECURE, 11, 72, 3);
        front.putOne(BlkOperation.WRITE_BARRIER, references[0], 12, 5);
        front.putFlush(13);
        answered += 15;
        front.push();
    }

    private void serve(final RawFrontend front, final Blkback back) {
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100 && front.responseProducer() != answered; i++) {
            bench.step(back);
        }
        allocated += threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(front.responseProducer()).isEqualTo(answered);
        assertThat(front.response(answered - 1).status()).isEqualTo(BlkStatus.OKAY);
    }

    @Test
    void isMeasuredByAMeterThatWorks() {
        final long before = threads.getCurrentThreadAllocatedBytes();
        final Object made = new long[100];
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isGreaterThan(800);
        assertThat(made).isNotNull();
    }
}
