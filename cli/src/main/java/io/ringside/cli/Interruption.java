package io.ringside.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C: the run is asked to end, and the process waits until what was measured is printed and
 * temporary files are gone.
 */
final class Interruption {
    private static final long PATIENCE_SECONDS = 30;

    private static final CountDownLatch FINISHED = new CountDownLatch(1);
    private static volatile boolean requested;
    private static volatile Runnable listener = () -> {};
    private static boolean armed;

    private Interruption() {}

    /** From now on Ctrl-C ends a run rather than the process. Main thread only. */
    static void arm() {
        if (!armed) {
            armed = true;
            Runtime.getRuntime().addShutdownHook(new Thread(Interruption::hold, "interruption"));
        }
    }

    /** Whether the user wants it to end. */
    static boolean isRequested() {
        return requested;
    }

    /** Ends the run as Ctrl-C does; for a process whose parent wants it to end. */
    static void request() {
        requested = true;
    }

    /** Has somebody told of Ctrl-C at once, on a thread of its own; the last one told counts. */
    static void tell(final Runnable newListener) {
        listener = newListener;
    }

    /** Everything is printed and put away; the process may end. */
    static void finish() {
        FINISHED.countDown();
    }

    private static void hold() {
        requested = true;
        listener.run();
        try {
            final boolean finished = FINISHED.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!finished) {
                System.err.println("ringside: the run did not end in time and is abandoned");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
