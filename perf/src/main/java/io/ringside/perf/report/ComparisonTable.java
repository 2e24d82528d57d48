package io.ringside.perf.report;

import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Series;
import java.util.List;
import java.util.Locale;

/** What changed between results, as aligned text for a terminal. */
public final class ComparisonTable {
    /** In the order of a page. */
    static final List<Metric.Kind> KINDS = List.of(Metric.Kind.TIME, Metric.Kind.COUNT);

    private ComparisonTable() {}

    /** What changed, times and counts apart, and a sentence that sums it up. */
    public static String text(final ResultComparison comparison) {
        final StringBuilder text = new StringBuilder();
        text.append(comparison.before())
                .append(" (baseline) against ")
                .append(comparison.after())
                .append("\n");
        for (final String scenario : comparison.scenarios()) {
            for (final Metric.Kind kind : KINDS) {
                final List<Change> told = comparison.told(scenario, kind);
                if (!told.isEmpty()) {
                    text.append('\n').append(scenario).append('\n').append(table(kind, told));
                }
            }
        }
        text.append('\n').append(sentence(comparison));
        for (final String note : comparison.notes()) {
            text.append(note).append('\n');
        }
        return text.toString();
    }

    /** One sentence: what was found, by which rule, and what to do about it. */
    static String sentence(final ResultComparison comparison) {
        if (comparison.changes().isEmpty()) {
            return "nothing to compare: no device of the same scenario is in both\n";
        }
        final int worse = comparison.regressions().size();
        int better = 0;
        int unclear = 0;
        for (final Change change : comparison.changes()) {
            better += change.verdict() == Change.Verdict.BETTER ? 1 : 0;
            unclear += change.verdict() == Change.Verdict.UNCLEAR ? 1 : 0;
        }
        return String.format(
                Locale.ROOT,
                "%s %,d figures%s%s (a change is more than %.1f %% of the median, and forks do"
                        + " not overlap)%n",
                worse == 0
                        ? "no regression found among"
                        : worse + (worse == 1 ? " regression" : " regressions") + " among",
                comparison.changes().size(),
                better == 0 ? "" : ", " + better + " better",
                unclear == 0
                        ? ""
                        : ", "
                                + unclear
                                + " unclear for want of forks: run both with two or more, then"
                                + " compare",
                comparison.threshold() * 100);
    }

    private static String table(final Metric.Kind kind, final List<Change> told) {
        final TextTable table =
                new TextTable(
                        kind == Metric.Kind.TIME ? "times" : "counts",
                        "figure",
                        "load",
                        "before",
                        "spread",
                        "after",
                        "spread",
                        "change",
                        "verdict");
        for (final Change change : told) {
            table.row(
                    change.device(),
                    change.metric().label(),
                    change.load().label(),
                    Numbers.of(change.metric(), change.before().median()),
                    spread(change.before()),
                    Numbers.of(change.metric(), change.after().median()),
                    spread(change.after()),
                    percent(change),
                    change.verdict().label());
        }
        return table.text();
    }

    private static String spread(final Series series) {
        return series.forks() < 2
                ? "one fork"
                : String.format(Locale.ROOT, "%.1f %%", series.spread() * 100);
    }

    /** By how much it changed; from nothing there are no percents. */
    static String percent(final Change change) {
        return change.before().median() == 0
                ? "from 0"
                : String.format(Locale.ROOT, "%+.1f %%", change.relative() * 100);
    }
}
