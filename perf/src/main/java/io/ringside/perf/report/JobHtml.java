package io.ringside.perf.report;

import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Load;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A job's part of the page: times first, counts after them and never among them. */
final class JobHtml {
    private static final List<Metric> COUNTS =
            List.of(
                    Metric.EXITS,
                    Metric.HYPERCALLS,
                    Metric.KICKS,
                    Metric.INTERRUPTS,
                    Metric.GRANT_OPERATIONS,
                    Metric.BYTES_COPIED);

    private JobHtml() {}

    /** The headline's tile, for the top of the page. */
    static Markup tile(final Job job, final int number) {
        final Headline headline = Headline.of(job);
        final Markup html = new Markup();
        if (headline == null) {
            return html;
        }
        html.add(
                "<a class=\"tile\" href=\"#job-%d\"><span class=\"of\">%s</span>",
                number, Words.title(job));
        if (headline.differs()) {
            html.add(
                    "<strong class=\"ratio\">%s<span class=\"times\">×</span></strong>"
                            + "<span class=\"claim\"><b>%s</b> carried %s times as many %ss a"
                            + " second as <b>%s</b></span>",
                    Numbers.ratio(headline.ratio()),
                    headline.enlightened().device(),
                    Numbers.ratio(headline.ratio()),
                    Words.operation(job),
                    headline.emulated().device());
        } else {
            html.add(
                    "<strong class=\"ratio none\">No difference found</strong><span"
                            + " class=\"claim\">between <b>%s</b> and <b>%s</b>: their forks"
                            + " overlap</span>",
                    headline.enlightened().device(), headline.emulated().device());
        }
        final String software = Words.software(job);
        if (!software.isEmpty()) {
            html.add("<span class=\"interval\">%s</span>", capital(software));
        }
        final Range interval = headline.interval();
        final Range band = headline.band(job);
        html.add(
                "<span class=\"interval\">%s%s</span><span class=\"chips\">%s</span></a>%n",
                interval == null
                        ? (job.clock() == Clock.MODELLED
                                ? "one run: it would come out the same again"
                                : "one fork: no interval")
                        : Numbers.ratio(interval.least())
                                + " to "
                                + Numbers.ratio(interval.most())
                                + " over "
                                + Words.forks(job),
                band == null
                        ? ""
                        : "; the range of the costs makes it "
                                + Numbers.ratio(band.least())
                                + " to "
                                + Numbers.ratio(band.most()),
                chips(job));
        return html;
    }

    private static Markup chips(final Job job) {
        final Markup html = new Markup();
        html.add(
                "<span class=\"chip %s\">%s</span><span class=\"chip\">costs ‘%s’</span>",
                job.clock() == Clock.WALL ? "wall" : "modelled",
                Words.clock(job.clock()),
                job.costs().name());
        if (!Words.prediction(job).isEmpty()) {
            html.add("<span class=\"chip prediction\">prediction</span>");
        }
        return html;
    }

    /** The whole section. */
    static Markup section(final Job job, final int number) {
        final List<Row> rows = Family.ordered(job);
        final Markup html = new Markup();
        html.add(
                "<section class=\"job\" id=\"job-%d\"><h2>%s</h2><p class=\"chips\">%s"
                        + "<span class=\"chip\">%s</span></p>%n%s",
                number, capital(Words.title(job)), chips(job), Words.forks(job), notes(job));
        html.add(
                "<h3 class=\"kind times\">Times <small>%s, costs ‘%s’</small></h3>"
                        + "<div class=\"pair\">%s%s</div>%n",
                job.clock().label(), job.costs().name(), rates(job, rows), latency(job));
        html.add("%s", TimeStack.figures(job, rows));
        html.add(
                "<h3 class=\"kind counts\">Counts for one %s <small>what it crossed and copied,"
                        + " whatever the machine</small></h3><div class=\"panels\">%n",
                Words.operation(job));
        for (final Metric metric : COUNTS) {
            if (rows.stream().anyMatch(row -> row.main().median(metric) > 0)) {
                html.add("%s", Bars.figure(capital(metric.label()), rows, metric, _ -> null));
            }
        }
        html.add("</div>%n");
        details(html, job, rows);
        return html.add("</section>%n");
    }

