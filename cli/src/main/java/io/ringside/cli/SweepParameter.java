package io.ringside.cli;

import io.ringside.perf.scenario.NearestName;
import io.ringside.perf.scenario.TuningKey;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * One parameter of a sweep.
 *
 * @param name an option's, a number's of {@code --tune}, or {@code cost.} and a cost's
 * @param option the option that is set by it
 * @param values as they are typed, in order; none comes twice
 */
record SweepParameter(String name, String option, List<String> values) {
    private static final String COST = "cost";
    private static final String TUNE = "tune";
    private static final String DEVICES = "devices";
    private static final String CLOCK = "clock";
    private static final List<String> NO_PARAMETERS =
            List.of(DEVICES, "features", TUNE, COST, CLOCK);

    SweepParameter {
        values = List.copyOf(values);
    }

    /**
     * Reads {@code depth=1,4,16}.
     *
     * @param said of jobs beside it, which tells whether {@code queues} are a disk's
     */
    static SweepParameter of(final String text, final Map<String, String> said)
            throws UsageException {
        final int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new UsageException(
                    "'" + text + "' is no parameter of a sweep: write NAME=VALUE,VALUE,...");
        }
        final String name = text.substring(0, equals);
        final List<String> values = List.of(text.substring(equals + 1).split(",", -1));
        if (new LinkedHashSet<>(values).size() != values.size()) {
            throw new UsageException("'" + text + "' has a value twice: write each value once");
        }
        return new SweepParameter(name, option(name, said), values);
    }

    private static String option(final String name, final Map<String, String> said)
            throws UsageException {
        if (name.equals(CLOCK)) {
            throw new UsageException(
                    "'clock' is no parameter of a sweep: times of the two clocks are never put"
                            + " side by side; run one sweep with each --clock");
        }
        if (name.startsWith(COST + '.')) {
            return COST;
        }
        final TuningKey key = TuningKey.of(name);
        final List<String> flags = new ArrayList<>(JobFlags.of(JobFlags.ALL).keySet());
        flags.removeAll(NO_PARAMETERS);
        if (flags.contains(name) && (key == null || !isOfNamed(key, said))) {
            return name;
        }
        if (key != null) {
            return TUNE;
        }
        flags.addAll(TuningKey.labels());
        throw new UsageException(
                "unknown parameter '"
                        + name
                        + "'"
                        + NearestName.hint(name, flags)
                        + ": use "
                        + String.join(", ", new LinkedHashSet<>(flags))
                        + ", or cost.NAME");
    }

    private static boolean isOfNamed(final TuningKey key, final Map<String, String> said) {
        for (final String device : said.getOrDefault(DEVICES, "").split(",", -1)) {
            if (key.isOf(device.replaceFirst("\\+.*", ""))) {
                return true;
            }
        }
        return false;
    }

    /** Puts one of the values into options. */
    void put(final Map<String, String> options, final String value) {
        if (!isList()) {
            options.put(option, value);
            return;
        }
        final String assignment =
                (option.equals(COST) ? name.substring(COST.length() + 1) : name) + '=' + value;
        options.merge(option, assignment, (before, one) -> before + ',' + one);
    }

    private boolean isList() {
        return option.equals(TUNE) || option.equals(COST);
    }

    /** The devices that have it, of a number of {@code --tune}; empty for all. */
    List<String> devices() {
        final TuningKey key = option.equals(TUNE) ? TuningKey.of(name) : null;
        return key == null ? List.of() : key.devices();
    }
}
