package io.ringside.perf.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ResultRowsTest {
    @Test
    void tellsCountsOfBothHalvesForOneOperation() {
        final LoadResult load = DiskRows.row(Samples.disk("storvsc", 10, 1_000_000)).main();
        assertThat(load.median(Metric.EXITS)).isEqualTo(2.1);
        assertThat(load.median(Metric.HYPERCALLS)).isEqualTo(3.8);
        assertThat(load.median(Metric.KICKS)).isEqualTo(0.7);
        assertThat(load.median(Metric.INTERRUPTS)).isEqualTo(1.1);
        assertThat(load.median(Metric.GRANT_OPERATIONS)).isEqualTo(1.1);
        assertThat(load.median(Metric.BYTES_COPIED)).isEqualTo(11.1);
        assertThat(load.crossings().median(Half.GUEST, Crossing.PORT_EXIT)).isEqualTo(2);
        assertThat(load.crossings().median(Half.HOST, Crossing.HYPERCALL)).isEqualTo(3);
        assertThat(load.crossings().median(Half.HOST, Crossing.PORT_EXIT)).isZero();
    }

    @Test
    void tellsTimesInNanosecondsAndRatesInSeconds() {
        final LoadResult load = DiskRows.row(Samples.disk("storvsc", 10, 1_000_000)).main();
        assertThat(load.median(Metric.OPERATIONS_PER_SECOND)).isEqualTo(10_000);
        assertThat(load.median(Metric.MEGABYTES_PER_SECOND)).isEqualTo(40.96);
        assertThat(load.median(Metric.GUEST_CPU)).isEqualTo(300);
        assertThat(load.median(Metric.HOST_CPU)).isEqualTo(500);
        assertThat(load.median(Metric.LATENCY_P99)).isEqualTo(1000);
        assertThat(load.median(Metric.FAILURES)).isEqualTo(1);
        assertThat(load.median(Metric.DISCARDS)).isEqualTo(3);
    }

    /** Nothing ended, so nothing can be told for one operation. */
    @Test
    void leavesOutWhatADeviceThatDidNothingCannotTell() {
        final LoadResult load = DiskRows.row(Samples.disk("storvsc", 0, 0)).main();
        assertThat(load.series()).doesNotContainKeys(Metric.EXITS, Metric.LATENCY_P50);
        assertThat(load.median(Metric.OPERATIONS_PER_SECOND)).isZero();
        assertThat(load.latency()).isNull();
    }

    @Test
    void tellsEveryLoadOfANetworkCard() {
        final Row row = NetRows.row(Samples.net("netvsc+2q"));
        assertThat(row.features()).containsExactly("2q");
        assertThat(row.plainDevice()).isEqualTo("netvsc");
        assertThat(row.loads())
                .extracting(LoadResult::load)
                .containsExactly(Load.HIGHEST, Load.REPLAY, Load.HALF, Load.MOST);
        assertThat(row.main().median(Metric.OFFERED_PER_SECOND)).isEqualTo(2e6);
        assertThat(row.main().median(Metric.OVERLOAD_LOST_DEVICE)).isEqualTo(2);
        final LoadResult half = Objects.requireNonNull(row.of(Load.HALF));
        assertThat(half.median(Metric.LATENCY_P50)).isEqualTo(2000);
        assertThat(half.median(Metric.LOST_WIRE)).isEqualTo(1);
        assertThat(half.series()).doesNotContainKey(Metric.OFFERED_PER_SECOND);
    }

    @Test
    void takesTheMiddleOfAllForks() {
        assertThat(Series.of(3, 1, 2).median()).isEqualTo(2);
        assertThat(Series.of(4, 1, 2, 3).median()).isEqualTo(2.5);
        assertThat(Series.of(3, 1, 2).range()).isEqualTo(new Range(1, 3));
        assertThat(Series.of(3, 1, 2).spread()).isEqualTo(1);
        assertThat(Series.of(0, 0).spread()).isZero();
    }

    @Test
    void refusesFiguresThatNoJsonCouldHold() {
        for (final double value :
                List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)) {
            assertThatThrownBy(() -> Series.of(1, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not finite: value=" + value);
        }
        assertThatThrownBy(Series::of).hasMessageContaining("no values");
        assertThatThrownBy(() -> new Range(2, 1)).hasMessageContaining("no range");
    }
}
