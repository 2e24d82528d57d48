package io.ringside.perf.report;

import io.ringside.perf.result.Costs;
import io.ringside.perf.result.DiskRows;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.NetRows;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import java.util.ArrayList;
import java.util.List;

/** What was just measured, in the form that results are kept in. */
public final class ReportResult {
    private ReportResult() {}

    /**
     * One fork of each job.
     *
     * @param version of Ringside
     * @param busyAfter how busy others kept the machine just after; negative if unknown
     * @param reports the first job, and further ones on the same machine
     */
    public static ResultDocument of(
            final String version, final double busyAfter, final List<? extends Report> reports) {
        final Report first = reports.getFirst();
        final List<Job> jobs = new ArrayList<>();
        for (final Report report : reports) {
            jobs.add(job(report));
        }
        return new ResultDocument(
                version,
                first.machine(),
                new Noise(first.busyProcessors(), busyAfter),
                jobs,
                List.of());
    }

    private static Job job(final Report report) {
        return switch (report) {
            case DiskReport disk ->
                    DiskRows.job(
                            disk.scenario(),
                            Costs.of(disk.scenario().costs()),
                            disk.medium(),
                            disk.mediumBytes(),
                            disk.results());
            case NetReport net ->
                    NetRows.job(net.scenario(), Costs.of(net.scenario().costs()), net.results());
        };
    }
}
