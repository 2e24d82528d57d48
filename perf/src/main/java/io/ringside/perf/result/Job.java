package io.ringside.perf.result;

import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One workload over several devices, and what came of it.
 *
 * @param workload {@code disk} or {@code net}
 * @param scenario every option that decides the job, in order, as it would be typed
 * @param clock which clock its times are of
 * @param costs what crossings were charged
 * @param rows one a device, in the order of the run
 */
public record Job(
        String workload, Map<String, String> scenario, Clock clock, Costs costs, List<Row> rows) {
    /** Copies list and map, in their order; no device comes twice. */
    public Job {
        scenario = Collections.unmodifiableMap(new LinkedHashMap<>(scenario));
        rows = List.copyOf(rows);
        final Set<String> devices = new LinkedHashSet<>();
        for (final Row row : rows) {
            if (!devices.add(row.device())) {
                throw new IllegalArgumentException("device comes twice: device=" + row.device());
            }
        }
    }

    /** The row of a device; null where it did not run. */
    public @Nullable Row row(final String device) {
        for (final Row row : rows) {
            if (row.device().equals(device)) {
                return row;
            }
        }
        return null;
    }

    /** Whether everything that every device brought was right. */
    public boolean verified() {
        return rows.stream().allMatch(Row::verified);
    }

    /**
     * In what another job differs, apart from what it found: {@code depth: 8 and 32}; empty where
     * the two are of the same scenario.
     */
    public List<String> differencesTo(final Job other) {
        final List<String> differences = new ArrayList<>();
        add(differences, "workload", workload, other.workload);
        add(differences, "clock", clock.name(), other.clock.name());
        final Set<String> keys = new LinkedHashSet<>(scenario.keySet());
        keys.addAll(other.scenario.keySet());
        for (final String key : keys) {
            add(differences, key, scenario.get(key), other.scenario.get(key));
        }
        add(differences, "cost profile", costs.name(), other.costs.name());
        if (differences.isEmpty() && !costs.equals(other.costs)) {
            differences.add("figures of the cost profile '" + costs.name() + "'");
        }
        return differences;
    }

    /** The forks of this job and those of another of the same scenario. */
    Job plus(final Job further) throws UsageException {
        final List<String> differences = differencesTo(further);
        if (!differences.isEmpty()) {
            throw new UsageException(
                    "cannot be merged: the scenarios differ: " + String.join("; ", differences));
        }
        final List<Row> all = new ArrayList<>();
        for (final Row row : rows) {
            final Row more = further.row(row.device());
            all.add(more == null ? row : row.plus(more));
        }
        for (final Row row : further.rows) {
            if (row(row.device()) == null) {
                all.add(row);
            }
        }
        return new Job(workload, scenario, clock, costs, all);
    }

    private static void add(
            final List<String> differences,
            final String what,
            final @Nullable String one,
            final @Nullable String other) {
        if (!Objects.equals(one, other)) {
            differences.add(
                    what
                            + ": "
                            + Objects.requireNonNullElse(one, "nothing")
                            + " and "
                            + Objects.requireNonNullElse(other, "nothing"));
        }
    }
}
