package io.ringside.cli;

import io.ringside.perf.scenario.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a sweep is run: every so many points one.
 *
 * @param number from 1
 * @param count how many parts there are
 */
record SweepShard(int number, int count) {
    private static final SweepShard WHOLE = new SweepShard(1, 1);
    private static final Pattern FORM = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

    /** The part {@code 3/16}; the whole where nothing is said. */
    static SweepShard of(final @Nullable String text) throws UsageException {
        if (text == null) {
            return WHOLE;
        }
        final Matcher form = FORM.matcher(text);
        if (form.matches()) {
            final int number = Integer.parseInt(form.group(1));
            final int count = Integer.parseInt(form.group(2));
            if (number >= 1 && number <= count) {
                return new SweepShard(number, count);
            }
        }
        throw new UsageException(
                "--shard '" + text + "' is no part: write K/N with K from 1 to N, as 3/16");
    }

    /** Whether it has a point, counted from 0. */
    boolean has(final int point) {
        return point % count == number - 1;
    }

    /** Where it is kept if nobody says. */
    String fileName() {
        return count == 1
                ? "ringside-sweep.json"
                : "ringside-sweep-" + number + "-of-" + count + ".json";
    }
}
