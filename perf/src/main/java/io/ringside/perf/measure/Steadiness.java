package io.ringside.perf.measure;

/**
 * Whether a rate has settled: the latest {@value #WINDOWS} windows of it lie within {@value
 * #PERCENT} % of the highest of them.
 *
 * <p>A window ends when it is {@value #WINDOW_MILLIS} ms long and has {@value #OPERATIONS}
 * operations, so that a slow device is not judged by chance. Threads: the watching one.
 */
public final class Steadiness {
    /** How many windows must agree. */
    public static final int WINDOWS = 5;

    /** How far they may lie apart. */
    public static final int PERCENT = 10;

    private static final int WINDOW_MILLIS = 40;
    private static final int OPERATIONS = 20;
    private static final double SHARE = PERCENT / 100.0;

    private final double[] rates = new double[WINDOWS];
    private int windows;
    private long beginNanos;
    private long beginOperations;
    private boolean begun;

    /**
     * Looks at the rate.
     *
     * @param nanos the time
     * @param operations how many ended until now
     * @return whether it has settled
     */
    public boolean isReached(final long nanos, final long operations) {
        if (!begun) {
            begun = true;
            begin(nanos, operations);
            return false;
        }
        final long elapsed = nanos - beginNanos;
        final long done = operations - beginOperations;
        if (elapsed >= WINDOW_MILLIS * 1_000_000L && done >= OPERATIONS) {
            rates[windows % WINDOWS] = (double) done / elapsed;
            windows++;
            begin(nanos, operations);
        }
        return windows >= WINDOWS && spread() <= SHARE;
    }

    private void begin(final long nanos, final long operations) {
        beginNanos = nanos;
        beginOperations = operations;
    }

    private double spread() {
        double least = rates[0];
        double most = rates[0];
        for (final double rate : rates) {
            least = Math.min(least, rate);
            most = Math.max(most, rate);
        }
        return (most - least) / most;
    }
}
