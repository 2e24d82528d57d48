package io.ringside.perf.calibrate;

import java.util.Arrays;

/**
 * What several rounds gave, in nanoseconds.
 *
 * @param median the middle one
 * @param least the shortest
 * @param most the longest
 */
public record Spread(double median, double least, double most) {
    /** Of one value a round; at least one. */
    static Spread of(final double... rounds) {
        final double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    /** Each divided by the same. */
    Spread per(final double divisor) {
        return new Spread(median / divisor, least / divisor, most / divisor);
    }
}
