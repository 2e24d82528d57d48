package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Row;
import io.ringside.perf.scenario.NetDevices;
import java.util.ArrayList;
import java.util.List;

/** What a device is, which a chart tells by its colours. */
enum Family {
    /** Believes in hardware. */
    EMULATED("emulated"),
    /** Knows that it is virtual. */
    ENLIGHTENED("enlightened"),
    /** No device: what is left when nothing is between the two ends. */
    REFERENCE("reference");

    private final String label;

    Family(final String label) {
        this.label = label;
    }

    /** The name, for people and for style sheets. */
    String label() {
        return label;
    }

    /** The family of a row. */
    static Family of(final Row row) {
        final String device = row.plainDevice();
        if (device.equals(NetDevices.IDEAL)) {
            return REFERENCE;
        }
        return device.startsWith("xen-")
                        || device.startsWith("storvsc")
                        || device.startsWith("netvsc")
                ? ENLIGHTENED
                : EMULATED;
    }

    /** All rows: reference, emulated, enlightened, each followed by the same with features. */
    static List<Row> ordered(final Job job) {
        final List<Row> ordered = new ArrayList<>();
        for (final Family family : List.of(REFERENCE, EMULATED, ENLIGHTENED)) {
            for (final Row row : plain(job)) {
                if (of(row) == family) {
                    ordered.add(row);
                    for (final Row other : job.rows()) {
                        if (other != row && other.plainDevice().equals(row.device())) {
                            ordered.add(other);
                        }
                    }
                }
            }
        }
        for (final Row row : job.rows()) {
            if (!ordered.contains(row)) {
                ordered.add(row); // With features, and the device without them did not run.
            }
        }
        return ordered;
    }

    /** Rows without features. */
    static List<Row> plain(final Job job) {
        return job.rows().stream().filter(row -> row.device().indexOf('+') < 0).toList();
    }
}
