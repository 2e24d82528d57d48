package io.ringside.perf.measure;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How far apart two processors are: the time a word takes from one to the other and back.
 *
 * <p>Nothing says more about what two threads can exchange. On a shared machine it changes with
 * where the hypervisor puts the processors: threads of one core, cores that share a cache, or cores
 * that do not.
 *
 * <p>Threads: the caller's, and one that ends with the measurement.
 */
public final class CacheLines {
    private static final int WORDS = 512;
    private static final int THERE = 128; // both far from each other and from what lies around
    private static final int BACK = 384;
    private static final int SAMPLES = 9;
    private static final int ROUNDS = 20_000;
    private static final long LIMIT_NANOS = 2_000_000_000L;

    private final AtomicLongArray words = new AtomicLongArray(WORDS);

    private CacheLines() {}

    /** Nanoseconds there and back: the median of some samples, or the latest if it takes long. */
    public static double roundTripNanos() throws InterruptedException {
        final double[] samples = new double[SAMPLES];
        final long end = System.nanoTime() + LIMIT_NANOS;
        int count = 0;
        while (count < SAMPLES && (count == 0 || System.nanoTime() < end)) {
            samples[count++] = new CacheLines().sample();
        }
        final double[] taken = Arrays.copyOf(samples, count);
        Arrays.sort(taken);
        return taken[count / 2];
    }

    private double sample() throws InterruptedException {
        final Thread other = new Thread(this::answerAll, "cache-lines");
        other.setDaemon(true);
        other.start();
        words.setRelease(THERE, 1);
        await(BACK, 1); // The other thread runs.
        final long start = System.nanoTime();
        for (int round = 2; round <= ROUNDS; round++) {
            words.setRelease(THERE, round);
            await(BACK, round);
        }
        final long nanos = System.nanoTime() - start;
        other.join();
        return (double) nanos / (ROUNDS - 1);
    }

    private void answerAll() {
        for (int round = 1; round <= ROUNDS; round++) {
            await(THERE, round);
            words.setRelease(BACK, round);
        }
    }

    private void await(final int at, final long value) {
        while (words.getAcquire(at) != value) {
            Thread.onSpinWait();
        }
    }
}
