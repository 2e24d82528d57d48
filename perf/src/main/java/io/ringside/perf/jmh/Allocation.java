package io.ringside.perf.jmh;

import org.openjdk.jmh.results.RunResult;

/** What JMH's GC profiler found. */
final class Allocation {
    private static final String PER_OPERATION = "gc.alloc.rate.norm";

    private Allocation() {}

    /** Bytes allocated on the heap for each operation; not a number if nobody looked. */
    static double bytesPerOperation(final RunResult run) {
        return run.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(PER_OPERATION))
                .mapToDouble(entry -> entry.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
    }
}
