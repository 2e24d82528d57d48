package io.ringside.perf.model;

/**
 * A medium that all guests share: each request waits for one of the places where the medium works,
 * then for the way that all bytes take, one after the other.
 *
 * <p>Threads: see {@link Simulation}; asked in the order of simulated time.
 */
final class SharedMedium {
    private static final double NANOS_PER_SECOND = 1e9;

    private final MediumTime time;
    private final long[] freeNanos;
    private double wayFreeNanos;

    SharedMedium(final MediumTime time) {
        this.time = time;
        freeNanos = new long[time.parallel()];
    }

    /** Whether whoever asks copies the bytes himself. */
    boolean isMemory() {
        return time.isMemory();
    }

    /** When a request that comes now is done. */
    long doneNanos(final long nowNanos, final long lengthBytes) {
        final int place = soonest();
        final long begin = place < 0 ? nowNanos : Math.max(nowNanos, freeNanos[place]);
        long done = begin + time.latencyNanos();
        if (time.bytesPerSecond() > 0) {
            wayFreeNanos =
                    Math.max(wayFreeNanos, done)
                            + (double) lengthBytes * NANOS_PER_SECOND / time.bytesPerSecond();
            done = (long) Math.ceil(wayFreeNanos);
        }
        if (place >= 0) {
            freeNanos[place] = done;
        }
        return done;
    }

    private int soonest() {
        int soonest = freeNanos.length - 1;
        for (int i = freeNanos.length - 2; i >= 0; i--) {
            soonest = freeNanos[i] <= freeNanos[soonest] ? i : soonest;
        }
        return soonest;
    }
}
