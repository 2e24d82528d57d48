package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import io.ringside.perf.result.Sweep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A sweep as aligned text: a line for each value of the parameter, a column for each device. */
final class SweepTable {
    private SweepTable() {}

    static String text(final Sweep sweep) {
        final Set<String> devices = new LinkedHashSet<>();
        for (final Sweep.Point point : sweep.points()) {
            for (final Row row : point.job().rows()) {
                devices.add(row.device());
            }
        }
        final List<String> headings = new ArrayList<>(List.of(sweep.parameter()));
        headings.addAll(devices);
        final TextTable table = new TextTable(headings.toArray(String[]::new));
        for (final String value : sweep.values()) {
            final Job job = sweep.at(value);
            final List<String> cells = new ArrayList<>(List.of(value));
            for (final String device : devices) {
                final Row row = job == null ? null : job.row(device);
                cells.add(row == null ? "-" : cell(row));
            }
            table.row(cells.toArray(String[]::new));
        }
        return String.format(
                Locale.ROOT,
                "sweep over %s%s: %d of %d points%s%n%n%s%n%s%n",
                sweep.parameter(),
                base(sweep),
                sweep.points().size(),
                sweep.values().size(),
                sweep.shards() == 1 ? "" : ", parts " + sweep.present() + " of " + sweep.shards(),
                table.text(),
                "each cell: "
                        + (sweep.workload().equals("net") ? "packets" : "operations")
                        + " a second, ± half of what lies between the least and the most of the"
                        + " forks; of the modelled clock (what the range of the costs makes of"
                        + " it)");
    }

    private static String base(final Sweep sweep) {
        if (sweep.points().isEmpty()) {
            return "";
        }
        final Sweep.Point first = sweep.points().getFirst();
        return " (at " + first.value() + ": " + Words.title(first.job()) + ")";
    }

    private static String cell(final Row row) {
        final Series rate = row.main().of(Metric.OPERATIONS_PER_SECOND);
        if (rate == null) {
            return "-";
        }
        final Range band = row.main().band().get(Metric.OPERATIONS_PER_SECOND);
        final String spread =
                rate.forks() >= 2
                        ? String.format(Locale.ROOT, " ±%.1f %%", rate.spread() / 2 * 100)
                        : band == null
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        " (%,.0f to %,.0f)",
                                        band.least(),
                                        band.most());
        return String.format(Locale.ROOT, "%,.0f", rate.median())
                + spread
                + (row.verified() ? "" : " WRONG")
                + (row.interrupted() ? " stopped" : "");
    }
}
