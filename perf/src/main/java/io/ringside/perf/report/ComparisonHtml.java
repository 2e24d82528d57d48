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
        for (final Metric.Kind kind : Metric.Kind.values()) {
            final List<Change> told =
                    comparison.told().stream()
                            .filter(change -> change.metric().kind() == kind)
                            .toList();
            if (!told.isEmpty()) {
                html.add("%s", table(kind, told));
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
                "<h3 class=\"kind\">%s</h3><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>"
                        + "<th>device</th><th>figure</th><th>before</th><th>after</th>"
                        + "<th>change</th><th>verdict</th><th>scenario</th></tr></thead><tbody>%n",
                kind == Metric.Kind.TIME ? "Times" : "Counts");
        for (final Change change : told) {
            html.add(
                    "<tr class=\"%s\"><th scope=\"row\">%s</th><td>%s</td><td>%s<small>%s to"
                            + " %s</small></td><td>%s<small>%s to %s</small></td><td>%s</td>"
                            + "<td><b>%s</b></td><td>%s, %s</td></tr>%n",
                    change.verdict().name().toLowerCase(Locale.ROOT),
                    change.device(),
                    change.metric().label(),
                    Numbers.of(change.metric(), change.before().median()),
                    Numbers.of(change.metric(), change.before().least()),
                    Numbers.of(change.metric(), change.before().most()),
                    Numbers.of(change.metric(), change.after().median()),
                    Numbers.of(change.metric(), change.after().least()),
                    Numbers.of(change.metric(), change.after().most()),
                    ComparisonTable.percent(change),
                    change.verdict().label(),
                    change.scenario(),
                    change.load().label());
        }
        return html.add("</tbody></table></div>%n");
    }
}
