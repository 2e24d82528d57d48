package io.ringside.testkit;

import java.util.SplittableRandom;

/**
 * One seed is the whole recipe of a random test: the same value replays the same run.
 *
 * <p>{@code -Dringside.seed=N} fixes it; otherwise it is drawn. A test prints it when it fails, by
 * putting {@link #toString} into the description of its assertions.
 *
 * @param value the seed itself
 */
public record Seed(long value) {
    /** The seed asked for by {@code -Dringside.seed}, or a fresh one. */
    public static Seed ofRun() {
        final String fixed = System.getProperty("ringside.seed");
        return new Seed(fixed != null ? Long.parseLong(fixed) : new SplittableRandom().nextLong());
    }

    /** A generator that starts at this seed. */
    public SplittableRandom random() {
        return new SplittableRandom(value);
    }

    @Override
    public String toString() {
        return "replay with -Dringside.seed=" + value;
    }
}
