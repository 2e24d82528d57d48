package io.ringside.cli;

import io.ringside.perf.measure.DiskBench;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.report.DiskReport;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.ImageFormat;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a disk comparison from its options to its results. */
final class DiskComparison {
    private final DiskOptions options;
    private final List<DiskScenario> scenarios;
    private final List<Variant> disks;
    private final @Nullable Path xenstoreSocket;
    private final @Nullable ImageFormat format;

    /**
     * Refuses what cannot be run.
     *
     * @param defaultSeconds how long each device is measured where nothing was said
     */
    DiskComparison(final DiskOptions options, final double defaultSeconds) throws UsageException {
        this.options = options;
        scenarios = options.scenarios(defaultSeconds);
        disks = options.disks();
        xenstoreSocket = options.xenstoreSocket(disks);
        format = options.format();
    }

    /** One report a job; those that were begun where the user ended it. */
    List<DiskReport> run(final double busyProcessors) throws Exception {
        final InterruptibleRun control = new InterruptibleRun();
        final List<DiskReport> reports = new ArrayList<>();
        for (final DiskScenario scenario : scenarios) {
            try (DiskMedium medium =
                    DiskMedium.open(
                            options.image(), format, options.mediumKind(), scenario, control)) {
                reports.add(
                        new DiskReport(
                                scenario,
                                medium.description(),
                                medium.bytes(),
                                Machine.here(),
                                busyProcessors,
                                results(
                                        disks,
                                        new DiskBench(scenario, medium, control, xenstoreSocket))));
                if (medium.bytes() < scenarios.getLast().blockBytes()) {
                    break; // Too small for the job that nobody asked for.
                }
            } catch (final UsageException e) {
                if (reports.isEmpty() || !Interruption.isRequested()) {
                    throw e;
                }
            }
            if (Interruption.isRequested()) {
                break;
            }
        }
        return reports;
    }

    private static List<DiskResult> results(final List<Variant> disks, final DiskBench bench)
            throws Exception {
        final List<DiskResult> results = new ArrayList<>();
        for (final Variant disk : disks) {
            if (Interruption.isRequested()) {
                break;
            }
            final DiskResult result = bench.measure(disk);
            if (result.operations() > 0 || !result.interrupted()) {
                results.add(result);
            }
        }
        return results;
    }
}
