package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.measure.HalfCounts;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The figures of one fork under one load, gathered. Threads: one. */
final class Measurements {
    private final Map<Metric, Series> series = new EnumMap<>(Metric.class);
    private final long operations;

    Measurements(final long operations) {
        this.operations = operations;
    }

    Measurements add(final Metric metric, final double value) {
        series.put(metric, Series.of(value));
        return this;
    }

    /** A total of the run, told for one operation; nothing where none ended. */
    Measurements each(final Metric metric, final double total) {
        return operations == 0 ? this : add(metric, total / operations);
    }

    Measurements counts(final HalfCounts guest, final HalfCounts host) {
        return each(Metric.EXITS, guest.exits())
                .each(
                        Metric.HYPERCALLS,
                        guest.count(Crossing.HYPERCALL) + host.count(Crossing.HYPERCALL))
                .each(Metric.KICKS, guest.count(Crossing.KICK))
                .each(
                        Metric.INTERRUPTS,
                        guest.count(Crossing.INTERRUPT) + guest.count(Crossing.UPCALL))
                .each(Metric.GRANT_OPERATIONS, guest.grantOperations() + host.grantOperations())
                .each(Metric.BYTES_COPIED, guest.bytesCopied() + host.bytesCopied());
    }

    Measurements latency(final Histogram latency) {
        return latency.getTotalCount() == 0
                ? this
                : add(Metric.LATENCY_MEAN, latency.getMean())
                        .add(Metric.LATENCY_P50, latency.getValueAtPercentile(50))
                        .add(Metric.LATENCY_P90, latency.getValueAtPercentile(90))
                        .add(Metric.LATENCY_P99, latency.getValueAtPercentile(99))
                        .add(Metric.LATENCY_P999, latency.getValueAtPercentile(99.9))
                        .add(Metric.LATENCY_MAX, latency.getMaxValue());
    }

    LoadResult result(
            final Load load,
            final HalfCounts guest,
            final HalfCounts host,
            final Histogram latency) {
        return new LoadResult(
                load,
                operations,
                series,
                Map.of(),
                new Crossings(perOperation(guest), perOperation(host)),
                latency.getTotalCount() == 0 ? null : LatencyHistogram.of(latency));
    }

    private Map<Crossing, Series> perOperation(final HalfCounts counts) {
        final Map<Crossing, Series> each = new EnumMap<>(Crossing.class);
        for (final Crossing crossing : Crossing.values()) {
            if (counts.count(crossing) > 0 && operations > 0) {
                each.put(crossing, Series.of((double) counts.count(crossing) / operations));
            }
        }
        return each;
    }
}
