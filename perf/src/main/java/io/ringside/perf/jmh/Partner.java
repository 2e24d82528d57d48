package io.ringside.perf.jmh;

import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * The second thread of a benchmark: it works in a loop, and pauses when it finds nothing.
 *
 * <p>Threads: JMH's starts and stops it; what it failed with is thrown there.
 */
final class Partner {
    private static final int PAUSE_SPINS = 20;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A bounded amount of work; 0 if there was none. */
    @FunctionalInterface
    interface Work {
        int run() throws Exception;
    }

    private final Thread thread;
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    private Partner(final String name, final Work work) {
        thread = new Thread(() -> loop(work), name);
        thread.setDaemon(true);
    }

    /** A thread that has started. */
    static Partner start(final String name, final Work work) {
        final Partner partner = new Partner(name, work);
        partner.thread.start();
        return partner;
    }

    private void loop(final Work work) {
        try {
            while (!stopping) {
                if (work.run() == 0) {
                    pause();
                }
            }
        } catch (final Throwable e) {
            failure = e;
        }
    }

    /** Without this, whoever finds nothing keeps the index line from whoever is to change it. */
    static void pause() {
        for (int i = 0; i < PAUSE_SPINS; i++) {
            Thread.onSpinWait();
        }
    }

    /** Pauses the caller, and throws if this thread has failed. */
    void idle() {
        check();
        pause();
    }

    private void check() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** Bytes of heap that this thread and the caller's have allocated, ever. */
    long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes()
                + THREADS.getThreadAllocatedBytes(thread.threadId());
    }

    /** Ends the thread, and throws if it had failed. */
    void stop() throws InterruptedException {
        stopping = true;
        thread.join();
        check();
    }
}
