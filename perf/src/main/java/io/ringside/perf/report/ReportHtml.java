package io.ringside.perf.report;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Sweep;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A result as one HTML file that needs nothing else: no script, no font, no address. It follows the
 * reader's light or dark screen, and goes on paper.
 */
public final class ReportHtml {
    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%s</title>
            <style>
            %s</style>
            </head>
            <body>
            """;

    private ReportHtml() {}

    /** The page of one result. */
    public static String text(final ResultDocument document) {
        return text(List.of(new NamedResult("", document)), List.of());
    }

    /**
     * The page of several results, and of what changed between them.
     *
     * @param results at least one
     * @param comparisons of the first with each other one
     */
    public static String text(
            final List<NamedResult> results, final List<ResultComparison> comparisons) {
        final Markup html = new Markup();
        html.add(HEAD, "Ringside: enlightened and emulated", Markups.raw(style()));
        header(html, results.getFirst().document(), results.size());
        html.add("<main>%n");
        for (final ResultComparison comparison : comparisons) {
            html.add("%s", ComparisonHtml.section(comparison));
        }
        int number = 1;
        for (final NamedResult result : results) {
            if (results.size() > 1) {
                html.add("<h2 class=\"file\">%s</h2>%n", result.name());
                html.add("%s", warnings(result.document()));
            }
            html.add("<div class=\"tiles\">");
            final int first = number;
            for (final Job job : result.document().jobs()) {
                html.add("%s", JobHtml.tile(job, number++));
            }
            html.add("</div>%n%s", key());
            number = first;
            for (final Job job : result.document().jobs()) {
                html.add("%s", JobHtml.section(job, number++));
            }
            for (final Sweep sweep : result.document().sweeps()) {
                html.add("%s", SweepHtml.section(sweep, number++));
            }
        }
        html.add("</main>%n");
        footer(html, results);
        return html.add("</body>%n</html>%n").toString();
    }

    private static void header(
            final Markup html, final ResultDocument document, final int results) {
        final Machine machine = document.machine();
        html.add(
                "<header><p class=\"word\">Ringside</p><h1>Enlightened against emulated</h1>"
                        + "<p class=\"facts\">%s · %d processors · %s</p>%n",
                machine.processor(), machine.processors(), machine.date());
        html.add("%s</header>%n", results == 1 ? warnings(document) : "");
    }

    private static Markup warnings(final ResultDocument document) {
        final Markup html = new Markup();
        final String noise = Words.noise(document);
        if (!noise.isEmpty()) {
            html.add("<p class=\"note noise\" role=\"note\">%s</p>%n", noise);
        }
        if (!document.verified()) {
            html.add(
                    "<p class=\"note wrong\" role=\"note\">A device brought wrong data: see its"
                            + " job.</p>%n");
        }
        return html;
    }

    private static Markup key() {
        return new Markup()
                .add(
                        "<ul class=\"legend key\"><li><i class=\"swatch fill emulated\"></i>"
                                + "emulated</li><li><i class=\"swatch fill enlightened\"></i>"
                                + "enlightened</li><li><i class=\"swatch fill reference\"></i>"
                                + "reference</li><li><i class=\"swatch whisk\"></i>least to most of"
                                + " all forks</li><li><i class=\"swatch shade\"></i>range of the"
                                + " costs</li></ul>%n");
    }

    private static void footer(final Markup html, final List<NamedResult> results) {
        html.add(
                "<footer><h2>How to read it</h2><p>A bar is the median of all forks; the line over"
                    + " it goes from the least to the most. Two devices differ only where those"
                    + " lines do not overlap; the interval of a ratio is made of their ends. Counts"
                    + " are exact, and forks differ in them only where timing decides how many"
                    + " requests share a kick; times depend on the machine. A light field shows"
                    + " what the range of the cost profile’s figures makes of a bar: of the wall"
                    + " clock it is derived, as if the busier half took so much more or less for"
                    + " each crossing. Where an assumed cost was charged, times are a prediction."
                    + " Times of the wall clock and of the modelled clock never share a chart."
                    + "</p>%n");
        for (final NamedResult result : results) {
            html.add("%s", machine(result));
        }
        html.add("</footer>%n");
    }

    private static Markup machine(final NamedResult result) {
        final Machine machine = result.document().machine();
        final Markup html = new Markup().add("<dl class=\"echo\">");
        if (!result.name().isEmpty()) {
            fact(html, "file", result.name());
        }
        fact(html, "ringside", result.document().version());
        fact(html, "processor", machine.processor());
        fact(html, "processors", Integer.toString(machine.processors()));
        fact(html, "kernel", machine.kernel());
        fact(html, "JDK", machine.jdk());
        fact(html, "memory", String.format(Locale.ROOT, "%,d MiB", machine.memoryMebibytes()));
        fact(html, "date", machine.date());
        return html.add("</dl>%n");
    }

    private static void fact(final Markup html, final String name, final String value) {
        html.add("<div><dt>%s</dt><dd>%s</dd></div>", name, value);
    }

    private static String style() {
        try (InputStream file = ReportHtml.class.getResourceAsStream("report.css")) {
            if (file == null) {
                throw new IllegalStateException("missing resource: name=report.css");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
