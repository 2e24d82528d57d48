package io.ringside.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.HalfCounts;
import io.ringside.perf.result.DiskRows;
import io.ringside.perf.result.Row;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class FeatureGainsTest {
    private static Row result(
            final String device,
            final long operations,
            final long elapsedNanos,
            final long maps,
            final long kicks,
            final long copied) {
        return DiskRows.row(
                new DiskResult(
                        device,
                        operations,
                        4096,
                        0,
                        0,
                        0,
                        true,
                        false,
                        elapsedNanos,
                        0,
                        0,
                        new Histogram(2),
                        new HalfCounts(Map.of(Crossing.KICK, kicks), copied),
                        new HalfCounts(
                                Map.of(Crossing.PAGE_MAP, maps, Crossing.PAGE_UNMAP, maps), 0)));
    }

    private static String text(final List<Row> results) {
        return FeatureGains.text(results, "operation");
    }

    @Test
    void tellsTheDifferenceOfEachCountOfAnOperationAndTheRatioOfTheRates() {
        assertThat(
                        text(
                                List.of(
                                        result("ide-dma", 10, 1000, 0, 0, 0),
                                        result("xen-blkfront", 1000, 2000, 1000, 500, 0),
                                        result(
                                                "xen-blkfront+persistent",
                                                500,
                                                1250,
                                                0,
                                                260,
                                                500 * 4096))))
                .contains(
                        "  xen-blkfront+persistent against xen-blkfront: 2.00 fewer grant"
                                + " operations, 0.02 more kicks, 4,096 more bytes copied; 0.80"
                                + " times as many operations a second\n")
                .contains("(persistent: ")
                .doesNotContain("(indirect: ")
                .doesNotContain("ide-dma");
    }

    @Test
    void saysSoWhereNothingDiffers() {
        assertThat(
                        text(
                                List.of(
                                        result("xen-blkfront", 1000, 1000, 7, 1, 0),
                                        result("xen-blkfront+2q", 1000, 1000, 7, 9, 0))))
                .contains("+2q against xen-blkfront: no count differs; 1.00 times as many");
    }

    @Test
    void saysNothingWithoutTheDiskThatAFeatureIsHeldAgainst() {
        assertThat(text(List.of(result("xen-blkfront+2q", 1, 1, 0, 0, 0)))).isEmpty();
        assertThat(
                        text(
                                List.of(
                                        result("xen-blkfront", 0, 0, 0, 0, 0),
                                        result("xen-blkfront+2q", 1, 1, 0, 0, 0))))
                .isEmpty();
    }
}
