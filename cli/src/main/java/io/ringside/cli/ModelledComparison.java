package io.ringside.cli;

import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.model.ModelCosts;
import io.ringside.perf.model.ModelSetup;
import io.ringside.perf.model.ModelledDiskBench;
import io.ringside.perf.model.ModelledJobs;
import io.ringside.perf.model.ModelledNetBench;
import io.ringside.perf.model.ModelledRange;
import io.ringside.perf.result.DiskRows;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.NetRows;
import io.ringside.perf.result.Row;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.FrameStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs one job on the modelled clock: each device once at each end of the range of the costs and
 * once as they stand, since every one of them would come out the same again.
 */
final class ModelledComparison {
    /** How much simulated time a device is given where nothing is said. */
    static final double SECONDS = 0.02;

    private ModelledComparison() {}

    /** Runs a disk job. */
    static Job disk(final JobSpec spec, final RunControl control, final Consumer<Job> partial)
            throws Exception {
        final DiskOptions options = spec.disk();
        final CostProfile profile = profile(options.charges());
        final ModelSetup setup = options.charges().model().setup();
        final DiskScenario scenario = options.scenarios(SECONDS).getFirst();
        try (DiskMedium medium =
                DiskMedium.open(
                        options.image(),
                        options.format(),
                        options.kindOfModelled(),
                        scenario,
                        control)) {
            final List<Row> rows = new ArrayList<>();
            for (final Variant disk : options.disks()) {
                if (control.isInterrupted()) {
                    break;
                }
                rows.add(
                        ModelledRange.row(band ->
                                DiskRows.row(
                                        new ModelledDiskBench(
                                                        scenario,
                                                        medium,
                                                        ModelCosts.of(profile, band),
                                                        setup,
                                                        control)
                                                .measure(disk))));
                partial.accept(job(spec, scenario, profile, setup, medium, rows));
            }
            return job(spec, scenario, profile, setup, medium, rows);
        }
    }

    private static Job job(
            final JobSpec spec,
            final DiskScenario scenario,
            final CostProfile profile,
            final ModelSetup setup,
            final DiskMedium medium,
            final List<Row> rows) {
        return JobRows.finished(
                ModelledJobs.of(
                        scenario, profile, setup, medium.description(), medium.bytes(), rows),
                spec,
                Set.of());
    }

    /** Runs a network job. */
    static Job net(final JobSpec spec, final RunControl control, final Consumer<Job> partial)
            throws Exception {
        final NetOptions options = spec.net();
        final CostProfile profile = profile(options.charges());
        final ModelSetup setup = options.charges().model().setup();
        final FrameStream stream = options.stream();
        if (options.record() != null) {
            throw new UsageException("--pcap-out needs --clock wall: leave one of them out");
        }
        final NetScenario scenario = options.scenarios(stream.name(), SECONDS).getFirst();
        final List<Row> rows = new ArrayList<>();
        for (final Variant card : options.cards(stream)) {
            if (control.isInterrupted()) {
                break;
            }
            rows.add(
                    ModelledRange.row(band ->
                            NetRows.row(
                                    new ModelledNetBench(
                                                    scenario,
                                                    stream,
                                                    ModelCosts.of(profile, band),
                                                    setup,
                                                    control)
                                            .measure(card))));
            partial.accept(job(spec, scenario, profile, setup, rows));
        }
        return job(spec, scenario, profile, setup, rows);
    }

    private static Job job(
            final JobSpec spec,
            final NetScenario scenario,
            final CostProfile profile,
            final ModelSetup setup,
            final List<Row> rows) {
        return JobRows.finished(ModelledJobs.of(scenario, profile, setup, rows), spec, Set.of());
    }

    private static CostProfile profile(final ChargeOptions charges) throws UsageException {
        final CostProfile profile = charges.profile();
        if (profile.name().equals(CostProfiles.COUNTS)) {
            throw new UsageException(
                    "--costs counts charges nothing, and the modelled clock would stand still:"
                            + " name another profile");
        }
        return profile;
    }
}
