package io.ringside.cli;

import io.ringside.perf.scenario.UsageException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One job of a comparison with every option that has a part in it said, so that it can be written
 * down, run again, and run in another process.
 *
 * @param workload {@code disk} or {@code net}
 * @param options by their names without dashes, as they would be typed, in order
 */
record JobSpec(String workload, Map<String, String> options) {
    JobSpec {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
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

    /** The same with another value of one option. */
    JobSpec with(final String key, final String value) {
        final Map<String, String> changed = new LinkedHashMap<>(options);
        changed.put(key, value);
        return new JobSpec(workload, changed);
    }

    /** The same without an option. */
    JobSpec without(final String key) {
        final Map<String, String> changed = new LinkedHashMap<>(options);
        changed.remove(key);
        return new JobSpec(workload, changed);
    }
}
