package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.costs.Basis;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.HalfCounts;
import io.ringside.perf.measure.HalvesUse;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.WakeupMode;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Results with figures that a test can compute by hand. */
public final class Samples {
    public static final Machine MACHINE =
            new Machine("a \"quoted\" processor", 2, "Linux", "JDK", 1024, "2026-11-21", 0.5);

    private static final HalfCounts GUEST =
            new HalfCounts(
                    Map.of(
                            Crossing.KICK, 7L,
                            Crossing.HYPERCALL, 8L,
                            Crossing.PORT_EXIT, 20L,
                            Crossing.MMIO_EXIT, 1L,
                            Crossing.UPCALL, 2L,
                            Crossing.INTERRUPT, 9L),
                    100);
    private static final HalfCounts HOST =
            new HalfCounts(
                    Map.of(
                            Crossing.HYPERCALL, 30L,
                            Crossing.KICK, 4L,
                            Crossing.PAGE_MAP, 6L,
                            Crossing.PAGE_UNMAP, 5L),
                    11);

    private Samples() {}

    public static Histogram latency(final long operations, final long nanos) {
        final Histogram latency = new Histogram(3);
        for (int i = 0; i < operations; i++) {
            latency.recordValue(nanos);
        }
        return latency;
    }

    public static DiskResult disk(
            final String device, final long operations, final long elapsedNanos) {
        return new DiskResult(
                device,
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
                latency(operations, 1000),
                GUEST,
                HOST);
    }

    public static Costs costs() {
        return new Costs(
                "today",
                "a paper",
                List.of(
                        new CostFigure("portExit", 3400, 3000, 4000, Basis.PUBLISHED, "row 27"),
                        new CostFigure("wake", 3000.5, 0, 9000, Basis.ASSUMED, "a guess")));
    }

    public static Job diskJob(final int depth, final DiskResult... results) {
        final DiskScenario scenario =
                new DiskScenario(
                        DiskPattern.RANDRW,
                        4096,
                        depth,
                        10,
                        0,
                        -5,
                        WakeupMode.POLL,
                        CrossingCosts.COUNTS);
        return DiskRows.job(scenario, costs(), "a\\medium\n", 1L << 40, List.of(results));
    }

    public static NetResult net(final String device) {
        final NetResult.Losses losses = new NetResult.Losses(1, 2);
        final NetResult.Run run =
                new NetResult.Run(
                        13,
                        10,
                        losses,
                        0,
                        0,
                        1e6,
                        0.5,
                        latency(10, 2000),
                        new HalvesUse(false, 30, 50, GUEST, HOST));
        return new NetResult(device, run, run, 2e6, losses, run, run);
    }

    public static Job netJob(final NetResult... results) {
        return NetRows.job(
                new NetScenario(
                        "imix",
                        NetDirection.RX,
                        10,
                        2,
                        0.5,
                        WakeupMode.SLEEP,
                        CrossingCosts.COUNTS),
                new Costs("counts", "charges nothing", List.of()),
                List.of(results));
    }

    public static ResultDocument document(final Job... jobs) {
        return new ResultDocument("1.2", MACHINE, new Noise(0.1, 0.3), List.of(jobs), List.of());
    }

    public static Sweep part(final int number, final String value) {
        return new Sweep(
                "disk",
                "depth",
                List.of("1", "8", "32"),
                3,
                List.of(number),
                List.of(
                        new Sweep.Point(
                                value,
                                diskJob(
                                        Integer.parseInt(value),
                                        disk("xen-blkfront", 10, 1_000_000)))));
    }

    public static ResultDocument sweep(final int number, final String value) {
        return new ResultDocument(
                "1.2", MACHINE, Noise.UNKNOWN, List.of(), List.of(part(number, value)));
    }
}
