package io.ringside.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Costs;
import io.ringside.perf.result.Crossings;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Load;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is made of rows in words: ratios of devices, and what features changed. */
class JobSentencesTest {
    private static Row row(
            final String device, final Series rate, final double grants, final double copied) {
        final int forks = rate.forks();
        return new Row(
                device,
                device.contains("+") ? List.of(device.split("\\+")[1]) : List.of(),
                4096,
                true,
                false,
                List.of(
                        new LoadResult(
                                Load.HIGHEST,
                                1000,
                                Map.of(
                                        Metric.OPERATIONS_PER_SECOND,
                                        rate,
                                        Metric.GRANT_OPERATIONS,
                                        same(grants, forks),
                                        Metric.BYTES_COPIED,
                                        same(copied, forks)),
                                Map.of(),
                                new Crossings(Map.of(), Map.of()),
                                null)),
                List.of());
    }

    private static Series same(final double value, final int forks) {
        return new Series(Collections.nCopies(forks, value));
    }

    private static Job job(final Row... rows) {
        return new Job(
                "disk",
                Map.of(),
                Clock.WALL,
                new Costs("counts", "charges nothing", List.of()),
                List.of(rows));
    }

    @Test
    void tellsTheFastestAgainstEachOtherWithAnInterval() {
        final Job job =
                job(
                        row("ide-dma", Series.of(100, 110, 105), 0, 0),
                        row("storvsc", Series.of(200, 210, 190), 0, 0),
                        row("xen-blkfront", Series.of(195, 205, 188), 0, 0),
                        row("xen-blkfront+2q", Series.of(900, 900, 900), 0, 0));
        assertThat(JobRatios.text(job, "operations"))
                .isEqualTo(
                        """

                        'storvsc' ran 1.90 (1.73 to 2.10) times as many operations a second as \
                        'ide-dma'
                        no difference found between 'storvsc' and 'xen-blkfront' (0.93 to 1.12 \
                        times as many operations a second): try more --forks or longer --seconds
                        """);
    }

    @Test
    void tellsNoIntervalOfOneRun() {
        final Job job =
                job(row("ide-dma", Series.of(100), 0, 0), row("storvsc", Series.of(150), 0, 0));
        assertThat(JobRatios.text(job, "operations"))
                .isEqualTo(
                        """

                        'storvsc' ran 1.50 times as many operations a second as 'ide-dma'
                        (one run a device: the ratios carry no interval)
                        """);
        assertThat(JobRatios.text(job(row("storvsc", Series.of(1), 0, 0)), "operations")).isEmpty();
    }

    @Test
    void tellsWhatAFeatureChangedOfEachCount() {
        final Job job =
                job(
                        row("xen-blkfront", Series.of(1000, 1010), 2, 0),
                        row("xen-blkfront+persistent", Series.of(800, 800), 0, 4096),
                        row("xen-blkfront+2q", Series.of(1001, 1005), 2, 0));
        assertThat(JobGains.text(job, "operation"))
                .contains(
                        "  xen-blkfront+persistent against xen-blkfront: 2.00 fewer grant"
                                + " operations, 4,096 more bytes copied; 0.80 times as many"
                                + " operations a second\n")
                .contains(
                        "  xen-blkfront+2q against xen-blkfront: no count differs; no difference"
                                + " found in operations a second\n")
                .contains("(persistent: ")
                .contains("(2q: ")
                .doesNotContain("(indirect: ");
    }

    @Test
    void saysNothingWithoutTheDeviceThatAFeatureIsHeldAgainst() {
        assertThat(JobGains.text(job(row("xen-blkfront+2q", Series.of(1), 0, 0)), "operation"))
                .isEmpty();
    }
}
