package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import io.ringside.perf.result.Sweep;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A sweep's part of the page: its curves, and the table behind them; the two clocks apart. */
final class SweepHtml {
    private static final List<Metric> CURVES =
            List.of(Metric.OPERATIONS_PER_SECOND, Metric.LATENCY_P99);
    private static final List<Metric> COUNT_CURVES =
            List.of(Metric.EXITS, Metric.HYPERCALLS, Metric.KICKS, Metric.INTERRUPTS);

    private SweepHtml() {}

    /** The whole section. */
    static Markup section(final Sweep sweep, final int number) {
        final Markup html = new Markup();
        html.add(
                "<section class=\"sweep\" id=\"sweep-%d\"><h2>Sweep: %s, %s</h2>%n",
                number, sweep.workload(), sweep.parameter());
        if (!sweep.missing().isEmpty()) {
            html.add(
                    "<p class=\"note\">Parts %s of %d are not here: merge their results to see the"
                            + " whole sweep.</p>%n",
                    sweep.missing().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                    sweep.shards());
        } else if (sweep.shards() > 1) {
            html.add("<p class=\"facts\">Merged from %d parts.</p>%n", sweep.shards());
        }
        for (final SweepFacts facts : SweepFacts.of(sweep)) {
            clock(html, sweep, facts);
        }
        if (!sweep.points().isEmpty()) {
            final Job first = sweep.points().getFirst().job();
            html.add(
                    "<details><summary>Cost profile ‘%s’</summary>%s</details>%n"
                            + "<details><summary>Scenario of the first point: every option"
                            + "</summary>%s</details>%n",
                    first.costs().name(),
                    FigureTables.costs(first.costs()),
                    FigureTables.scenario(first));
        }
        return html.add("</section>%n");
    }

    private static void clock(final Markup html, final Sweep sweep, final SweepFacts facts) {
        final LineStyles styles = new LineStyles();
        final SweepPlot plot = new SweepPlot(sweep, facts.clock());
        final String prediction = facts.prediction();
        html.add(
                "<h3 class=\"kind times\">Times <small>%s</small></h3><p class=\"facts\">%s</p>%n",
                facts.clock().label(), JobHtml.capital(facts.profiles()) + ".");
        if (!prediction.isEmpty()) {
            html.add("<p class=\"note\">%s</p>%n", prediction);
        }
        html.add("<div class=\"pair\">");
        for (final Metric metric : CURVES) {
            html.add("%s", plot.figure(JobHtml.capital(metric.label()), metric, styles));
        }
        html.add(
                "</div>%n<h3 class=\"kind counts\">Counts for one operation</h3>"
                        + "<div class=\"quads\">");
        for (final Metric metric : COUNT_CURVES) {
            html.add("%s", plot.figure(JobHtml.capital(metric.label()), metric, styles));
        }
        html.add("</div>%n<details><summary>The points as a table</summary>");
        table(html, sweep, facts);
        html.add("</details>%n");
    }

    private static void table(final Markup html, final Sweep sweep, final SweepFacts facts) {
        final Set<String> devices = facts.devices();
        html.add(
                "<div class=\"scroll\" tabindex=\"0\"><table><caption>Operations a second</caption>"
                        + "<thead><tr><th>%s</th>",
                sweep.parameter());
        devices.forEach(device -> html.add("<th>%s</th>", device));
        html.add("</tr></thead><tbody>%n");
        for (final Sweep.Point point : facts.points()) {
            html.add("<tr><th scope=\"row\">%s</th>", point.value());
            for (final String device : devices) {
                final Row row = point.job().row(device);
                final Series series =
                        row == null ? null : row.main().of(Metric.OPERATIONS_PER_SECOND);
                html.add(
                        "<td>%s</td>",
                        series == null
                                ? "–"
                                : Numbers.of(Metric.OPERATIONS_PER_SECOND, series.median()));
            }
            html.add("</tr>%n");
        }
        html.add("</tbody></table></div>%n");
    }
}
