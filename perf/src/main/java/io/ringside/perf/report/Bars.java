package io.ringside.perf.report;

import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One bar a device: its length is the median of all forks, a line over it goes from the least to
 * the most, and a light field under it shows what the range of the costs makes of it.
 */
final class Bars {
    private Bars() {}

    /** A figure with its caption. */
    static Markup figure(
            final String caption,
            final List<Row> rows,
            final Metric metric,
            final Function<Row, @Nullable Range> band) {
        double most = 0;
        for (final Row row : rows) {
            final Series series = row.main().of(metric);
            final Range range = band.apply(row);
            most = Math.max(most, series == null ? 0 : series.most());
            most = Math.max(most, range == null ? 0 : range.most());
        }
        final Markup html = new Markup();
        html.add(
                "<figure class=\"bars\"><figcaption>%s</figcaption>"
                        + "<div role=\"img\" aria-label=\"%s\">%n",
                caption, told(caption, rows, metric));
        for (final Row row : rows) {
            html.add("%s", bar(row, metric, most == 0 ? 1 : most, band.apply(row)));
        }
        return html.add("</div></figure>%n");
    }

    private static String told(final String caption, final List<Row> rows, final Metric metric) {
        final StringBuilder text = new StringBuilder(caption).append(": ");
        for (int i = 0; i < rows.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(rows.get(i).device())
                    .append(' ')
                    .append(Numbers.of(metric, rows.get(i).main().median(metric)));
        }
        return text.toString();
    }

    private static Markup bar(
            final Row row, final Metric metric, final double most, final @Nullable Range band) {
        final Markup html = new Markup();
        final Series series = row.main().of(metric);
        html.add(
                "<div class=\"bar%s\"><span class=\"name\">%s</span><span class=\"track\">",
                Markups.raw(row.device().indexOf('+') < 0 ? "" : " feature"), Markups.name(row));
        if (series != null) {
            if (band != null) {
                html.add(
                        "<i class=\"band %s\" style=\"left:%.2f%%;width:%.2f%%\"></i>",
                        Family.of(row).label(),
                        band.least() / most * 100,
                        (band.most() - band.least()) / most * 100);
            }
            if (series.median() > 0) {
                html.add(
                        "<i class=\"fill %s\" style=\"width:%.2f%%\"></i>",
                        Family.of(row).label(), series.median() / most * 100);
            }
            if (series.least() < series.most()) {
                html.add(
                        "<i class=\"whisker\" style=\"left:%.2f%%;width:%.2f%%\"></i>",
                        series.least() / most * 100, (series.most() - series.least()) / most * 100);
            }
        }
        return html.add(
                "</span><span class=\"value\">%s</span></div>%n",
                series == null ? "none" : Numbers.of(metric, series.median()));
    }
}
