package io.ringside.cli;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.report.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** A comparison from what was said to its report. */
final class Comparison {
    private static final long LOOK_NANOS = 200_000_000;

    private Comparison() {}

    /**
     * Runs it.
     *
     * @param word the workload that was said; null where none was
     * @return the process's exit code
     */
    static int run(
            final @Nullable String word,
            final CommandSpec spec,
            final RunOptions run,
            final ReportOptions report)
            throws Exception {
        report.check();
        final List<JobSpec> jobs =
                run.jobs(word, JobFlags.said(spec.commandLine().getParseResult()));
        final int forks = run.forks();
        if (run.printsScenario()) {
            System.out.print(ScenarioText.of(jobs, forks));
            return Ringside.DONE;
        }
        Interruption.arm();
        final double busy = Machine.busyProcessors(LOOK_NANOS);
        final List<Report> reports = new ArrayList<>();
        for (final JobSpec job : jobs) {
            if (reports.isEmpty() || !Interruption.isRequested()) {
                reports.addAll(
                        job.isDisk()
                                ? new DiskComparison(job.disk(), 0).run(busy)
                                : new NetComparison(job.net()).run(busy));
            }
        }
        return report.finish(reports);
    }
}
