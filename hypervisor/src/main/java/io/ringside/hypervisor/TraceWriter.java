package io.ringside.hypervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/**
 * Writes one line of text for each event, in columns:
 *
 * <pre>
 *         micros  who           what                               first          second
 *          0.000  blkfront      request                                0            4096
 *          1.250  blkback       refused                               17              -3
 *                 (2 events dropped)
 * </pre>
 *
 * <p>Times are microseconds since the first event. What is too long for its column moves the rest
 * of its line to the right. Threads: one. Errors: an {@link UncheckedIOException} when the writer
 * fails.
 */
public final class TraceWriter implements TraceSink {
    private static final int MICROS_WIDTH = 14;
    private static final int WHO_WIDTH = 14;
    private static final int WHAT_WIDTH = 24;
    private static final int FIGURE_WIDTH = 16;
    private static final String GAP = "  ";

    private final Writer out;
    private final StringBuilder line = new StringBuilder(128);
    private boolean started;
    private long startNanos;

    /** Writes to {@code out}, which stays the caller's to close. */
    public TraceWriter(final Writer out) {
        this.out = out;
    }

    @Override
    public void event(
            final long nanos,
            final String who,
            final String what,
            final long first,
            final long second) {
        if (!started) {
            started = true;
            startNanos = nanos;
            right("micros", MICROS_WIDTH);
            words("who", "what");
            right("first", FIGURE_WIDTH);
            right("second", FIGURE_WIDTH);
            writeLine();
        }
        right(micros(nanos - startNanos), MICROS_WIDTH);
        words(who, what);
        right(Long.toString(first), FIGURE_WIDTH);
        right(Long.toString(second), FIGURE_WIDTH);
        writeLine();
    }

    @Override
    public void dropped(final long count) {
        right("", MICROS_WIDTH);
        line.append(GAP).append('(').append(count).append(" events dropped)");
        writeLine();
    }

    @Override
    public void caughtUp() {
        try {
            out.flush();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Times of two threads may cross, so that one can lie before the first event's. */
    private static String micros(final long nanos) {
        final String thousandths = Long.toString(1000 + Math.abs(nanos % 1000)).substring(1);
        return (nanos < 0 ? "-" : "") + Math.abs(nanos / 1000) + "." + thousandths;
    }

    private void words(final String who, final String what) {
        line.append(GAP);
        left(who, WHO_WIDTH);
        left(what, WHAT_WIDTH);
    }

    private void left(final String text, final int width) {
        line.append(text);
        line.repeat(' ', Math.max(1, width - text.length()));
    }

    private void right(final String text, final int width) {
        line.repeat(' ', Math.max(line.isEmpty() ? 0 : 1, width - text.length()));
        line.append(text);
    }

    private void writeLine() {
        try {
            out.append(line).append('\n');
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            line.setLength(0);
        }
    }
}
