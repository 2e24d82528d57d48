package io.ringside.cli;

import io.ringside.perf.costs.Band;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.model.ModelCosts;
import io.ringside.perf.model.ModelSetup;
import io.ringside.perf.model.ModelTable;
import io.ringside.perf.model.ModelledDiskBench;
import io.ringside.perf.model.ModelledJobs;
import io.ringside.perf.model.ModelledNetBench;
import io.ringside.perf.result.Job;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.FrameStream;
import java.util.ArrayList;
import java.util.List;

/** Runs comparisons on the modelled clock, from their options to their results. */
final class ModelledComparison {
    private static final double DEFAULT_SECONDS = 0.02;

    private final List<Job> jobs = new ArrayList<>();
    private final StringBuilder tables = new StringBuilder();
    private boolean verified = true;

    /** Every disk's job. */
    void disk(final DiskOptions options) throws Exception {
        final CostProfile profile = profile(options.charges());
        final ModelSetup setup = options.charges().model().setup();
        final InterruptibleRun control = new InterruptibleRun();
        for (final DiskScenario scenario : options.scenarios(DEFAULT_SECONDS)) {
            if (Interruption.isRequested()) {
                break;
            }
            try (DiskMedium medium =
                    DiskMedium.open(
                            options.image(),
                            options.format(),
                            options.kindOfModelled(),
                            scenario,
                            control)) {
                final ModelledDiskBench bench =
                        new ModelledDiskBench(
                                scenario,
                                medium,
                                ModelCosts.of(profile, Band.NOMINAL),
                                setup,
                                control);
                final List<DiskResult> results = new ArrayList<>();
                for (final Variant disk : options.disks()) {
                    if (!Interruption.isRequested()) {
                        results.add(bench.measure(disk));
                    }
                }
                jobs.add(
                        ModelledJobs.of(
                                scenario,
                                profile,
                                setup,
                                medium.description(),
                                medium.bytes(),
                                results));
                tables.append(tables.isEmpty() ? "" : "\n")
                        .append(
                                ModelTable.disk(
                                        scenario, profile, setup, medium.description(), results));
                verified &= results.stream().allMatch(DiskResult::verified);
            }
        }
    }

    /** Every network's job. */
    void net(final NetOptions options) throws Exception {
        final CostProfile profile = profile(options.charges());
        final ModelSetup setup = options.charges().model().setup();
        final FrameStream stream = options.stream();
        if (options.record() != null) {
            throw new UsageException("--pcap-out needs --clock wall: leave one of them out");
        }
        for (final NetScenario scenario : options.scenarios(stream.name(), DEFAULT_SECONDS)) {
            if (Interruption.isRequested()) {
                break;
            }
            final ModelledNetBench bench =
                    new ModelledNetBench(
                            scenario,
                            stream,
                            ModelCosts.of(profile, Band.NOMINAL),
                            setup,
                            new InterruptibleRun());
            final List<NetResult> results = new ArrayList<>();
            for (final Variant card : options.cards(stream)) {
                if (!Interruption.isRequested()) {
                    results.add(bench.measure(card));
                }
            }
            jobs.add(ModelledJobs.of(scenario, profile, setup, results));
            tables.append(tables.isEmpty() ? "" : "\n")
                    .append(ModelTable.net(scenario, profile, setup, results));
            verified &= results.stream().allMatch(NetResult::verified);
        }
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

    /** Prints what came out; the process's exit code. */
    int finish(final ReportOptions report) {
        return report.finishModelled(jobs, tables.toString(), verified);
    }
}
