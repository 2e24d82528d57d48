package io.ringside.cli;

import java.io.PrintStream;
import java.util.Locale;

/**
 * What the launcher found out of the terminal, and a line of progress on it.
 *
 * <p>The launcher tells by system properties whether standard output and standard error are
 * terminals, since Java can ask of neither alone.
 */
final class Terminal {
    private static final boolean ERR_IS_TERMINAL = Boolean.getBoolean("ringside.errIsTerminal");
    private static final boolean OUT_IS_TERMINAL = Boolean.getBoolean("ringside.outIsTerminal");
    private static final int WIDTH = 78;
    private static final long EVERY_NANOS = 100_000_000;

    private static long lastNanos;
    private static boolean lineOpen;

    private Terminal() {}

    /** Whether escapes may be written to standard output. */
    static boolean usesColour() {
        final String noColour = System.getenv("NO_COLOR");
        return OUT_IS_TERMINAL && (noColour == null || noColour.isEmpty());
    }

    /** Shows one line of progress in place; nothing where standard error is not a terminal. */
    static void progress(final String what, final double fraction) {
        final long now = System.nanoTime();
        if (!ERR_IS_TERMINAL || lineOpen && now - lastNanos < EVERY_NANOS) {
            return;
        }
        lastNanos = now;
        lineOpen = true;
        final String text =
                fraction < 0
                        ? what
                        : String.format(Locale.ROOT, "%s  %3.0f %%", what, fraction * 100);
        write(text.length() > WIDTH ? text.substring(0, WIDTH) : text);
    }

    /** Takes the line of progress away. */
    static void clear() {
        if (lineOpen) {
            lineOpen = false;
            write("");
        }
    }

    private static void write(final String text) {
        final PrintStream err = System.err;
        err.print("\r" + text + " ".repeat(WIDTH - text.length()) + "\r" + text);
        err.flush();
    }
}