    private static Markup notes(final Job job) {
        final Markup html = new Markup();
        final String prediction = Words.prediction(job);
        if (!prediction.isEmpty()) {
            html.add("<p class=\"note\">%s</p>%n", prediction);
        }
        if (job.clock() == Clock.MODELLED) {
            html.add(
                    "<p class=\"note\">Modelled: %s; %s.</p>%n",
                    Words.setup(job), Words.software(job));
        }
        for (final Row row : job.rows()) {
            if (!row.verified()) {
                html.add(
                        "<p class=\"note wrong\"><b>%s is WRONG</b>: what it brought was not what"
                                + " it must bring. Its figures mean nothing.</p>%n",
                        row.device());
            }
            if (row.interrupted()) {
                html.add(
                        "<p class=\"note\">%s was interrupted: its row holds what was measured so"
                                + " far.</p>%n",
                        row.device());
            }
        }
        final Map<String, List<String>> devices = new LinkedHashMap<>();
        for (final Row row : job.rows()) {
            row.notes()
                    .forEach(note ->
                            devices.computeIfAbsent(note, _ -> new ArrayList<>())
                                    .add(row.device()));
        }
        devices.forEach((note, of) ->
                html.add("<p class=\"note\">%s: %s</p>%n", String.join(", ", of), note));
        return html;
    }

    private static Markup rates(final Job job, final List<Row> rows) {
        final boolean bands = rows.stream().anyMatch(row -> Charges.band(job, row) != null);
        return Bars.figure(
                capital(Words.operation(job))
                        + "s a second"
                        + (job.workload().equals("net") ? ", highest without loss" : "")
                        + (bands ? " (light: range of the costs)" : ""),
                rows,
                Metric.OPERATIONS_PER_SECOND,
                row -> Charges.band(job, row));
    }

    private static Markup latency(final Job job) {
        final LineStyles styles = new LineStyles();
        final List<Row> plain = plain(job);
        return job.workload().equals("net")
                ? LatencyPlot.figure(
                        "Latency at 50 % of each card’s highest rate", plain, Load.HALF, styles)
                : LatencyPlot.figure("Latency by percentile", plain, Load.HIGHEST, styles);
    }

    /** Rows without features in the page's order; all rows where every one has some. */
    private static List<Row> plain(final Job job) {
        final List<Row> plain = new ArrayList<>(Family.ordered(job));
        plain.removeIf(row -> row.device().indexOf('+') >= 0);
        return plain.isEmpty() ? job.rows() : plain;
    }

    private static void details(final Markup html, final Job job, final List<Row> rows) {
        final LineStyles own = new LineStyles();
        final boolean net = job.workload().equals("net");
        if (plain(job).size() < rows.size() || net) {
            html.add("<details><summary>More latency curves</summary><div class=\"pair\">");
            if (net) {
                html.add(
                        "%s%s",
                        LatencyPlot.figure("Latency at 50 %, every variant", rows, Load.HALF, own),
                        LatencyPlot.figure("Latency at 90 %, every variant", rows, Load.MOST, own));
            } else {
                html.add(
                        "%s",
                        LatencyPlot.figure("Latency, every variant", rows, Load.HIGHEST, own));
            }
            html.add("</div></details>%n");
        }
        html.add(
                "<details><summary>All times as a table</summary>%s</details>%n",
                FigureTables.of(rows, Metric.Kind.TIME));
        html.add(
                "<details><summary>All counts as tables</summary>%s%s</details>%n",
                FigureTables.of(rows, Metric.Kind.COUNT), FigureTables.crossings(rows));
        html.add(
                "<details><summary>Cost profile ‘%s’</summary>%s</details>%n",
                job.costs().name(), FigureTables.costs(job.costs()));
        html.add(
                "<details><summary>Scenario: every option</summary>%s</details>%n",
                FigureTables.scenario(job));
    }

    static String capital(final String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
