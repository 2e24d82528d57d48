package io.ringside.perf.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers that somebody chose for devices; whoever sets a device up asks for them.
 *
 * @param values by what they are of
 */
public record Tuning(Map<TuningKey, Integer> values) {
    /** Nothing is chosen: every device is as it is. */
    public static final Tuning NONE = new Tuning(Map.of());

    /** Copies the map, in the order of the keys. */
    public Tuning {
        final Map<TuningKey, Integer> copy = new EnumMap<>(TuningKey.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
    }

    /**
     * What was chosen, as {@code ring-pages=4}; a refusal names the values that can be.
     *
     * @param assignments one for each number
     */
    public static Tuning of(final List<String> assignments) throws UsageException {
        final Map<TuningKey, Integer> values = new EnumMap<>(TuningKey.class);
        for (final String assignment : assignments) {
            final int equals = assignment.indexOf('=');
            final String label = equals < 0 ? assignment : assignment.substring(0, equals);
            final TuningKey key = TuningKey.of(label);
            if (key == null) {
                throw new UsageException(
                        "--tune '"
                                + label
                                + "' is unknown"
                                + NearestName.hint(label, TuningKey.labels())
                                + ": use "
                                + String.join(", ", TuningKey.labels()));
            }
            try {
                if (equals < 0) {
                    throw new NumberFormatException("no value");
                }
                values.put(key, number(assignment.substring(equals + 1)));
            } catch (final NumberFormatException e) {
                throw new UsageException(
                        "--tune '"
                                + assignment
                                + "' has no number: write "
                                + label
                                + "=N, where "
                                + key.text());
            }
        }
        return new Tuning(values);
    }

    private static int number(final String text) {
        return switch (text) {
            case "on" -> 1;
            case "off" -> 0;
            default -> Integer.parseInt(text);
        };
    }

    /** What was chosen for a number, or what the device has otherwise. */
    public int get(final TuningKey key, final int otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    /**
     * Refuses numbers that none of these devices has, and values that one of them does not take.
     */
    public void check(final List<Variant> rows) throws UsageException {
        for (final Map.Entry<TuningKey, Integer> each : values.entrySet()) {
            final TuningKey key = each.getKey();
            boolean used = false;
            for (final Variant row : rows) {
                used |= key.isOf(row.device());
                if (!key.takes(row.device(), each.getValue())) {
                    throw new UsageException(
                            "--tune "
                                    + key.label()
                                    + "="
                                    + each.getValue()
                                    + " cannot be used: "
                                    + key.text());
                }
            }
            if (!used) {
                throw new UsageException(
                        "--tune "
                                + key.label()
                                + " has no device that it is of among --devices: "
                                + key.text());
            }
        }
    }

    /** As it is written: {@code ring-pages=4}, one each. */
    public List<String> assignments() {
        final List<String> assignments = new ArrayList<>();
        values.forEach((key, value) -> assignments.add(key.label() + '=' + value));
        return assignments;
    }
}
