package io.ringside.perf.result;

import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of a JSON file that somebody gave, taken apart: what is missing or of another kind is
 * refused with its place.
 */
final class Fields {
    private final String place;
    private final Map<?, ?> values;

    Fields(final String place, final @Nullable Object value) throws UsageException {
        if (!(value instanceof final Map<?, ?> map)) {
            throw refusal(place.isEmpty() ? "the whole" : place, "an object", value);
        }
        this.place = place;
        values = map;
    }

    /** Where in the file this object is; empty for the outermost. */
    String place() {
        return place;
    }

    boolean has(final String key) {
        return values.containsKey(key);
    }

    String text(final String key) throws UsageException {
        if (!(values.get(key) instanceof final String text)) {
            throw refusal(at(key), "text", values.get(key));
        }
        return text;
    }

    boolean flag(final String key) throws UsageException {
        if (!(values.get(key) instanceof final Boolean flag)) {
            throw refusal(at(key), "true or false", values.get(key));
        }
        return flag;
    }

    double number(final String key) throws UsageException {
        return number(at(key), values.get(key));
    }

    /** A number; negative where it is not there. */
    double numberOrUnknown(final String key) throws UsageException {
        return has(key) ? number(key) : -1;
    }

    long whole(final String key, final long least, final long most) throws UsageException {
        if (!(values.get(key) instanceof final Number number)
                || number instanceof Double
                || number.doubleValue() < least
                || number.doubleValue() > most) {
            throw refusal(at(key), "a whole number from " + least + " to " + most, values.get(key));
        }
        return number.longValue();
    }

    Fields object(final String key) throws UsageException {
        return new Fields(at(key), values.get(key));
    }

    List<Fields> objects(final String key) throws UsageException {
        final List<Fields> objects = new ArrayList<>();
        final List<?> items = list(key);
        for (int i = 0; i < items.size(); i++) {
            objects.add(new Fields(at(key) + '[' + i + ']', items.get(i)));
        }
        return objects;
    }

    List<String> texts(final String key) throws UsageException {
        final List<String> texts = new ArrayList<>();
        for (final Object item : list(key)) {
            if (!(item instanceof final String text)) {
                throw refusal(at(key), "a list of texts", item);
            }
            texts.add(text);
        }
        return texts;
    }

    List<Double> numbers(final String key) throws UsageException {
        final List<Double> numbers = new ArrayList<>();
        final List<?> items = list(key);
        for (int i = 0; i < items.size(); i++) {
            numbers.add(number(at(key) + '[' + i + ']', items.get(i)));
        }
        return numbers;
    }

    /** All keys, in the order of the file. */
    List<String> keys() {
        final List<String> keys = new ArrayList<>();
        for (final Object key : values.keySet()) {
            keys.add(String.valueOf(key));
        }
        return keys;
    }

    /** All texts of this object, in the order of the file. */
    Map<String, String> textMap() throws UsageException {
        final Map<String, String> texts = new LinkedHashMap<>();
        for (final String key : keys()) {
            texts.put(key, text(key));
        }
        return texts;
    }

    /** A constant by its name in JSON; the refusal lists all of them. */
    <E extends Enum<E>> E constant(final String key, final Class<E> kind) throws UsageException {
        final String text = text(key);
        final StringBuilder known = new StringBuilder();
        for (final E constant : kind.getEnumConstants()) {
            if (ResultJson.key(constant).equals(text)) {
                return constant;
            }
            known.append(known.isEmpty() ? "" : ", ").append(ResultJson.key(constant));
        }
        throw refusal(at(key), "one of " + known, text);
    }

    /** What a record refused, with the place of this object. */
    UsageException refused(final IllegalArgumentException cause) {
        return new UsageException(
                (place.isEmpty() ? "the whole" : place)
                        + " cannot be: "
                        + String.valueOf(cause.getMessage()));
    }

    /** A refusal of a field. */
    UsageException refusal(final String key, final String expected) {
        return refusal(at(key), expected, values.get(key));
    }

    private List<?> list(final String key) throws UsageException {
        if (!(values.get(key) instanceof final List<?> list)) {
            throw refusal(at(key), "a list", values.get(key));
        }
        return list;
    }

    private String at(final String key) {
        return place.isEmpty() ? key : place + '.' + key;
    }

    private static double number(final String place, final @Nullable Object value)
            throws UsageException {
        if (!(value instanceof final Number number) || !Double.isFinite(number.doubleValue())) {
            throw refusal(place, "a number", value);
        }
        return number.doubleValue();
    }

    private static UsageException refusal(
            final String place, final String expected, final @Nullable Object value) {
        return new UsageException(
                place
                        + " must be "
                        + expected
                        + (value == null ? ", and is missing" : shown(value)));
    }

    private static String shown(final Object value) {
        return switch (value) {
            case final Map<?, ?> _ -> ", and is an object";
            case final List<?> _ -> ", and is a list";
            default -> {
                final String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
                yield ", and is " + (text.length() > 40 ? text.substring(0, 40) + "..." : text);
            }
        };
    }
}
