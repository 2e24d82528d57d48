package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path of a request of any kind, through rings and pages of any kind, allocates nothing. */
final class BlkAllocationTest {
    private static final int DISK_SECTORS = 8192;
    private static final int REQUESTS = 32;
    private static final int MOST_SEGMENTS = 40;
    private static final int WINDOWS = 10;
    private static final int ROUNDS = 100;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestBench bench = new TestBench();
    private final BlockRequest[] requests = new BlockRequest[REQUESTS];
    private int firstFrame;
    private long completed;
    private long failed;

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    @ParameterizedTest
    @CsvSource({"false,0,1", "true,0,1", "false,64,1", "true,64,1", "true,64,3"})
    void allocatesNothingOnTheWay(
            final boolean persistent, final int indirectSegments, final int queues) {
        final BlkfrontOptions options =
                BlkfrontOptions.PLAIN
                        .withRingPageOrder(1)
                        .withQueues(queues)
                        .withPersistentGrants(persistent)
                        .withIndirectSegments(indirectSegments);
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED, BlkbackOptions.FULL);
        final Blkfront front = bench.newFrontend(Wakeups.ARMED, options);
        bench.connect(front, back);
        front.completionsTo(done -> {
            completed++;
            failed += done.status() == BlockStatus.OK ? 0 : 1;
        });
        firstFrame = bench.guest().frames().allocate(REQUESTS * MOST_SEGMENTS);
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = new BlockRequest(MOST_SEGMENTS);
        }
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.setThreadAllocatedMemoryEnabled(true);

        // As in BlkCrossingsTest: what the compiler allocates is not in every window.
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            final long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            rounds(front, back, front.limits().maxSegments());
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - allocatedBefore);
        }

        assertThat(completed).isEqualTo((long) WINDOWS * ROUNDS * REQUESTS);
        assertThat(failed).isZero();
        assertThat(front.counters().indirectRequests() != 0).isEqualTo(indirectSegments != 0);
        assertThat(front.counters().persistentHits() != 0).isEqualTo(persistent);
        assertThat(least).isZero();
    }

    private void rounds(final Blkfront front, final Blkback back, final int maxSegments) {
        final int most = Math.min(maxSegments, MOST_SEGMENTS);
        for (int round = 0; round < ROUNDS; round++) {
            final long target = completed + REQUESTS;
            for (int i = 0; i < REQUESTS; i++) {
                fill(requests[i], i, 1 + (round + i) % most);
                if (!front.submit(requests[i])) {
                    front.commit();
                    bench.step(back);
                    bench.step(front);
                    i--;
                }
            }
            front.commit();
            while (completed != target) {
                bench.step(back);
                bench.step(front);
            }
        }
    }

    private void fill(final BlockRequest request, final int number, final int segments) {
        switch (number % 8) {
            case 5 -> request.reset(BlockOperation.FLUSH, 0);
            case 6 -> request.resetToDiscard(BlockOperation.DISCARD, number * 8L, 8);
            case 7 -> addSegments(request.reset(BlockOperation.BARRIER, 0), number, segments % 11);
            case 0, 1 -> addSegments(request.reset(BlockOperation.READ, 8), number, segments);
            default -> addSegments(request.reset(BlockOperation.WRITE, 16), number, segments);
        }
    }

    private void addSegments(final BlockRequest request, final int number, final int segments) {
        for (int i = 0; i < segments; i++) {
            final int frame = firstFrame + number * MOST_SEGMENTS + i;
            request.addSegment(TestDomain.address(frame), 4096);
        }
    }
}
