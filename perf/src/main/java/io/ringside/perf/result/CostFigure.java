package io.ringside.perf.result;

import io.ringside.perf.costs.Basis;

/**
 * One cost of a profile.
 *
 * @param key what it is the cost of; a crossing has the key of {@link CrossingKeys}
 * @param nanos what it costs, in nanoseconds
 * @param least of its range; the same where there is none
 * @param most of its range; the same where there is none
 * @param basis what it rests on
 * @param source where it is from, in words
 */
public record CostFigure(
        String key, double nanos, double least, double most, Basis basis, String source) {
    /** Refuses what is no cost. */
    public CostFigure {
        if (!(least >= 0) || !(nanos >= least) || !(most >= nanos) || !Double.isFinite(most)) {
            throw new IllegalArgumentException(
                    "no cost: key="
                            + key
                            + " least="
                            + least
                            + " nanos="
                            + nanos
                            + " most="
                            + most);
        }
    }
}
