package io.ringside.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.HalfCounts;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.WakeupMode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

class DiskJsonTest {
    private static final Machine MACHINE =
            new Machine("a \"quoted\" processor", 2, "Linux", "JDK", 1024, "2026-11-21", 0.5);

    private static DiskResult result(final long operations, final long elapsedNanos) {
        final Histogram latency = new Histogram(1_000_000, 3);
        for (int i = 0; i < operations; i++) {
            latency.recordValue(1000);
        }
        return new DiskResult(
                "xen-blkfront",
                operations,
                4096,
                3,
                1,
                2,
                true,
                false,
                elapsedNanos,
                3_000,
                5_000,
                latency,
                new HalfCounts(
                        Map.of(
                                Crossing.KICK, 7L,
                                Crossing.HYPERCALL, 8L,
                                Crossing.PORT_EXIT, 20L,
                                Crossing.MMIO_EXIT, 1L,
                                Crossing.INTERRUPT, 9L),
                        100),
                new HalfCounts(
                        Map.of(
                                Crossing.HYPERCALL, 30L,
                                Crossing.KICK, 4L,
                                Crossing.PAGE_MAP, 6L,
                                Crossing.PAGE_UNMAP, 5L),
                        11));
    }

    private static Map<String, Object> json(final double busy, final DiskResult... results)
            throws IOException {
        return JSON.std.mapFrom(ReportJson.text(List.of(report(4096, busy, results))));
    }

    private static DiskReport report(
            final int blockBytes, final double busy, final DiskResult... results) {
        final DiskScenario scenario =
                new DiskScenario(
                        DiskPattern.RANDRW,
                        blockBytes,
                        32,
                        10,
                        0,
                        -5,
                        WakeupMode.POLL,
                        CrossingCosts.COUNTS);
        return new DiskReport(scenario, "a\\medium\n", 1L << 40, MACHINE, busy, List.of(results));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(final Map<String, Object> parent, final String key) {
        return (Map<String, Object>) Objects.requireNonNull(parent.get(key));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> onlyResult(final Map<String, Object> report) {
        final List<Object> results = (List<Object>) Objects.requireNonNull(report.get("results"));
        assertThat(results).hasSize(1);
        return (Map<String, Object>) results.getFirst();
    }

    @Test
    void echoesTheWholeScenario() throws IOException {
        final Map<String, Object> report = json(0.1, result(10, 1_000_000));
        assertThat(report).containsEntry("schema", "ringside.compare/1");
        assertThat(map(report, "scenario"))
                .containsEntry("workload", "disk")
                .containsEntry("pattern", "randrw")
                .containsEntry("blockBytes", 4096)
                .containsEntry("depth", 32)
                .containsEntry("operations", 10)
                .containsEntry("seconds", 0.0)
                .containsEntry("seed", -5)
                .containsEntry("wakeups", "poll")
                .containsEntry("costs", "counts")
                .containsEntry("medium", "a\\medium\n")
                .containsEntry("mediumBytes", 1L << 40);
    }

    @Test
    void putsFurtherJobsBesideTheFirst() throws IOException {
        final Map<String, Object> report =
                JSON.std.mapFrom(
                        ReportJson.text(
                                List.of(
                                        report(4096, 0, result(10, 1_000_000)),
                                        report(131_072, 0, result(20, 1_000_000)))));
        assertThat(map(report, "scenario")).containsEntry("blockBytes", 4096);
        assertThat(onlyResult(report)).containsEntry("operations", 10);
        final List<?> further = (List<?>) Objects.requireNonNull(report.get("furtherJobs"));
        assertThat(further).hasSize(1);
        @SuppressWarnings("unchecked")
        final Map<String, Object> second = (Map<String, Object>) further.getFirst();
        assertThat(map(second, "scenario")).containsEntry("blockBytes", 131_072);
        assertThat(onlyResult(second)).containsEntry("operations", 20);
        assertThat(json(0)).doesNotContainKey("furtherJobs");
    }

    @Test
    void tellsCountsAsTotalsOfBothHalvesAndOfEach() throws IOException {
        final Map<String, Object> counts =
                map(onlyResult(json(0.1, result(10, 1_000_000))), "counts");
        assertThat(counts)
                .containsEntry("exits", 21)
                .containsEntry("hypercalls", 38)
                .containsEntry("kicks", 7)
                .containsEntry("interrupts", 9)
                .containsEntry("grantOperations", 11)
                .containsEntry("bytesCopied", 111);
        assertThat(map(counts, "frontend"))
                .containsEntry("kick", 7)
                .containsEntry("portExit", 20)
                .containsEntry("pageMap", 0)
                .containsEntry("bytesCopied", 100)
                .hasSize(Crossing.values().length + 1);
        assertThat(map(counts, "backend")).containsEntry("hypercall", 30).containsEntry("kick", 4);
    }

    @Test
    void tellsTimesInNanoseconds() throws IOException {
        final Map<String, Object> result = onlyResult(json(0.1, result(10, 1_000_000)));
        assertThat(result)
                .containsEntry("failures", 1)
                .containsEntry("discards", 3)
                .containsEntry("verified", false);
        assertThat(map(result, "times"))
                .containsEntry("elapsedNanos", 1_000_000)
                .containsEntry("p50Nanos", 1000)
                .containsEntry("maxNanos", 1000)
                .containsEntry("frontendCpuNanos", 3000)
                .containsEntry("operationsPerSecond", 10_000.0)
                .containsEntry("megabytesPerSecond", 40.96);
    }

    @Test
    void saysWhetherTheMachineWasBusyOnlyWhereThatIsKnown() throws IOException {
        assertThat(map(json(0.3), "machine"))
                .containsEntry("busy", true)
                .containsEntry("busyProcessorsBefore", 0.3)
                .containsEntry("processor", "a \"quoted\" processor");
        assertThat(map(json(-1), "machine"))
                .containsEntry("busy", false)
                .doesNotContainKey("busyProcessorsBefore");
    }

    /** JSON has neither of them. */
    @Test
    void writesNoInfinityAndNoNan() throws IOException {
        final Map<String, Object> times = map(onlyResult(json(0.1, result(0, 0))), "times");
        assertThat(times)
                .containsEntry("operationsPerSecond", 0.0)
                .containsEntry("megabytesPerSecond", 0.0);
    }
}
