package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import org.jspecify.annotations.Nullable;

/**
 * The fastest enlightened device against the fastest emulated one, both without features.
 *
 * @param enlightened the fastest that knows it is virtual
 * @param emulated the fastest that does not
 * @param ratio of the medians of operations a second
 * @param interval from the least of one against the most of the other to the opposite; null where
 *     one of them ran in one fork
 */
record Headline(Row enlightened, Row emulated, double ratio, @Nullable Range interval) {
    /** The headline of a job; null where one of the two families is missing. */
    static @Nullable Headline of(final Job job) {
        final Row fast = fastest(job, Family.ENLIGHTENED);
        final Row slow = fastest(job, Family.EMULATED);
        if (fast == null || slow == null) {
            return null;
        }
        final Series above = fast.main().of(Metric.OPERATIONS_PER_SECOND);
        final Series below = slow.main().of(Metric.OPERATIONS_PER_SECOND);
        if (above == null || below == null) {
            return null;
        }
        return new Headline(fast, slow, above.median() / below.median(), interval(above, below));
    }

    /** From the least to the most that forks of two series can make of their ratio. */
    static @Nullable Range interval(final Series above, final Series below) {
        if (above.forks() < 2 || below.forks() < 2 || below.least() <= 0) {
            return null;
        }
        return new Range(above.least() / below.most(), above.most() / below.least());
    }

    /**
     * What the range of the costs makes of the ratio: all of them at their least, and all at their
     * most; null where they have no range.
     */
    @Nullable Range band(final Job job) {
        final Range above = Charges.band(job, enlightened);
        final Range below = Charges.band(job, emulated);
        if (above == null && below == null) {
            return null;
        }
        final double fast = enlightened.main().median(Metric.OPERATIONS_PER_SECOND);
        final double slow = emulated.main().median(Metric.OPERATIONS_PER_SECOND);
        final double cheap =
                (above == null ? fast : above.most()) / (below == null ? slow : below.most());
        final double dear =
                (above == null ? fast : above.least()) / (below == null ? slow : below.least());
        return new Range(Math.min(cheap, dear), Math.max(cheap, dear));
    }

    /** Whether a difference was found: forks of the two do not overlap. */
    boolean differs() {
        final Range found = interval;
        return found == null || found.least() > 1 || found.most() < 1;
    }

    private static @Nullable Row fastest(final Job job, final Family family) {
        @Nullable Row best = null;
        for (final Row row : Family.plain(job)) {
            if (Family.of(row) == family
                    && row.main().median(Metric.OPERATIONS_PER_SECOND) > 0
                    && (best == null
                            || row.main().median(Metric.OPERATIONS_PER_SECOND)
                                    > best.main().median(Metric.OPERATIONS_PER_SECOND))) {
                best = row;
            }
        }
        return best;
    }
}
