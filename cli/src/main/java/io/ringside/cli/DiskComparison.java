package io.ringside.cli;

import io.ringside.perf.measure.DiskBench;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.result.Costs;
import io.ringside.perf.result.DiskRows;
import io.ringside.perf.result.Job;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs one disk job in this process. */
final class DiskComparison {
    private DiskComparison() {}

    /**
     * Runs it once.
     *
     * @param rotation how many devices go to the end of the order
     * @param partial is given what there is after each device
     */
    static Job run(
            final JobSpec spec,
            final int rotation,
            final RunControl control,
            final Consumer<Job> partial)
            throws Exception {
        final DiskOptions options = spec.disk();
        final DiskScenario scenario = options.scenarios(0).getFirst();
        final Costs costs = Costs.of(options.profile());
        final List<Variant> disks = options.disks();
        try (DiskMedium medium =
                DiskMedium.open(
                        options.image(),
                        options.format(),
                        options.mediumKind(),
                        scenario,
                        control)) {
            final DiskBench bench =
                    new DiskBench(scenario, medium, control, options.xenstoreSocket(disks));
            bench.warmUpSeconds(options.warmUpSeconds());
            final List<DiskResult> results = new ArrayList<>();
            for (final Variant disk : JobRows.rotated(disks, rotation)) {
                if (control.isInterrupted()) {
                    break;
                }
                final DiskResult result = bench.measure(disk);
                if (result.operations() > 0 || !result.interrupted()) {
                    results.add(result);
                }
                partial.accept(job(spec, scenario, costs, medium, bench, results));
            }
            return job(spec, scenario, costs, medium, bench, results);
        }
    }

    private static Job job(
            final JobSpec spec,
            final DiskScenario scenario,
            final Costs costs,
            final DiskMedium medium,
            final DiskBench bench,
            final List<DiskResult> results) {
        return JobRows.finished(
                DiskRows.job(scenario, costs, medium.description(), medium.bytes(), results),
                spec,
                bench.unsteady());
    }
}
