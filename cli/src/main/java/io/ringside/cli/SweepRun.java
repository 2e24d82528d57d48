package io.ringside.cli;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultJson;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Sweep;
import io.ringside.perf.scenario.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs one part of a sweep, point by point, and keeps what is done in a file. */
final class SweepRun {
    private final SweepPlan plan;
    private final SweepShard part;
    private final Path file;
    private final int forks;
    private final List<List<Sweep.Point>> done = new ArrayList<>();
    private Noise noise = Noise.UNKNOWN;

    /**
     * A run.
     *
     * @param file what is done is kept there after each point
     * @param forks in how many processes each point is run; 0 for this one
     */
    SweepRun(final SweepPlan plan, final SweepShard part, final Path file, final int forks) {
        this.plan = plan;
        this.part = part;
        this.file = file;
        this.forks = forks;
        for (int job = 0; job < plan.points().getFirst().size(); job++) {
            done.add(new ArrayList<>());
        }
    }

    /** Takes over what another run of the same part has done. */
    void resume(final Path earlier) throws UsageException {
        final ResultDocument result = ResultReader.read(earlier);
        final List<Sweep> sweeps = result.sweeps();
        for (final Sweep sweep : sweeps) {
            if (!sweep.parameter().equals(plan.parameter())
                    || !sweep.values().equals(plan.values())
                    || sweep.shards() != part.count()
                    || !sweep.present().equals(List.of(part.number()))) {
                throw new UsageException(
                        "'" + earlier + "' is of another sweep or part: " + told(sweep));
            }
        }
        if (sweeps.size() != done.size()) {
            throw new UsageException(
                    "'" + earlier + "' is of another sweep: it has " + sweeps.size() + " jobs");
        }
        noise = result.noise();
        for (int job = 0; job < sweeps.size(); job++) {
            for (final Sweep.Point point : sweeps.get(job).points()) {
                final JobSpec spec =
                        plan.points().get(plan.values().indexOf(point.value())).get(job);
                final String difference = SweepMerge.difference(spec, point.job());
                if (!difference.isEmpty()) {
                    throw new UsageException(
                            "'" + earlier + "' is of another scenario: " + difference);
                }
                done.get(job).add(point);
            }
        }
    }

    private static String told(final Sweep sweep) {
        return sweep.parameter()
                + "="
                + String.join(",", sweep.values())
                + ", part "
                + sweep.present().getFirst()
                + "/"
                + sweep.shards();
    }

    /** Runs all points that are not done, or those before an interruption. */
    ResultDocument run() throws Exception {
        final List<Integer> left = left();
        final List<JobSpec> jobs = new ArrayList<>();
        for (final int point : left) {
            jobs.addAll(plan.points().get(point));
        }
        final RunProgress progress = RunProgress.of(jobs, Math.max(1, forks));
        for (int i = 0; i < left.size() && !Interruption.isRequested(); i++) {
            final int point = left.get(i);
            final String value = plan.values().get(point);
            progress.enter(
                    (i + 1) + "/" + left.size() + " " + plan.parameter() + "=" + value + "  ");
            final ResultDocument found =
                    Comparison.result(plan.points().get(point), forks, progress);
            if (isWhole(found)) {
                for (int job = 0; job < done.size(); job++) {
                    done.get(job).add(new Sweep.Point(value, found.jobs().get(job)));
                }
                noise =
                        new Noise(
                                Math.max(noise.before(), found.noise().before()),
                                Math.max(noise.after(), found.noise().after()));
                ForkCommand.write(file, ResultJson.text(document()));
            }
        }
        return document();
    }

    /** The points of this part that are not done. */
    private List<Integer> left() {
        final List<Integer> left = new ArrayList<>();
        for (int point = 0; point < plan.values().size(); point++) {
            final String value = plan.values().get(point);
            if (part.has(point)
                    && done.getFirst().stream().noneMatch(each -> each.value().equals(value))) {
                left.add(point);
            }
        }
        return left;
    }

    /** Whether nobody ended the point early. */
    private boolean isWhole(final ResultDocument found) {
        return found.jobs().size() == done.size()
                && !Interruption.isRequested()
                && found.jobs().stream()
                        .flatMap(job -> job.rows().stream())
                        .noneMatch(Row::interrupted);
    }

    private ResultDocument document() {
        final List<Sweep> sweeps = new ArrayList<>();
        for (int job = 0; job < done.size(); job++) {
            sweeps.add(
                    new Sweep(
                            plan.points().getFirst().get(job).workload(),
                            plan.parameter(),
                            plan.values(),
                            part.count(),
                            List.of(part.number()),
                            done.get(job)));
        }
        final List<Job> none = List.of();
        return new ResultDocument(RingsideVersion.text(), Machine.here(), noise, none, sweeps);
    }

    /** Whether points are done, and kept. */
    boolean isBegun() {
        return !done.getFirst().isEmpty();
    }

    /** Whether points are left. */
    boolean isUnfinished() {
        return !left().isEmpty();
    }

    Path file() {
        return file;
    }
}
