package io.ringside.perf.report;

import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fastest device against each other one, a sentence each; features are told apart. */
final class JobRatios {
    private JobRatios() {}

    /**
     * The sentences; none where there are no two.
     *
     * @param operations what the devices do, in the plural
     */
    static String text(final Job job, final String operations) {
        final List<Row> plain =
                job.rows().stream()
                        .filter(row -> row.features().isEmpty() && rate(row) > 0)
                        .toList();
        @Nullable Row best = null;
        for (final Row row : plain) {
            if (best == null || rate(row) > rate(best)) {
                best = row;
            }
        }
        if (best == null || plain.size() < 2) {
            return "";
        }
        final StringBuilder text = new StringBuilder("\n");
        boolean hasInterval = true;
        for (final Row row : plain) {
            if (row != best) {
                text.append(sentence(best, row, operations)).append('\n');
                hasInterval &= series(row).forks() > 1 && series(best).forks() > 1;
            }
        }
        return text.append(
                        hasInterval || job.clock() == Clock.MODELLED
                                ? ""
                                : "(one run a device: the ratios carry no interval)\n")
                .toString();
    }

    /** One sentence, with what the forks' least and most make of the ratio. */
    static String sentence(final Row fast, final Row slow, final String operations) {
        final Series above = series(fast);
        final Series below = series(slow);
        final double ratio = above.median() / below.median();
        if (above.forks() < 2 || below.forks() < 2 || below.least() <= 0) {
            return String.format(
                    Locale.ROOT,
                    "'%s' ran %.2f times as many %s a second as '%s'",
                    fast.device(),
                    ratio,
                    operations,
                    slow.device());
        }
        final double least = above.least() / below.most();
        final double most = above.most() / below.least();
        return above.range().overlaps(below.range())
                ? String.format(
                        Locale.ROOT,
                        "no difference found between '%s' and '%s' (%.2f to %.2f times as many %s"
                                + " a second): try more --forks or longer --seconds",
                        fast.device(),
                        slow.device(),
                        least,
                        most,
                        operations)
                : String.format(
                        Locale.ROOT,
                        "'%s' ran %.2f (%.2f to %.2f) times as many %s a second as '%s'",
                        fast.device(),
                        ratio,
                        least,
                        most,
                        operations,
                        slow.device());
    }

    private static double rate(final Row row) {
        return row.main().median(Metric.OPERATIONS_PER_SECOND);
    }

    private static Series series(final Row row) {
        return Objects.requireNonNull(row.main().of(Metric.OPERATIONS_PER_SECOND));
    }
}
