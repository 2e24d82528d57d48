package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A result as CSV (RFC 4180, UTF-8, a line ends by LF): one line an observation, which is one fork
 * of one device under one load, and one column a variable, as pandas and R like it.
 *
 * <p>First what it is of (workload, sweep, sweepValue, clock, costs, device, features, load, fork,
 * verified), then {@code scenario.KEY} for each option, then a column a metric by its key, then
 * crossings for one operation as {@code guest.KEY} and {@code host.KEY}. A cell is empty where
 * nothing was found.
 */
public final class ResultCsv {
    private static final List<String> LABELS =
            List.of(
                    "workload",
                    "sweep",
                    "sweepValue",
                    "clock",
                    "costs",
                    "device",
                    "features",
                    "load",
                    "fork",
                    "verified");

    private final StringBuilder out = new StringBuilder();
    private final Set<String> settings = new LinkedHashSet<>();

    private ResultCsv() {}

    /** The whole table, its header included. */
    public static String text(final ResultDocument document) {
        final ResultCsv csv = new ResultCsv();
        document.jobs().forEach(job -> csv.settings.addAll(job.scenario().keySet()));
        for (final Sweep sweep : document.sweeps()) {
            sweep.points().forEach(point -> csv.settings.addAll(point.job().scenario().keySet()));
        }
        csv.header();
        document.jobs().forEach(job -> csv.job("", "", job));
        for (final Sweep sweep : document.sweeps()) {
            sweep.points().forEach(point -> csv.job(sweep.parameter(), point.value(), point.job()));
        }
        return csv.out.toString();
    }

    private void header() {
        final List<String> cells = new ArrayList<>(LABELS);
        settings.forEach(key -> cells.add("scenario." + key));
        for (final Metric metric : Metric.values()) {
            cells.add(metric.key());
        }
        for (final Half half : Half.values()) {
            for (final Crossing crossing : Crossing.values()) {
                cells.add(ResultJson.key(half) + '.' + CrossingKeys.of(crossing));
            }
        }
        line(cells);
    }

    private void job(final String sweep, final String value, final Job job) {
        for (final Row row : job.rows()) {
            for (final LoadResult load : row.loads()) {
                for (int fork = 0; fork < load.forks(); fork++) {
                    final List<String> cells = new ArrayList<>();
                    cells.addAll(
                            List.of(
                                    job.workload(),
                                    sweep,
                                    value,
                                    ResultJson.key(job.clock()),
                                    job.costs().name(),
                                    row.device(),
                                    String.join("+", row.features()),
                                    load.load().key(),
                                    Integer.toString(fork + 1),
                                    Boolean.toString(row.verified())));
                    settings.forEach(key -> cells.add(job.scenario().getOrDefault(key, "")));
                    figures(cells, load, fork);
                    line(cells);
                }
            }
        }
    }

    private static void figures(final List<String> cells, final LoadResult load, final int fork) {
        for (final Metric metric : Metric.values()) {
            cells.add(cell(load.series(), metric, fork));
        }
        for (final Half half : Half.values()) {
            for (final Crossing crossing : Crossing.values()) {
                cells.add(cell(load.crossings().of(half), crossing, fork));
            }
        }
    }

    private static <K> String cell(final Map<K, Series> map, final K key, final int fork) {
        final Series series = map.get(key);
        if (series == null || fork >= series.forks()) {
            return "";
        }
        final double value = series.values().get(fork);
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private void line(final List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            out.append(i == 0 ? "" : ",").append(quoted(cells.get(i)));
        }
        out.append('\n');
    }

    private static String quoted(final String cell) {
        final boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c < ' ');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
