package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import io.ringside.perf.result.Sweep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A sweep as aligned text: a line for each value of the parameter, a column for each device, a
 * table for each clock.
 */
final class SweepTable {
    private SweepTable() {}

    static String text(final Sweep sweep) {
        final StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "sweep over %s%s: %d of %d points%s%n",
                        sweep.parameter(),
                        base(sweep),
                        sweep.points().size(),
                        sweep.values().size(),
                        sweep.shards() == 1
                                ? ""
                                : ", parts " + sweep.present() + " of " + sweep.shards()));
        final List<SweepFacts> clocks = SweepFacts.of(sweep);
        for (final SweepFacts facts : clocks) {
            final String prediction = facts.prediction();
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%n%s; %s%n%s%n%s",
                            facts.clock().label(),
                            facts.profiles(),
                            prediction.isEmpty() ? "" : prediction + "\n",
                            table(sweep, facts, clocks.size() == 1)));
        }
        return text.append(
                        String.format(
                                Locale.ROOT,
                                "%neach cell: %s a second, ± half of what lies between the least"
                                        + " and the most of the forks; of the modelled clock (what"
                                        + " the range of the costs makes of it)%n",
                                sweep.workload().equals("net") ? "packets" : "operations"))
                .toString();
    }

    /** Times of one clock; with all values where there is no other, so that gaps are seen. */
    private static String table(
            final Sweep sweep, final SweepFacts facts, final boolean hasAllValues) {
        final List<String> headings = new ArrayList<>(List.of(sweep.parameter()));
        headings.addAll(facts.devices());
        final TextTable table = new TextTable(headings.toArray(String[]::new));
        for (final String value : sweep.values()) {
            final Job job = sweep.at(value);
            final boolean isOfClock = job != null && job.clock() == facts.clock();
            if (isOfClock || hasAllValues) {
                final List<String> cells = new ArrayList<>(List.of(value));
                for (final String device : facts.devices()) {
                    final Row row = job == null ? null : job.row(device);
                    cells.add(row == null ? "-" : cell(row));
                }
                table.row(cells.toArray(String[]::new));
            }
        }
        return table.text();
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
