package io.ringside.device.media;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What this thread and some others have allocated on the heap so far. */
final class Allocations {
    private final ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long[] threads;

    Allocations(final List<Thread> others) {
        threads = new long[others.size() + 1];
        threads[0] = Thread.currentThread().threadId();
        for (int i = 0; i < others.size(); i++) {
            threads[i + 1] = others.get(i).threadId();
        }
    }

    long bytes() {
        long sum = 0;
        for (final long thread : threads) {
            sum += bean.getThreadAllocatedBytes(thread);
        }
        return sum;
    }
}
