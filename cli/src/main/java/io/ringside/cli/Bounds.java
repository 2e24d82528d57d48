package io.ringside.cli;

import io.ringside.perf.scenario.UsageException;

/** Numbers on the command line that have bounds. */
final class Bounds {
    private Bounds() {}

    static void check(final String option, final int value, final int least, final int most)
            throws UsageException {
        if (value < least || value > most) {
            throw new UsageException(
                    option + " " + value + " cannot be used: it must be " + least + " to " + most);
        }
    }
}
