package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A few lines: the fastest against each other device; features are told apart. */
final class DeviceRatios {
    private DeviceRatios() {}

    /** The lines; empty where there are no two devices. */
    static String text(final Job job) {
        final List<Row> plain = Family.plain(job);
        @Nullable Row best = null;
        for (final Row row : plain) {
            if (best == null || rate(row) > rate(best)) {
                best = row;
            }
        }
        if (best == null || plain.size() < 2 || rate(best) <= 0) {
            return "";
        }
        final StringBuilder text = new StringBuilder("\n").append(best.device()).append(" ran\n");
        boolean single = false;
        for (final Row row : plain) {
            final Series above = best.main().of(Metric.OPERATIONS_PER_SECOND);
            final Series below = row.main().of(Metric.OPERATIONS_PER_SECOND);
            if (row != best && above != null && below != null && below.median() > 0) {
                final Range interval = Headline.interval(above, below);
                single |= interval == null;
                text.append(line(above.median() / below.median(), interval))
                        .append(Words.operation(job))
                        .append("s a second as ")
                        .append(row.device())
                        .append(overlaps(interval) ? ": no difference found\n" : "\n");
            }
        }
        return text.append(
                        single
                                ? "  (one fork a device: the ratios carry no interval; more forks"
                                        + " give one)\n"
                                : "  (in brackets: what the least and the most of all forks make of"
                                        + " the ratio)\n")
                .toString();
    }

    private static String line(final double ratio, final @Nullable Range interval) {
        return interval == null
                ? String.format(Locale.ROOT, "  %6.2f times as many ", ratio)
                : String.format(
                        Locale.ROOT,
                        "  %6.2f (%.2f to %.2f) times as many ",
                        ratio,
                        interval.least(),
                        interval.most());
    }

    private static boolean overlaps(final @Nullable Range interval) {
        return interval != null && interval.least() <= 1 && interval.most() >= 1;
    }

    private static double rate(final Row row) {
        return row.main().median(Metric.OPERATIONS_PER_SECOND);
    }
}
