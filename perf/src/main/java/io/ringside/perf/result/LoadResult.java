package io.ringside.perf.result;

import io.ringside.perf.scenario.UsageException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device did under one load.
 *
 * @param load how hard it was driven
 * @param operations how many operations ended, in all forks
 * @param series what was found, one value a fork
 * @param band of a figure: what the range of the cost profile's figures makes of it; empty where no
 *     costs are charged, or none has a range
 * @param crossings for one operation
 * @param latency of each operation of all forks; null where none was taken
 */
public record LoadResult(
        Load load,
        long operations,
        Map<Metric, Series> series,
        Map<Metric, Range> band,
        Crossings crossings,
        @Nullable LatencyHistogram latency) {
    /** Copies the maps, in the order of the metrics; refuses unequal numbers of forks. */
    public LoadResult {
        series = ordered(series);
        band = ordered(band);
        int forks = 0;
        for (final Series each : series.values()) {
            if (forks != 0 && each.forks() != forks) {
                throw new IllegalArgumentException(
                        "unequal forks: load=" + load + " " + forks + "!=" + each.forks());
            }
            forks = each.forks();
        }
    }

    /** The figures of a metric; null where it was not found. */
    public @Nullable Series of(final Metric metric) {
        return series.get(metric);
    }

    /** The median of a metric; 0 where it was not found. */
    public double median(final Metric metric) {
        final Series found = series.get(metric);
        return found == null ? 0 : found.median();
    }

    /** How many forks there were. */
    public int forks() {
        return series.isEmpty() ? 1 : series.values().iterator().next().forks();
    }

    /** These forks and further ones of the same device and load. */
    LoadResult plus(final LoadResult further, final String device) throws UsageException {
        if (!series.keySet().equals(further.series.keySet())) {
            throw new UsageException(
                    "cannot be merged: "
                            + device
                            + ", "
                            + load.label()
                            + ": one has the metrics "
                            + series.keySet()
                            + ", the other "
                            + further.series.keySet());
        }
        final Map<Metric, Series> all = new EnumMap<>(Metric.class);
        series.forEach((metric, values) -> {
            final Series more = further.series.get(metric);
            all.put(metric, more == null ? values : values.plus(more));
        });
        final Map<Metric, Range> bands = new EnumMap<>(Metric.class);
        bands.putAll(band);
        further.band.forEach((metric, range) -> bands.merge(metric, range, Range::with));
        final LatencyHistogram mine = latency;
        final LatencyHistogram theirs = further.latency;
        return new LoadResult(
                load,
                operations + further.operations,
                all,
                bands,
                crossings.plus(forks(), further.crossings, further.forks()),
                mine == null || theirs == null
                        ? (mine == null ? theirs : mine)
                        : mine.plus(theirs));
    }

    private static <V> Map<Metric, V> ordered(final Map<Metric, V> map) {
        final Map<Metric, V> copy = new EnumMap<>(Metric.class);
        copy.putAll(map);
        return Collections.unmodifiableMap(copy);
    }
}
