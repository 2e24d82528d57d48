package io.ringside.cli;

import io.ringside.perf.scenario.UsageException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Which numbers an option takes, for whoever wrote something that is none: what is a number is
 * judged by the option itself, in the same words.
 */
final class NumberRanges {
    private static final String NANOS = "0 to 1000000000";

    static final Map<String, String> BY_KEY =
            Map.ofEntries(
                    Map.entry("depth", "1 to 1024"),
                    Map.entry("ops", "1 or more"),
                    Map.entry("seconds", "above 0"),
                    Map.entry("seed", "a whole number"),
                    Map.entry("queues", "1 to 8"),
                    Map.entry("warm-up", "0 to 3600"),
                    Map.entry("guests", "1 to 64"),
                    Map.entry("host-processors", "0 to 1024"),
                    Map.entry("medium-parallel", "0 to 1024"),
                    Map.entry("medium-latency", "0 to 1000000"),
                    Map.entry("guest-work", NANOS),
                    Map.entry("host-work", NANOS),
                    Map.entry("flush-per-processor", NANOS));

    private NumberRanges() {}

    /** The refusal of a value, with what is allowed in its place where that is a number. */
    static UsageException refusal(final ParameterException e) {
        if (e.getArgSpec() instanceof final OptionSpec option) {
            final String name = option.longestName();
            final @Nullable String range = BY_KEY.get(name.replaceFirst("^--", ""));
            if (range != null && e.getValue() != null) {
                return new UsageException(
                        name + " '" + e.getValue() + "' cannot be used: it must be " + range);
            }
        }
        return new UsageException(String.valueOf(e.getMessage()).replace('\n', ' '));
    }
}
