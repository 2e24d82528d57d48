package io.ringside.cli;

import java.util.Locale;
import java.util.function.LongSupplier;

/** How long a run of several like parts will still take, told by how long the ended ones took. */
final class TimeLeft {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double SECONDS_PER_MINUTE = 60;

    private final int parts;
    private final LongSupplier clock;
    private final long startNanos;
    private String current = "";
    private int begun;
    private long lastBegunNanos;

    TimeLeft(final int parts, final LongSupplier clock) {
        this.parts = parts;
        this.clock = clock;
        this.startNanos = clock.getAsLong();
    }

    /** A part is at work; the one before it has ended if it had another name. */
    void at(final String part) {
        if (!part.equals(current)) {
            current = part;
            begun++;
            lastBegunNanos = clock.getAsLong();
        }
    }

    /** {@code about 40 s left}; nothing while no part has ended. */
    String text() {
        final int ended = Math.min(begun - 1, parts);
        if (ended < 1) {
            return "";
        }
        final double each = (lastBegunNanos - startNanos) / NANOS_PER_SECOND / ended;
        final double sinceBegun = (clock.getAsLong() - lastBegunNanos) / NANOS_PER_SECOND;
        final double left = Math.max(0, each - sinceBegun) + each * Math.max(0, parts - ended - 1);
        return left < SECONDS_PER_MINUTE
                ? String.format(Locale.ROOT, "about %.0f s left", Math.ceil(left))
                : String.format(
                        Locale.ROOT, "about %.0f min left", Math.ceil(left / SECONDS_PER_MINUTE));
    }
}
