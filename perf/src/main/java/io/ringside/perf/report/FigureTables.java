package io.ringside.perf.report;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.result.CostFigure;
import io.ringside.perf.result.Costs;
import io.ringside.perf.result.CrossingKeys;
import io.ringside.perf.result.Half;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All figures of a job as tables, times and counts apart. */
final class FigureTables {
    private FigureTables() {}

    /** One table for each load that has figures of a kind. */
    static Markup of(final List<Row> rows, final Metric.Kind kind) {
        final Markup html = new Markup();
        final List<LoadResult> loads = rows.isEmpty() ? List.of() : rows.getFirst().loads();
        for (final LoadResult load : loads) {
            final List<Metric> metrics = metrics(rows, load, kind);
            html.add(
                    "<div class=\"scroll\" tabindex=\"0\"><table><caption>%s%s</caption><thead><tr>"
                            + "<th>device</th>",
                    kind == Metric.Kind.TIME ? "Times" : "Counts",
                    loads.size() == 1 ? "" : ", " + load.load().label());
            for (final Metric metric : metrics) {
                html.add(
                        "<th>%s%s</th>",
                        metric.label(), metric.unit().equals("a run") ? " (in all)" : "");
            }
            html.add("</tr></thead><tbody>%n");
            for (final Row row : rows) {
                line(html, row, load, metrics);
            }
            html.add("</tbody></table></div>%n");
        }
        return html;
    }

    private static List<Metric> metrics(
            final List<Row> rows, final LoadResult load, final Metric.Kind kind) {
        final List<Metric> metrics = new ArrayList<>();
        for (final Metric metric : Metric.values()) {
            boolean found = false;
            for (final Row row : rows) {
                final LoadResult own = row.of(load.load());
                found |= own != null && own.of(metric) != null;
            }
            if (found && metric.kind() == kind) {
                metrics.add(metric);
            }
        }
        return metrics;
    }

    private static void line(
            final Markup html, final Row row, final LoadResult load, final List<Metric> metrics) {
        final LoadResult own = row.of(load.load());
        html.add("<tr><th scope=\"row\">%s</th>", row.device());
        for (final Metric metric : metrics) {
            html.add("<td>%s</td>", cell(metric, own == null ? null : own.of(metric)));
        }
        html.add("</tr>%n");
    }

    /** A median, and under it the least and the most of the forks. */
    static Markup cell(final Metric metric, final @Nullable Series series) {
        final Markup html = new Markup();
        if (series == null) {
            return html.add("–");
        }
        html.add("%s", Numbers.of(metric, series.median()));
        if (series.forks() > 1 && series.least() < series.most()) {
            html.add(
                    "<small>%s to %s</small>",
                    Numbers.of(metric, series.least()), Numbers.of(metric, series.most()));
        }
        return html;
    }

    /** Every crossing for one operation, by half. */
    static Markup crossings(final List<Row> rows) {
        final List<Crossing> kinds = new ArrayList<>();
        for (final Crossing crossing : Crossing.values()) {
            for (final Row row : rows) {
                if (!kinds.contains(crossing)
                        && (row.main().crossings().guest().containsKey(crossing)
                                || row.main().crossings().host().containsKey(crossing))) {
                    kinds.add(crossing);
                }
            }
        }
        final Markup html = new Markup();
        html.add(
                "<div class=\"scroll\" tabindex=\"0\"><table><caption>Crossings for one operation,"
                        + " guest’s half | host’s half</caption><thead><tr><th>device</th>");
        for (final Crossing kind : kinds) {
            html.add("<th>%s</th>", CrossingKeys.label(CrossingKeys.of(kind)));
        }
        html.add("</tr></thead><tbody>%n");
        for (final Row row : rows) {
            html.add("<tr><th scope=\"row\">%s</th>", row.device());
            for (final Crossing kind : kinds) {
                html.add(
                        "<td>%s | %s</td>",
                        Numbers.count(row.main().crossings().median(Half.GUEST, kind)),
                        Numbers.count(row.main().crossings().median(Half.HOST, kind)));
            }
            html.add("</tr>%n");
        }
        return html.add("</tbody></table></div>%n");
    }

    /** The cost profile, figure by figure. */
    static Markup costs(final Costs costs) {
        final Markup html = new Markup();
        html.add("<p>%s</p>", costs.source());
        if (costs.figures().isEmpty()) {
            return html.add("<p>It charges nothing: crossings cost what they cost here.</p>");
        }
        html.add(
                "<div class=\"scroll\" tabindex=\"0\"><table class=\"words\"><thead><tr>"
                        + "<th>what</th><th>costs</th><th>range</th><th>basis</th><th>source</th>"
                        + "</tr></thead><tbody>%n");
        for (final CostFigure figure : costs.figures()) {
            html.add(
                    "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td>"
                            + "<td class=\"source\">%s</td></tr>%n",
                    CrossingKeys.label(figure.key()),
                    Numbers.time(figure.nanos()),
                    figure.least() == figure.most()
                            ? "–"
                            : Numbers.time(figure.least()) + " to " + Numbers.time(figure.most()),
                    figure.basis().name().toLowerCase(Locale.ROOT),
                    figure.source());
        }
        return html.add("</tbody></table></div>%n");
    }

    /** Every option that decides a job. */
    static Markup scenario(final Job job) {
        final Markup html = new Markup();
        html.add("<dl class=\"echo\"><div><dt>workload</dt><dd>%s</dd></div>", job.workload());
        for (final Map.Entry<String, String> setting : job.scenario().entrySet()) {
            html.add("<div><dt>%s</dt><dd>%s</dd></div>", setting.getKey(), setting.getValue());
        }
        return html.add(
                "<div><dt>clock</dt><dd>%s</dd></div><div><dt>costs</dt><dd>%s</dd></div></dl>%n",
                Words.clock(job.clock()), job.costs().name());
    }
}
