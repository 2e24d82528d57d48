package io.ringside.perf.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.costs.Band;
import io.ringside.perf.result.DiskRows;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.NetRows;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Samples;
import io.ringside.perf.result.Series;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelledRangeTest {
    /** Ten operations that take longer, the more the costs are. */
    private static Row disk(final Band band) {
        final long nanos =
                switch (band) {
                    case LOW -> 1_000_000;
                    case NOMINAL -> 2_000_000;
                    case HIGH -> 5_000_000;
                };
        return DiskRows.row(Samples.disk("storvsc", 10, nanos));
    }

    @Test
    void ranAtEveryPlaceOfTheRangeAndTellsTheEndsOfTheRate() throws Exception {
        final List<Band> asked = new ArrayList<>();
        final Row row =
                ModelledRange.row(band -> {
                    asked.add(band);
                    return disk(band);
                });
        assertThat(asked).containsExactlyInAnyOrder(Band.values());
        assertThat(row.main().median(Metric.OPERATIONS_PER_SECOND)).isEqualTo(5_000);
        assertThat(row.main().band())
                .containsEntry(Metric.OPERATIONS_PER_SECOND, new Range(2_000, 10_000))
                .doesNotContainKey(Metric.LATENCY_P50);
    }

    @Test
    void tellsNoRangeWhereCostsHaveNone() throws Exception {
        assertThat(ModelledRange.row(_ -> disk(Band.HIGH))).isEqualTo(disk(Band.HIGH));
    }

    @Test
    void isWrongWhereOneOfTheRunsWas() throws Exception {
        final Row row = ModelledRange.row(band -> told(disk(band), band != Band.HIGH, false));
        assertThat(row.verified()).isFalse();
        assertThat(ModelledRange.row(band -> told(disk(band), true, false)).verified()).isTrue();
    }

    @Test
    void tellsNoRangeOfRunsThatWereCutShort() throws Exception {
        final List<Band> asked = new ArrayList<>();
        final Row row =
                ModelledRange.row(band -> {
                    asked.add(band);
                    return told(disk(band), true, true);
                });
        assertThat(asked).containsExactly(Band.NOMINAL);
        assertThat(row.interrupted()).isTrue();
        final Row later = ModelledRange.row(band -> told(disk(band), true, band == Band.LOW));
        assertThat(later.main().band()).isEmpty();
        assertThat(later.interrupted()).isFalse();
    }

    private static Row told(final Row row, final boolean verified, final boolean interrupted) {
        return new Row(
                row.device(),
                row.features(),
                row.operationBytes(),
                verified,
                interrupted,
                row.loads(),
                row.notes());
    }

    @Test
    void tellsTheRangeOfEveryLoad() throws Exception {
        final Row slow = NetRows.row(Samples.net("netvsc"));
        final Row fast = halved(slow);
        final Row row = ModelledRange.row(band -> band == Band.LOW ? fast : slow);
        for (final LoadResult load : row.loads()) {
            assertThat(load.band())
                    .as("%s", load.load())
                    .containsEntry(Metric.LATENCY_P50, new Range(1_000, 2_000));
        }
    }

    /** The same with half of each figure. */
    private static Row halved(final Row row) {
        final List<LoadResult> loads = new ArrayList<>();
        for (final LoadResult load : row.loads()) {
            final Map<Metric, Series> series = new EnumMap<>(Metric.class);
            load.series().forEach((metric, found) -> series.put(metric, half(found)));
            loads.add(
                    new LoadResult(
                            load.load(),
                            load.operations(),
                            series,
                            load.band(),
                            load.crossings(),
                            load.latency()));
        }
        return new Row(row.device(), row.features(), 0, row.verified(), false, loads, List.of());
    }

    private static Series half(final Series series) {
        return Series.of(series.median() / 2);
    }
}
