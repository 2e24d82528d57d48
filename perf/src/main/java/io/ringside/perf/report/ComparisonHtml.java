package io.ringside.perf.report;

import io.ringside.perf.result.Metric;
import java.util.List;
import java.util.Locale;

/** What changed between results, as a part of the page; times and counts apart. */
final class ComparisonHtml {
    private ComparisonHtml() {}

    /** The section. */
    static Markup section(final ResultComparison comparison) {
        final Markup html = new Markup();
        html.add(
                "<section class=\"changes\"><h2>%s against the baseline %s</h2>"
                        + "<p class=\"note%s\">%s</p>%n",
                comparison.after(),
                comparison.before(),
                comparison.regressions().isEmpty() ? "" : " wrong",
                JobHtml.capital(ComparisonTable.sentence(comparison).strip()) + ".");
        for (final String scenario : comparison.scenarios()) {
            html.add("<h3 class=\"kind\">%s</h3>", JobHtml.capital(scenario));
            for (final Metric.Kind kind : ComparisonTable.KINDS) {
                final List<Change> told = comparison.told(scenario, kind);
                if (!told.isEmpty()) {
                    html.add("%s", table(kind, told));
                }
            }
        }
        for (final String note : comparison.notes()) {
            html.add("<p class=\"facts\">%s.</p>%n", JobHtml.capital(note));
        }
        return html.add("</section>%n");
    }

    private static Markup table(final Metric.Kind kind, final List<Change> told) {
        final Markup html = new Markup();
        html.add(
                "<div class=\"scroll\" tabindex=\"0\"><table><caption>%s</caption><thead><tr>"
                        + "<th>device</th><th>figure</th><th>before</th><th>after</th>"
                        + "<th>change</th><th>verdict</th></tr></thead><tbody>%n",
                kind == Metric.Kind.TIME ? "Times" : "Counts");
        for (final Change change : told) {
            html.add(
                    "<tr class=\"%s\"><th scope=\"row\">%s</th><td>%s<small>%s</small></td>"
                            + "<td>%s</td><td>%s</td><td>%s</td><td><b>%s</b></td></tr>%n",
                    change.verdict().name().toLowerCase(Locale.ROOT),
                    change.device(),
                    change.metric().label(),
                    change.load().label(),
                    FigureTables.cell(change.metric(), change.before()),
                    FigureTables.cell(change.metric(), change.after()),
                    ComparisonTable.percent(change),
                    change.verdict().label());
        }
        return html.add("</tbody></table></div>%n");
    }
}
