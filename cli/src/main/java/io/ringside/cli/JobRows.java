package io.ringside.cli;

import io.ringside.perf.measure.Steadiness;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order in which devices are run, and the one in which they are told. */
final class JobRows {
    private static final List<String> TOLD_ALREADY = List.of("devices", "features", "block-size");

    private JobRows() {}

    /** The same with the first {@code count} at the end, so that no device is always the first. */
    static <T> List<T> rotated(final List<T> rows, final int count) {
        final List<T> rotated = new ArrayList<>(rows);
        Collections.rotate(rotated, -count);
        return rotated;
    }

    /**
     * A job as it is told: its rows in the scenario's order, every option as it was used, and a
     * note of each device that was not warm.
     */
    static Job finished(final Job job, final JobSpec spec, final Set<String> unsteady) {
        final Map<String, String> scenario = new LinkedHashMap<>(job.scenario());
        spec.options()
                .forEach((key, value) -> {
                    if (!TOLD_ALREADY.contains(key)) {
                        scenario.putIfAbsent(key, value);
                    }
                });
        final List<Row> rows = new ArrayList<>();
        for (final String device : spec.devices()) {
            final Row row = job.row(device);
            if (row != null) {
                rows.add(unsteady.contains(device) ? cold(row, spec) : row);
            }
        }
        return new Job(job.workload(), scenario, job.clock(), job.costs(), rows);
    }

    private static Row cold(final Row row, final JobSpec spec) {
        final List<String> notes = new ArrayList<>(row.notes());
        notes.add(
                "The rate was not steady after "
                        + spec.options().get("warm-up")
                        + " s of warming up (windows of it differed by more than "
                        + Steadiness.PERCENT
                        + " %): try a longer --warm-up, or a quieter machine.");
        return new Row(
                row.device(),
                row.features(),
                row.operationBytes(),
                row.verified(),
                row.interrupted(),
                row.loads(),
                notes);
    }
}
