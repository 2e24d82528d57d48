package io.ringside.cli;

import io.ringside.perf.costs.Band;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.model.ModelCosts;
import io.ringside.perf.model.ModelSetup;
import io.ringside.perf.model.ModelledDiskBench;
import io.ringside.perf.model.ModelledJobs;
import io.ringside.perf.model.ModelledNetBench;
import io.ringside.perf.result.Job;
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

/** Runs one job on the modelled clock: once, since it would come out the same again. */
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
            final ModelledDiskBench bench =
                    new ModelledDiskBench(
                            scenario, medium, ModelCosts.of(profile, Band.NOMINAL), setup, control);
            final List<DiskResult> results = new ArrayList<>();
            for (final Variant disk : options.disks()) {
                if (control.isInterrupted()) {
                    break;
                }
                results.add(bench.measure(disk));
                partial.accept(job(spec, scenario, profile, setup, medium, results));
            }
            return job(spec, scenario, profile, setup, medium, results);
        }
    }

    private static Job job(
            final JobSpec spec,
            final DiskScenario scenario,
            final CostProfile profile,
            final ModelSetup setup,
            final DiskMedium medium,
            final List<DiskResult> results) {
        return JobRows.finished(
                ModelledJobs.of(
                        scenario, profile, setup, medium.description(), medium.bytes(), results),
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
        final ModelledNetBench bench =
                new ModelledNetBench(
                        scenario, stream, ModelCosts.of(profile, Band.NOMINAL), setup, control);
        final List<NetResult> results = new ArrayList<>();
        for (final Variant card : options.cards(stream)) {
            if (control.isInterrupted()) {
                break;
            }
            results.add(bench.measure(card));
            partial.accept(job(spec, scenario, profile, setup, results));
        }
        return job(spec, scenario, profile, setup, results);
    }

    private static Job job(
            final JobSpec spec,
            final NetScenario scenario,
            final CostProfile profile,
            final ModelSetup setup,
            final List<NetResult> results) {
        return JobRows.finished(ModelledJobs.of(scenario, profile, setup, results), spec, Set.of());
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
