package io.ringside.perf.model;

import io.ringside.perf.costs.Band;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the range of a profile's figures makes of a device: it is run with all costs as they stand,
 * with all at their least and with all at their most, and the three are put into one row.
 *
 * <p>Threads: one.
 */
public final class ModelledRange {
    private static final List<Metric> METRICS =
            List.of(Metric.OPERATIONS_PER_SECOND, Metric.LATENCY_P50);

    private ModelledRange() {}

    /** A device's run at one place of the range. */
    @FunctionalInterface
    public interface Run {
        /** The row that comes of it. */
        Row at(Band band) throws Exception;
    }

    /**
     * The row of the costs as they stand, with the range of its rate and of its median latency
     * under every load; without one where the user ended a run early. It is verified where all
     * three runs are.
     */
    public static Row row(final Run run) throws Exception {
        final Row nominal = run.at(Band.NOMINAL);
        if (nominal.interrupted()) {
            return nominal;
        }
        final Row low = run.at(Band.LOW);
        final Row high = run.at(Band.HIGH);
        final boolean isWhole = !low.interrupted() && !high.interrupted();
        final List<LoadResult> loads = new ArrayList<>();
        for (final LoadResult load : nominal.loads()) {
            loads.add(isWhole ? ranged(load, low, high) : load);
        }
        return new Row(
                nominal.device(),
                nominal.features(),
                nominal.operationBytes(),
                nominal.verified() && low.verified() && high.verified(),
                false,
                loads,
                nominal.notes());
    }

    private static LoadResult ranged(final LoadResult load, final Row low, final Row high) {
        final Map<Metric, Range> band = new EnumMap<>(Metric.class);
        for (final Metric metric : METRICS) {
            final Series found = load.of(metric);
            final LoadResult least = low.of(load.load());
            final LoadResult most = high.of(load.load());
            if (found != null && least != null && most != null) {
                final Range range =
                        at(found.median())
                                .with(at(least.median(metric)))
                                .with(at(most.median(metric)));
                if (range.least() < range.most()) {
                    band.put(metric, range);
                }
            }
        }
        return new LoadResult(
                load.load(),
                load.operations(),
                load.series(),
                band,
                load.crossings(),
                load.latency());
    }

    private static Range at(final double value) {
        return new Range(value, value);
    }
}
