package io.ringside.perf.report;

import io.ringside.perf.result.Load;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Series;

/**
 * One figure of two results, side by side.
 *
 * @param scenario the job, and the value of a sweep, in words
 * @param device the row
 * @param load how hard it was driven
 * @param metric what the figure is
 * @param before of the baseline
 * @param after of the other result
 * @param verdict what to make of it
 */
public record Change(
        String scenario,
        String device,
        Load load,
        Metric metric,
        Series before,
        Series after,
        Verdict verdict) {
    /** What to make of a change. */
    public enum Verdict {
        /** Medians differ by less than the threshold, or forks overlap. */
        SAME("same"),
        /** It is better, by more than threshold and noise. */
        BETTER("better"),
        /** It is worse, by more than threshold and noise. */
        WORSE("REGRESSION"),
        /** Medians differ by more than the threshold, and one fork tells nothing of the noise. */
        UNCLEAR("unclear: one fork");

        private final String label;

        Verdict(final String label) {
            this.label = label;
        }

        /** The name for people. */
        public String label() {
            return label;
        }
    }

    /**
     * What to make of two series of a metric.
     *
     * @param threshold how much of the baseline's median is a change: 0.05 is 5 %
     * @param exact whether one fork is as good as many, as on the modelled clock
     */
    static Verdict verdict(
            final Metric metric,
            final Series before,
            final Series after,
            final double threshold,
            final boolean exact) {
        final double difference = after.median() - before.median();
        if (metric.better() == Metric.Better.NEITHER
                || Math.abs(difference) <= threshold * Math.abs(before.median())) {
            return Verdict.SAME;
        }
        if (!exact && (before.forks() < 2 || after.forks() < 2)) {
            return Verdict.UNCLEAR;
        }
        if (before.range().overlaps(after.range())) {
            return Verdict.SAME;
        }
        return difference > 0 == (metric.better() == Metric.Better.HIGHER)
                ? Verdict.BETTER
                : Verdict.WORSE;
    }

    /** By how much of the baseline's median it changed: 0.1 is 10 % more; 0 where that was 0. */
    public double relative() {
        return before.median() == 0 ? 0 : after.median() / before.median() - 1;
    }
}
