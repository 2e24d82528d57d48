package io.ringside.perf.report;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Sweep;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

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

    /** The whole page. */
    public static String text(final ResultDocument document) {
        final Markup html = new Markup();
        html.add(HEAD, "Ringside: enlightened and emulated", Markups.raw(style()));
        header(html, document);
        int number = 1;
        html.add("<main>%n<div class=\"tiles\">%n");
        for (final Job job : document.jobs()) {
            html.add("%s", JobHtml.tile(job, number++));
        }
        html.add("</div>%n%s", key());
        final LineStyles styles = new LineStyles();
        number = 1;
        for (final Job job : document.jobs()) {
            html.add("%s", JobHtml.section(job, number++, styles));
        }
        number = 1;
        for (final Sweep sweep : document.sweeps()) {
            html.add("%s", SweepHtml.section(sweep, number++, styles));
        }
        html.add("</main>%n");
        footer(html, document);
        return html.add("</body>%n</html>%n").toString();
    }

    private static void header(final Markup html, final ResultDocument document) {
        final Machine machine = document.machine();
        html.add(
                "<header><p class=\"word\">Ringside</p><h1>Enlightened against emulated</h1>"
                        + "<p class=\"facts\">%s · %d processors · %s</p>%n",
                machine.processor(), machine.processors(), machine.date());
        final String noise = Words.noise(document);
        if (!noise.isEmpty()) {
            html.add("<p class=\"note noise\" role=\"note\">%s</p>%n", noise);
        }
        if (!document.verified()) {
            html.add(
                    "<p class=\"note wrong\" role=\"note\">A device brought wrong data: see its"
                            + " job.</p>%n");
        }
        html.add("</header>%n");
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

    private static void footer(final Markup html, final ResultDocument document) {
        final Machine machine = document.machine();
        html.add(
                "<footer><h2>How to read it</h2><p>A bar is the median of all forks; the line over"
                    + " it goes from the least to the most. Two devices differ only where those"
                    + " lines do not overlap; the interval of a ratio is made of their ends. Counts"
                    + " are exact and do not depend on the machine; times do. A light field shows"
                    + " what the range of the cost profile’s figures makes of a bar: of the wall"
                    + " clock it is derived, as if the busier half took so much more or less for"
                    + " each crossing. Where an assumed cost was charged, times are a prediction."
                    + " Times of the wall clock and of the modelled clock never share a"
                    + " chart.</p>%n<dl class=\"echo\"><div><dt>ringside</dt><dd>%s</dd></div>"
                    + "<div><dt>processor</dt><dd>%s</dd></div><div><dt>processors</dt><dd>%d</dd>"
                    + "</div><div><dt>kernel</dt><dd>%s</dd></div><div><dt>JDK</dt><dd>%s</dd></div><div><dt>memory</dt><dd>%,d"
                    + " MiB</dd></div><div><dt>date</dt><dd>%s</dd></div></dl></footer>%n",
                document.version(),
                machine.processor(),
                machine.processors(),
                machine.kernel(),
                machine.jdk(),
                machine.memoryMebibytes(),
                machine.date());
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
