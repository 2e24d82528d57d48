package io.ringside.perf.scenario;

import java.util.Locale;

/** Sizes as people write them: {@code 512}, {@code 4k}, {@code 1M}; always powers of 1024. */
public final class Sizes {
    private Sizes() {}

    /** Bytes of a size, or a refusal that names the option. */
    public static int bytes(final String option, final String text) throws UsageException {
        final String lower = text.trim().toLowerCase(Locale.ROOT);
        final int scale;
        if (lower.endsWith("k")) {
            scale = 1024;
        } else if (lower.endsWith("m")) {
            scale = 1024 * 1024;
        } else {
            scale = 1;
        }
        final String digits = scale == 1 ? lower : lower.substring(0, lower.length() - 1);
        try {
            return Math.multiplyExact(Integer.parseInt(digits), scale);
        } catch (final NumberFormatException | ArithmeticException e) {
            throw new UsageException(
                    option + " '" + text + "' is not a size: write bytes, or 4k, or 1M");
        }
    }

    /** A size as people write it, in the shortest way: what {@link #bytes} reads. */
    public static String option(final int bytes) {
        if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) == 0) {
            return bytes / (1024 * 1024) + "M";
        }
        return bytes >= 1024 && bytes % 1024 == 0 ? bytes / 1024 + "k" : Integer.toString(bytes);
    }

    /** A size as people read it. */
    public static String text(final long bytes) {
        if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) == 0) {
            return bytes / (1024 * 1024) + " MiB";
        }
        if (bytes >= 1024 && bytes % 1024 == 0) {
            return bytes / 1024 + " KiB";
        }
        return bytes + " B";
    }
}
