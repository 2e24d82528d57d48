package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Row;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.Feature;
import io.ringside.perf.scenario.NetDevices;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What each feature of a device changed against the same device without it: one sentence a row, of
 * what this run counted and nothing else.
 */
final class JobGains {
    private static final double LEAST_DIFFERENCE = 0.01;
    private static final List<Metric> COUNTS =
            List.of(
                    Metric.EXITS,
                    Metric.HYPERCALLS,
                    Metric.GRANT_OPERATIONS,
                    Metric.KICKS,
                    Metric.INTERRUPTS,
                    Metric.BYTES_COPIED);

    private JobGains() {}

    /**
     * The sentences, and what the features are; empty where no row has a feature.
     *
     * @param operation what the devices do, in the singular
     */
    static String text(final Job job, final String operation) {
        final StringBuilder text = new StringBuilder();
        for (final Row row : job.rows()) {
            final Row plain = row.features().isEmpty() ? null : job.row(row.plainDevice());
            if (plain != null && rate(plain) > 0 && rate(row) > 0) {
                text.append("  ")
                        .append(row.device())
                        .append(" against ")
                        .append(plain.device())
                        .append(": ")
                        .append(changes(row, plain))
                        .append("; ")
                        .append(rates(row, plain, operation + 's'))
                        .append('\n');
            }
        }
        return text.isEmpty()
                ? ""
                : "\nwhat each feature changed, per " + operation + "\n" + text + meanings(job);
    }

    private static double rate(final Row row) {
        return row.main().median(Metric.OPERATIONS_PER_SECOND);
    }

    private static String changes(final Row row, final Row plain) {
        final List<String> changes = new ArrayList<>();
        for (final Metric metric : COUNTS) {
            final double difference = row.main().median(metric) - plain.main().median(metric);
            if (Math.abs(difference) >= LEAST_DIFFERENCE) {
                changes.add(
                        String.format(
                                Locale.ROOT,
                                Math.abs(difference) >= 100 ? "%,.0f %s %s" : "%.2f %s %s",
                                Math.abs(difference),
                                difference < 0 ? "fewer" : "more",
                                metric.label()));
            }
        }
        return changes.isEmpty() ? "no count differs" : String.join(", ", changes);
    }

    private static String rates(final Row row, final Row plain, final String operations) {
        final boolean faster = rate(row) >= rate(plain);
        final String sentence =
                faster
                        ? JobRatios.sentence(row, plain, operations)
                        : JobRatios.sentence(plain, row, operations);
        return sentence.startsWith("no difference")
                ? "no difference found in " + operations + " a second"
                : String.format(
                        Locale.ROOT,
                        "%.2f times as many %s a second",
                        rate(row) / rate(plain),
                        operations);
    }

    private static String meanings(final Job job) {
        final Set<String> lines = new LinkedHashSet<>();
        for (final Row row : job.rows()) {
            final List<Feature> features =
                    new ArrayList<>(DiskDevices.ALL.features(row.plainDevice()));
            features.addAll(NetDevices.ALL.features(row.plainDevice()));
            for (final Feature feature : features) {
                if (row.features().equals(List.of(feature.label()))) {
                    lines.add("  (" + feature.label() + ": " + feature.meaning() + ")\n");
                }
            }
        }
        return String.join("", lines);
    }
}
