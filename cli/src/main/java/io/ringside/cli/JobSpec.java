package io.ringside.cli;

import io.ringside.perf.scenario.UsageException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One job of a comparison with every option that has a part in it said, so that it can be written
 * down, run again, and run in another process.
 *
 * @param workload {@code disk} or {@code net}
 * @param options by their names without dashes, as they would be typed, in the order of all lists
 */
record JobSpec(String workload, Map<String, String> options) {
    JobSpec {
        final Map<String, String> ordered = new LinkedHashMap<>();
        for (final String key : JobFlags.of(workload).keySet()) {
            final String value = options.get(key);
            if (value != null) {
                ordered.put(key, value);
            }
        }
        options = Collections.unmodifiableMap(ordered);
    }

    boolean isDisk() {
        return workload.equals(JobFlags.DISK);
    }

    DiskOptions disk() throws UsageException {
        return JobFlags.parse(new DiskOptions(), options);
    }

    NetOptions net() throws UsageException {
        return JobFlags.parse(new NetOptions(), options);
    }

    /** The devices, in the order in which they are told. */
    List<String> devices() {
        return List.of(String.valueOf(options.get("devices")).split(",", -1));
    }

    /** The same without an option. */
    JobSpec without(final String key) {
        final Map<String, String> changed = new LinkedHashMap<>(options);
        changed.remove(key);
        return new JobSpec(workload, changed);
    }
}
