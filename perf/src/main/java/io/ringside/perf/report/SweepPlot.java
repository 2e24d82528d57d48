package io.ringside.perf.report;

import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import io.ringside.perf.result.Sweep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/** A metric of every device over the values of a sweep's parameter. */
final class SweepPlot {
    private static final double DECADE = 10;

    private final Sweep sweep;
    private final Clock clock;
    private final List<Double> places = new ArrayList<>();
    private final Plot.Tick[] ticks;

    /** The points of one clock; values that are numbers have their distance, others do not. */
    SweepPlot(final Sweep sweep, final Clock clock) {
        this.sweep = sweep;
        this.clock = clock;
        final List<Double> numbers = numbers(sweep.values());
        final Scale scale = numbers.isEmpty() ? new Scale(0, 1, false) : across(numbers);
        final int count = sweep.values().size();
        ticks = new Plot.Tick[count];
        for (int i = 0; i < count; i++) {
            final double place =
                    numbers.isEmpty() || count == 1
                            ? (i + 0.5) / count
                            : 0.03 + 0.94 * scale.at(numbers.get(i));
            places.add(place);
            ticks[i] = new Plot.Tick(place, sweep.values().get(i), count > 6 && i % 2 == 1);
        }
    }

    private static Scale across(final List<Double> numbers) {
        final double least = numbers.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        final double most = numbers.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        return new Scale(least, most, least > 0 && most / least >= DECADE);
    }

    /** The values, if all are numbers and no two are the same; sizes have a unit of theirs. */
    private static List<Double> numbers(final List<String> values) {
        final List<Double> numbers = new ArrayList<>();
        for (final String value : values) {
            try {
                final double number = Double.parseDouble(value);
                if (!Double.isFinite(number) || numbers.contains(number)) {
                    return List.of();
                }
                numbers.add(number);
            } catch (final NumberFormatException e) {
                return List.of();
            }
        }
        return numbers;
    }

    /** The figure of one metric; empty where no point has it. */
    Markup figure(final String caption, final Metric metric, final LineStyles styles) {
        final Map<String, Row> devices = new LinkedHashMap<>();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (final Sweep.Point point : sweep.points()) {
            for (final Row row : rows(point)) {
                final Series series = row.main().of(metric);
                if (series != null && series.most() > 0) {
                    devices.putIfAbsent(row.device(), row);
                    final Range range = range(row, metric, series);
                    least = Math.min(least, range.least() > 0 ? range.least() : series.median());
                    most = Math.max(most, range.most());
                }
            }
        }
        if (devices.isEmpty() || most <= 0) {
            return new Markup();
        }
        final boolean logarithmic = least > 0 && most / least >= DECADE;
        final Scale up = logarithmic ? Scale.decades(least, most) : Scale.fromZero(most);
        final Plot plot = new Plot(sweep.parameter(), true);
        final DoubleFunction<String> label =
                value -> Numbers.of(metric, value).replaceFirst("\\.0+(?= |$)", "");
        up.ticks(label).forEach(plot::up);
        for (final Plot.Tick tick : ticks) {
            plot.across(tick);
        }
        final StringBuilder told = new StringBuilder(caption);
        devices.forEach((device, row) -> {
            plot.line(line(device, styles.of(row), metric, up));
            told.append("; ").append(told(device, metric));
        });
        return plot.figure(caption, told.toString());
    }

    private List<Row> rows(final Sweep.Point point) {
        return point.job().clock() == clock ? point.job().rows() : List.of();
    }

    /** From the least to the most of the forks, or, where all are the same, of the costs. */
    private static Range range(final Row row, final Metric metric, final Series series) {
        final Range band = row.main().band().get(metric);
        return band == null ? series.range() : band.with(series.range());
    }

    private Plot.Line line(
            final String device, final String style, final Metric metric, final Scale up) {
        final List<double[]> middle = new ArrayList<>();
        final List<double[]> above = new ArrayList<>();
        final List<double[]> below = new ArrayList<>();
        for (final Sweep.Point point : sweep.points()) {
            for (final Row row : rows(point)) {
                final Series series = row.main().of(metric);
                if (row.device().equals(device) && series != null) {
                    final double place = places.get(sweep.values().indexOf(point.value()));
                    middle.add(new double[] {place, up.at(series.median())});
                    final Range range = range(row, metric, series);
                    above.add(new double[] {place, up.at(range.most())});
                    below.addFirst(new double[] {place, up.at(range.least())});
                }
            }
        }
        above.addAll(below);
        return new Plot.Line(device, style, middle, middle.size() > 1 ? above : List.of());
    }

    private String told(final String device, final Metric metric) {
        final StringBuilder text = new StringBuilder(device).append(':');
        for (final Sweep.Point point : sweep.points()) {
            for (final Row row : rows(point)) {
                if (row.device().equals(device)) {
                    text.append(' ')
                            .append(point.value())
                            .append(" gives ")
                            .append(Numbers.of(metric, row.main().median(metric)));
                }
            }
        }
        return text.toString();
    }
}
