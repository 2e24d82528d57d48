package io.ringside.perf.report;

import io.ringside.perf.result.Metric;
import java.util.Locale;

/** Figures for people: three digits that count, and a unit. */
final class Numbers {
    private static final String[] TIME_UNITS = {"ns", "µs", "ms", "s"};

    private Numbers() {}

    /** A figure in the unit of its metric. */
    static String of(final Metric metric, final double value) {
        return switch (metric.unit()) {
            case "ns" -> time(value);
            case "1/s" -> rate(value);
            case "MB/s", "Gbit/s" -> count(value) + ' ' + metric.unit();
            default -> count(value);
        };
    }

    /** Nanoseconds, in a unit that suits. */
    static String time(final double nanos) {
        double value = nanos;
        int unit = 0;
        while (Math.abs(value) >= 999.5 && unit < TIME_UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return digits(value) + ' ' + TIME_UNITS[unit];
    }

    /** So many a second. */
    static String rate(final double value) {
        return Math.abs(value) >= 999_500
                ? digits(value / 1e6) + " M"
                : String.format(Locale.ROOT, "%,.0f", value);
    }

    /** A count, or any figure without a unit. */
    static String count(final double value) {
        if (value != 0 && Math.abs(value) < 0.0005) {
            return "<0.001";
        }
        if (Math.abs(value) < 10) {
            final String text = String.format(Locale.ROOT, "%.3f", value);
            return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
        }
        return digits(value);
    }

    /** How many times as much. */
    static String ratio(final double value) {
        return value < 0.995 ? String.format(Locale.ROOT, "%.2f", value) : digits(value);
    }

    /** Three digits, or all before the point. */
    static String digits(final double value) {
        final double size = Math.abs(value);
        if (size >= 99.95) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 9.995 ? "%.1f" : "%.2f", value);
    }
}
