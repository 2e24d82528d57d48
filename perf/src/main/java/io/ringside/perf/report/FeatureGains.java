package io.ringside.perf.report;

import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.scenario.DiskFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What each feature of a disk changed against the same disk without it: one sentence a row, of what
 * this run counted and nothing else.
 */
final class FeatureGains {
    private static final double LEAST_DIFFERENCE = 0.01;

    private FeatureGains() {}

    /** The sentences, and what the features are; empty where no row has a feature. */
    static String text(final List<DiskResult> results) {
        final StringBuilder text = new StringBuilder();
        for (final DiskResult result : results) {
            final DiskResult plain = plainOf(result, results);
            if (plain != null && plain.operations() > 0 && result.operations() > 0) {
                text.append("  ").append(sentence(result, plain)).append('\n');
            }
        }
        return text.isEmpty()
                ? ""
                : "\nwhat each feature changed, an operation\n" + text + meanings(results);
    }

    private static @Nullable DiskResult plainOf(
            final DiskResult result, final List<DiskResult> results) {
        final int plus = result.device().indexOf('+');
        for (final DiskResult other : results) {
            if (plus > 0 && other.device().equals(result.device().substring(0, plus))) {
                return other;
            }
        }
        return null;
    }

    private static String sentence(final DiskResult result, final DiskResult plain) {
        final List<String> changes = new ArrayList<>();
        add(changes, "hypercalls", result, plain, DiskResult::hypercalls);
        add(changes, "grant operations", result, plain, DiskResult::grantOperations);
        add(changes, "kicks", result, plain, DiskResult::kicks);
        add(changes, "interrupts", result, plain, DiskResult::interrupts);
        add(changes, "bytes copied", result, plain, DiskResult::bytesCopied);
        return String.format(
                Locale.ROOT,
                "%s against %s: %s; %.2f times as many operations a second",
                result.device(),
                plain.device(),
                changes.isEmpty() ? "no count differs" : String.join(", ", changes),
                result.operationsPerSecond() / plain.operationsPerSecond());
    }

    private static void add(
            final List<String> changes,
            final String what,
            final DiskResult result,
            final DiskResult plain,
            final ToLongFunction<DiskResult> count) {
        final double difference = each(result, count) - each(plain, count);
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

    private static double each(final DiskResult result, final ToLongFunction<DiskResult> count) {
        return count.applyAsLong(result) / (double) result.operations();
    }

    private static String meanings(final List<DiskResult> results) {
        final StringBuilder text = new StringBuilder();
        for (final DiskFeature feature : DiskFeature.values()) {
            for (final DiskResult result : results) {
                if (result.device().endsWith('+' + feature.label())) {
                    text.append("  (").append(feature.label()).append(": ");
                    text.append(feature.meaning()).append(")\n");
                    break;
                }
            }
        }
        return text.toString();
    }
}
