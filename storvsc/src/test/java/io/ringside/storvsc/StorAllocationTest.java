package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Nothing is allocated between a request and its completion, on either side. */
final class StorAllocationTest {
    private static final int WARM = 20_000;
    private static final int COUNTED = 20_000;

    /** What the JVM itself may take for the whole run. */
    private static final long FORGIVEN_BYTES = 64 * 1024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int done;

    @Test
    void allocatesNothingOnTheWayOfARequest() {
        try (StorBench bench = new StorBench(2, StorvspOptions.DEFAULTS);
                RamStore store = RamStore.zeroed(4096)) {
            bench.host.add(0, 0, bench.disk("a", store));
            bench.join(StorvscOptions.DEFAULTS.withSubChannels(1, 2));
            final StorvscDisk disk = bench.diskOf(0, 0);
            disk.completionsTo(request -> done++);
            final BlockRequest request = new BlockRequest(3);
            run(bench, disk, request, WARM);
            final long id = Thread.currentThread().threadId();
            final long before = threads.getThreadAllocatedBytes(id);
            run(bench, disk, request, COUNTED);
            assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(FORGIVEN_BYTES);
        }
    }

    private void run(
            final StorBench bench,
            final StorvscDisk disk,
            final BlockRequest request,
            final int times) {
        for (int i = 0; i < times; i++) {
            final BlockOperation operation =
                    switch (i % 3) {
                        case 0 -> BlockOperation.READ;
                        case 1 -> BlockOperation.WRITE;
                        default -> BlockOperation.FLUSH;
                    };
            request.reset(operation, i % 256 * 8L);
            if (operation != BlockOperation.FLUSH) {
                final int shift =
                        i % 2 == 0 ? 0 : 100; // Every other one through memory of the host.
                request.addSegment((100L << GuestMemory.PAGE_SHIFT) + shift, 4096 - shift);
                request.addSegment(102L << GuestMemory.PAGE_SHIFT, 4096);
                if (shift != 0) {
                    request.addSegment(105L << GuestMemory.PAGE_SHIFT, shift);
                }
            }
            done = 0;
            if (!disk.submit(request)) {
                throw new IllegalStateException("not taken: i=" + i);
            }
            disk.commit();
            for (int rounds = 0; done == 0; rounds++) {
                bench.turnHalves();
                if (rounds > 1000) {
                    throw new IllegalStateException("does not end: i=" + i);
                }
            }
        }
    }
}
