package io.ringside.perf.report;

import io.ringside.perf.measure.Measured;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Any comparison as one HTML file that needs nothing else: bars for times and for counts, apart
 * from each other, and the table.
 */
public final class ReportHtml {
    /** The class of bars that are counts. */
    static final String COUNTS = "counts";

    /** The class of bars that are times. */
    static final String TIMES = "times";

    private static final int BAR_WIDTH = 420;
    private static final int ROW_HEIGHT = 30;
    private static final int LABEL_WIDTH = 190;
    private static final int VALUE_WIDTH = 110;

    private static final String PAGE =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Ringside: comparison</title>
            <style>
            :root { color-scheme: light dark; --ink: #1c2733; --paper: #fdfdfb; --soft: #6a7683;
              --line: #d9dee3; --counts: #2f7d6d; --times: #3867b7; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6eaee; --paper: #14191f; --soft: #94a1ae; --line: #2c353f;
                --counts: #58b8a3; --times: #7ba6ee; } }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
              max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; margin-bottom: .2rem; }
            h2 { font-size: 1.1rem; margin-top: 2rem; }
            p.facts, figcaption { color: var(--soft); }
            figure { margin: 1rem 0; }
            svg { max-width: 100%%; height: auto; }
            svg text { fill: var(--ink); font: 14px system-ui, sans-serif; }
            svg .counts { fill: var(--counts); }
            svg .times { fill: var(--times); }
            .scroll { overflow-x: auto; }
            pre { font: 13px/1.45 ui-monospace, monospace; border: 1px solid var(--line);
              padding: 1rem; overflow-x: auto; }
            @media print { body { margin: 0; max-width: none; } }
            </style>
            </head>
            <body>
            <h1>Enlightened and emulated: one workload, every device</h1>
            <p class="facts">%s, %d processors, %s, %s</p>
            %s</body>
            </html>
            """;

    private ReportHtml() {}

    /**
     * The whole page.
     *
     * @param reports the jobs, all on the same machine
     */
    public static String text(final List<? extends Report> reports) {
        final Report first = reports.getFirst();
        final StringBuilder jobs = new StringBuilder();
        for (final Report report : reports) {
            jobs.append(
                    switch (report) {
                        case DiskReport disk -> DiskHtml.job(disk);
                        case NetReport net -> NetHtml.job(net);
                    });
        }
        return String.format(
                Locale.ROOT,
                PAGE,
                escaped(first.machine().processor()),
                first.machine().processors(),
                escaped(first.machine().jdk()),
                first.machine().date(),
                jobs);
    }

    static double perOperation(final Measured result, final long count) {
        return count / (double) Math.max(1, result.operations());
    }

    /** One bar a device. */
    static <R extends Measured> String bars(
            final List<R> results,
            final String title,
            final String kind,
            final String format,
            final ToDoubleFunction<R> value) {
        double most = 0;
        for (final R result : results) {
            most = Math.max(most, value.applyAsDouble(result));
        }
        final int height = results.size() * ROW_HEIGHT;
        final int width = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH;
        final StringBuilder out =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "<figure><figcaption>%s</figcaption>%n<svg viewBox=\"0 0 %d %d\""
                                        + " width=\"%d\" height=\"%d\" role=\"img\""
                                        + " aria-label=\"%s\">%n",
                                escaped(title),
                                width,
                                height,
                                width,
                                height,
                                escaped(title)));
        int y = 0;
        for (final R result : results) {
            final double figure = value.applyAsDouble(result);
            final double length = most == 0 ? 0 : figure / most * BAR_WIDTH;
            out.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"0\" y=\"%d\">%s</text><rect class=\"%s\" x=\"%d\" y=\"%d\""
                                    + " width=\"%.1f\" height=\"%d\" rx=\"3\"/><text x=\"%.1f\""
                                    + " y=\"%d\">%s</text>%n",
                            y + 20,
                            escaped(result.device()),
                            kind,
                            LABEL_WIDTH,
                            y + 5,
                            Math.max(length, 1),
                            ROW_HEIGHT - 10,
                            LABEL_WIDTH + length + 8,
                            y + 20,
                            String.format(Locale.ROOT, format, figure)));
            y += ROW_HEIGHT;
        }
        return out.append("</svg></figure>\n").toString();
    }

    static String escaped(final String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
