package io.ringside.perf.report;

import io.ringside.perf.result.LatencyHistogram;
import io.ringside.perf.result.Load;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Latency by percentile: nines from left to right, so that the tail has room. */
final class LatencyPlot {
    private static final int POINTS = 120;
    private static final int MOST_NINES = 6;

    private LatencyPlot() {}

    /** A figure of these rows under one load; empty where none has latencies. */
    static Markup figure(
            final String caption, final List<Row> rows, final Load load, final LineStyles styles) {
        final Map<Row, Histogram> histograms = new LinkedHashMap<>();
        double least = Double.MAX_VALUE;
        double most = 0;
        double nines = 1;
        for (final Row row : rows) {
            final LoadResult result = row.of(load);
            final LatencyHistogram latency = result == null ? null : result.latency();
            if (latency != null) {
                final Histogram histogram = latency.histogram();
                histograms.put(row, histogram);
                least = Math.min(least, Math.max(1, histogram.getValueAtPercentile(0)));
                most = Math.max(most, histogram.getMaxValue());
                nines = Math.max(nines, Math.log10(histogram.getTotalCount()));
            }
        }
        if (histograms.isEmpty()) {
            return new Markup();
        }
        final Scale across = Scale.tight(1, Math.pow(10, Math.min(MOST_NINES, nines)));
        final Scale up = Scale.decades(least, most);
        final Plot plot = new Plot("share of operations that took no longer", false);
        up.ticks(Numbers::time)
                .forEach(tick -> plot.up(new Plot.Tick(tick.at(), bare(tick), tick.minor())));
        percentiles(plot, across);
        final StringBuilder told = new StringBuilder(caption);
        histograms.forEach((row, histogram) -> {
            plot.line(
                    new Plot.Line(
                            row.device(),
                            styles.of(row),
                            points(histogram, across, up),
                            List.of()));
            told.append("; ")
                    .append(row.device())
                    .append(": half within ")
                    .append(Numbers.time(histogram.getValueAtPercentile(50)))
                    .append(", 99 % within ")
                    .append(Numbers.time(histogram.getValueAtPercentile(99)));
        });
        return plot.figure(caption, told.toString());
    }

    private static String bare(final Plot.Tick tick) {
        return tick.label().replaceFirst("\\.0+ ", " ");
    }

    private static void percentiles(final Plot plot, final Scale across) {
        plot.across(new Plot.Tick(across.at(1), "0", false));
        plot.across(new Plot.Tick(across.at(2), "50 %", true));
        String label = "90 %";
        int nines = 1;
        for (double share = 10; share <= across.most() * 1.001; share *= 10) {
            plot.across(new Plot.Tick(across.at(share), label, nines % 2 == 0));
            label = nines == 1 ? "99 %" : "99." + "9".repeat(nines - 1) + " %";
            nines++;
        }
    }

    /** A step at a time along the percentiles, up to the last that so many operations can tell. */
    private static List<double[]> points(
            final Histogram histogram, final Scale across, final Scale up) {
        final List<double[]> points = new ArrayList<>();
        final double end = Math.min(1, across.at(histogram.getTotalCount()));
        for (int i = 0; i <= POINTS; i++) {
            final double place = end * i / POINTS;
            final double share = Math.pow(across.most(), place);
            final double value = histogram.getValueAtPercentile(100 * (1 - 1 / share));
            points.add(new double[] {place, up.at(value)});
        }
        return points;
    }
}
