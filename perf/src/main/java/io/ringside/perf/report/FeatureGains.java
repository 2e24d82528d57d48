package io.ringside.perf.report;

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
import org.jspecify.annotations.Nullable;

/**
 * What each feature of a device changed against the same device without it: one sentence a row, of
 * what this run counted and nothing else.
 */
final class FeatureGains {
    private static final double LEAST_DIFFERENCE = 0.01;

    private FeatureGains() {}

    /**
     * The sentences, and what the features are; empty where no row has a feature.
     *
     * @param operation what the devices do, in the singular
     */
    static String text(final List<Row> results, final String operation) {
        final StringBuilder text = new StringBuilder();
        for (final Row result : results) {
            final Row plain = plainOf(result, results);
            if (plain != null && plain.main().operations() > 0 && result.main().operations() > 0) {
                text.append("  ").append(sentence(result, plain, operation)).append('\n');
            }
        }
        return text.isEmpty()
                ? ""
                : "\nwhat each feature changed, per " + operation + "\n" + text + meanings(results);
    }

    private static @Nullable Row plainOf(final Row result, final List<Row> results) {
        final int plus = result.device().indexOf('+');
        for (final Row other : results) {
            if (plus > 0 && other.device().equals(result.device().substring(0, plus))) {
                return other;
            }
        }
        return null;
    }

    private static String sentence(final Row result, final Row plain, final String operation) {
        final List<String> changes = new ArrayList<>();
        add(changes, "hypercalls", result, plain, Metric.HYPERCALLS);
        add(changes, "grant operations", result, plain, Metric.GRANT_OPERATIONS);
        add(changes, "kicks", result, plain, Metric.KICKS);
        add(changes, "interrupts", result, plain, Metric.INTERRUPTS);
        add(changes, "bytes copied", result, plain, Metric.BYTES_COPIED);
        return String.format(
                Locale.ROOT,
                "%s against %s: %s; %.2f times as many %ss a second",
                result.device(),
                plain.device(),
                changes.isEmpty() ? "no count differs" : String.join(", ", changes),
                result.main().median(Metric.OPERATIONS_PER_SECOND)
                        / plain.main().median(Metric.OPERATIONS_PER_SECOND),
                operation);
    }

    private static void add(
            final List<String> changes,
            final String what,
            final Row result,
            final Row plain,
            final Metric metric) {
        final double difference = result.main().median(metric) - plain.main().median(metric);
        if (Math.abs(difference) >= LEAST_DIFFERENCE) {
            changes.add(
                    String.format(
                            Locale.ROOT,
                            Math.abs(difference) >= 100 ? "%,.0f %s %s" : "%.2f %s %s",
                            Math.abs(difference),
                            difference < 0 ? "fewer" : "more",
                            what));
        }
    }

    private static String meanings(final List<Row> results) {
        final Set<String> lines = new LinkedHashSet<>();
        for (final Row result : results) {
            final String device = result.device().replaceFirst("\\+.*", "");
            final List<Feature> features = new ArrayList<>(DiskDevices.ALL.features(device));
            features.addAll(NetDevices.ALL.features(device));
            for (final Feature feature : features) {
                if (result.device().endsWith('+' + feature.label())) {
                    lines.add("  (" + feature.label() + ": " + feature.meaning() + ")\n");
                }
            }
        }
        return String.join("", lines);
    }
}
