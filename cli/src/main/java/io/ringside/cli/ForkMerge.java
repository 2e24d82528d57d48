package io.ringside.cli;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.List;

/** What forks found, put together; one that ended early has fewer jobs. */
final class ForkMerge {
    private ForkMerge() {}

    static ResultDocument of(final ResultDocument sofar, final ResultDocument more)
            throws UsageException {
        final int both = Math.min(sofar.jobs().size(), more.jobs().size());
        final List<Job> jobs = new ArrayList<>(cut(sofar, both).mergedWith(cut(more, both)).jobs());
        final List<Job> longer = sofar.jobs().size() > both ? sofar.jobs() : more.jobs();
        jobs.addAll(longer.subList(both, longer.size()));
        return new ResultDocument(
                sofar.version(), sofar.machine(), sofar.noise(), jobs, sofar.sweeps());
    }

    private static ResultDocument cut(final ResultDocument result, final int jobs) {
        return new ResultDocument(
                result.version(),
                result.machine(),
                result.noise(),
                result.jobs().subList(0, jobs),
                List.of());
    }
}
