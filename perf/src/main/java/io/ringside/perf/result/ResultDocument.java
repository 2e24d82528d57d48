package io.ringside.perf.result;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run found, whole: every form of a report is made of it.
 *
 * @param version of Ringside that ran it
 * @param machine where it ran
 * @param noise how busy others kept that machine
 * @param jobs in the order of the run; empty for a sweep alone
 * @param sweeps in the order of the run
 */
public record ResultDocument(
        String version, Machine machine, Noise noise, List<Job> jobs, List<Sweep> sweeps) {
    /** Name and version of the form; later versions add fields and rename none. */
    public static final String SCHEMA = "ringside.result/1";

    /** Copies the lists. */
    public ResultDocument {
        jobs = List.copyOf(jobs);
        sweeps = List.copyOf(sweeps);
    }

    /** Whether everything that every device brought was right. */
    public boolean verified() {
        return jobs.stream().allMatch(Job::verified)
                && sweeps.stream()
                        .flatMap(sweep -> sweep.points().stream())
                        .allMatch(point -> point.job().verified());
    }

    /** Whether any of its times is of the wall clock. */
    public boolean hasWallTimes() {
        return jobs.stream().anyMatch(job -> job.clock() == Clock.WALL)
                || sweeps.stream()
                        .flatMap(sweep -> sweep.points().stream())
                        .anyMatch(point -> point.job().clock() == Clock.WALL);
    }

    /**
     * This run and another: forks of the same scenarios are put together, and so are the parts of a
     * sweep.
     *
     * @throws UsageException where scenarios, sweeps or, for times of the wall clock, machines
     *     differ; it says in what
     */
    public ResultDocument mergedWith(final ResultDocument other) throws UsageException {
        if (!version.equals(other.version)) {
            throw new UsageException(
                    "cannot be merged: of ringside " + version + " and " + other.version);
        }
        if (hasWallTimes() || other.hasWallTimes()) {
            requireSame("processor", machine.processor(), other.machine.processor());
            requireSame(
                    "number of processors",
                    Integer.toString(machine.processors()),
                    Integer.toString(other.machine.processors()));
            requireSame("kernel", machine.kernel(), other.machine.kernel());
            requireSame("JDK", machine.jdk(), other.machine.jdk());
        }
        if (jobs.size() != other.jobs.size() || sweeps.size() != other.sweeps.size()) {
            throw new UsageException(
                    String.format(
                            "cannot be merged: one has %d jobs and %d sweeps, the other %d and %d",
                            jobs.size(), sweeps.size(), other.jobs.size(), other.sweeps.size()));
        }
        final List<Job> allJobs = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            allJobs.add(jobs.get(i).plus(other.jobs.get(i)));
        }
        final List<Sweep> allSweeps = new ArrayList<>();
        for (int i = 0; i < sweeps.size(); i++) {
            allSweeps.add(sweeps.get(i).plus(other.sweeps.get(i)));
        }
        return new ResultDocument(version, machine, noise.with(other.noise), allJobs, allSweeps);
    }

    private static void requireSame(final String what, final String one, final String other)
            throws UsageException {
        if (!one.equals(other)) {
            throw new UsageException(
                    "cannot be merged: the machines differ: "
                            + what
                            + ": "
                            + one
                            + " and "
                            + other);
        }
    }
}
