package io.ringside.vmbus.protocol;

/** How many messages were refused, by {@link ControlRefusal}. Threads: one writer. */
public final class RefusalCounts {
    private final long[] counts = new long[ControlRefusal.COUNT];

    /** Counts one, unless it is {@link ControlRefusal#NONE}; answers with it. */
    public int count(final int refusal) {
        if (refusal != ControlRefusal.NONE) {
            counts[refusal]++;
        }
        return refusal;
    }

    /** How many for one reason. */
    public long of(final int refusal) {
        return counts[refusal];
    }

    /** How many for any reason. */
    public long total() {
        long total = 0;
        for (final long count : counts) {
            total += count;
        }
        return total;
    }
}
