package io.ringside.perf.report;

import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.measure.DiskBench;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Costs;
import io.ringside.perf.result.DiskRows;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.WakeupMode;
import java.util.ArrayList;
import java.util.List;

/** Every disk for a moment, in two forks. */
final class SmallRun {
    private static final int OPERATIONS = 100;
    private static final int DEPTH = 8;

    private SmallRun() {}

    static ResultDocument disks() throws Exception {
        return fork().mergedWith(fork());
    }

    private static ResultDocument fork() throws Exception {
        final CostProfile costs = CostProfiles.of(CostProfiles.TODAY);
        final DiskScenario scenario =
                new DiskScenario(
                        DiskPattern.RANDREAD,
                        4096,
                        DEPTH,
                        OPERATIONS,
                        0,
                        1,
                        WakeupMode.SLEEP,
                        costs.crossingCosts());
        final List<DiskResult> results = new ArrayList<>();
        try (DiskMedium medium =
                DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, RunControl.NONE)) {
            final DiskBench bench = new DiskBench(scenario, medium, RunControl.NONE);
            for (final String device : DiskDevices.ALL.devices()) {
                results.add(bench.measureOnce(DiskDevices.ALL.variant(device)));
            }
            return new ResultDocument(
                    "test",
                    Machine.here(),
                    Noise.UNKNOWN,
                    List.of(
                            DiskRows.job(
                                    scenario,
                                    Costs.of(costs),
                                    medium.description(),
                                    medium.bytes(),
                                    results)),
                    List.of());
        }
    }
}
