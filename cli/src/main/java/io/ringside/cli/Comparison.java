package io.ringside.cli;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** A comparison from what was said to its report. */
final class Comparison {
    private static final int USUAL_FORKS = 3;
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
        final int forks = run.forks(jobs, USUAL_FORKS);
        if (run.printsScenario()) {
            System.out.print(ScenarioText.of(jobs, forks));
            return Ringside.DONE;
        }
        for (final JobSpec job : jobs) {
            if (!job.isDisk()) {
                NetComparison.warnOfSnappedFrames(job.net().stream());
                break; // All carry the same capture.
            }
        }
        Interruption.arm();
        return report.finish(result(jobs, forks, RunProgress.of(jobs, Math.max(1, forks))));
    }

    /**
     * Runs jobs.
     *
     * @param forks in how many processes, one after the other; 0 for this one
     */
    static ResultDocument result(
            final List<JobSpec> jobs, final int forks, final RunProgress progress)
            throws Exception {
        if (jobs.stream().allMatch(JobSpec::isModelled)) {
            return here(jobs, 0, progress, partial -> {}); // Noise touches nothing of it.
        }
        final double busy = Machine.busyProcessors(LOOK_NANOS);
        if (forks > 0) {
            return new Forks(jobs, forks, busy, progress).run();
        }
        final ResultDocument result = here(jobs, 0, progress, partial -> {});
        final double busyAfter =
                Interruption.isRequested() ? -1 : Machine.busyProcessors(LOOK_NANOS);
        return document(result.jobs(), new Noise(busy, busyAfter));
    }

    /**
     * Runs jobs once in this process.
     *
     * @param rotation how many devices go to the end of their order
     * @param partial is given what there is after each device
     */
    static ResultDocument here(
            final List<JobSpec> jobs,
            final int rotation,
            final RunControl control,
            final Consumer<ResultDocument> partial)
            throws Exception {
        final List<Job> done = new ArrayList<>();
        for (final JobSpec job : jobs) {
            final Consumer<Job> more =
                    part -> partial.accept(document(with(done, part), Noise.UNKNOWN));
            try {
                done.add(run(job, rotation, control, more));
            } catch (final UsageException e) {
                if (done.isEmpty() || !control.isInterrupted()) {
                    throw e;
                }
            }
            if (control.isInterrupted()) {
                break;
            }
        }
        return document(done, Noise.UNKNOWN);
    }

    private static Job run(
            final JobSpec job,
            final int rotation,
            final RunControl control,
            final Consumer<Job> partial)
            throws Exception {
        if (job.isModelled()) {
            return job.isDisk()
                    ? ModelledComparison.disk(job, control, partial)
                    : ModelledComparison.net(job, control, partial);
        }
        return job.isDisk()
                ? DiskComparison.run(job, rotation, control, partial)
                : NetComparison.run(job, rotation, control, partial);
    }

    private static List<Job> with(final List<Job> done, final Job part) {
        final List<Job> all = new ArrayList<>(done);
        all.add(part);
        return all;
    }

    static ResultDocument document(final List<Job> jobs, final Noise noise) {
        return new ResultDocument(RingsideVersion.text(), Machine.here(), noise, jobs, List.of());
    }
}
