package io.ringside.perf.costs;

import io.ringside.perf.scenario.NearestName;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads a profile from TOML, and names every fault of it by file, line and key.
 *
 * <pre>
 * name = "mine"                  # needed
 * about = "one line"             # needed
 *
 * [costs.port-exit]              # any {@link CostKey}; what is not listed costs nothing
 * nanos = 3400                   # needed; 0 to 1e9, with decimals if need be
 * least = 3206                   # both or neither: the range
 * most = 3700
 * source = "who, where, when"    # one of source, measured, derived, assumed: {@link Basis}
 * </pre>
 *
 * <p>Threads: one; an object reads one file.
 */
final class CostProfileReader {
    private static final String NAME = "name";
    private static final String ABOUT = "about";
    private static final String COSTS = "costs";
    private static final String NANOS = "nanos";
    private static final String LEAST = "least";
    private static final String MOST = "most";
    private static final List<String> FILE_KEYS = List.of(NAME, ABOUT, COSTS);
    private static final List<String> COST_KEYS =
            List.of(NANOS, LEAST, MOST, "source", "measured", "derived", "assumed");
    private static final List<String> LABELS =
            Arrays.stream(CostKey.values()).map(CostKey::label).toList();
    private static final double MOST_NANOS = 1e9;
    private static final int MOST_FAULTS = 5;

    private final String file;
    private final List<String> faults = new ArrayList<>();

    private CostProfileReader(final String file) {
        this.file = file;
    }

    /**
     * The profile of a text, or a refusal: a line for each of the first faults.
     *
     * @param file what refusals call it
     */
    static CostProfile read(final String file, final String text) throws UsageException {
        final CostProfileReader reader = new CostProfileReader(file);
        final TomlParseResult toml = Toml.parse(text);
        for (final TomlParseError error : toml.errors()) {
            reader.fault(error.position(), String.valueOf(error.getMessage()));
        }
        reader.refuseFaults();
        final CostProfile profile = reader.profile(toml);
        reader.refuseFaults();
        return profile;
    }

    private CostProfile profile(final TomlTable toml) {
        refuseUnknown(toml, List.of(), FILE_KEYS);
        final String name = text(toml, NAME);
        final String about = text(toml, ABOUT);
        final Map<CostKey, Cost> costs = new EnumMap<>(CostKey.class);
        final TomlTable table = table(toml, List.of(COSTS));
        if (table != null) {
            refuseUnknown(toml, List.of(COSTS), LABELS);
            for (final CostKey key : CostKey.values()) {
                final List<String> path = List.of(COSTS, key.label());
                final TomlTable figures = table(toml, path);
                if (figures != null) {
                    costs.put(key, cost(toml, path));
                }
            }
        }
        return new CostProfile(name, about, file, costs);
    }

    private void refuseUnknown(
            final TomlTable toml, final List<String> path, final List<String> known) {
        final TomlTable table = path.isEmpty() ? toml : toml.getTableOrEmpty(path);
        for (final String key : table.keySet()) {
            if (!known.contains(key)) {
                fault(
                        position(toml, with(path, key)),
                        "unknown key '"
                                + key
                                + "'"
                                + (path.isEmpty() ? "" : " in " + String.join(".", path))
                                + NearestName.hint(key, known)
                                + ": allowed are "
                                + String.join(", ", known));
            }
        }
    }

    /** A line of text that must be there; on a fault, some other. */
    private String text(final TomlTable toml, final String key) {
        final Object value = toml.get(List.of(key));
        if (value instanceof final String line && isOneLine(line)) {
            return line;
        }
        fault(
                position(toml, List.of(key)),
                value == null
                        ? "'" + key + "' is missing: it must be one line of text in quotes"
                        : said(key, value) + "it must be one line of text in quotes");
        return key;
    }

    private static boolean isOneLine(final String text) {
        return !text.isBlank() && text.chars().noneMatch(Character::isISOControl);
    }

    private @Nullable TomlTable table(final TomlTable toml, final List<String> path) {
        final Object value = toml.get(path);
        if (value == null || value instanceof TomlTable) {
            return (TomlTable) value;
        }
        final String key = String.join(".", path);
        fault(
                position(toml, path),
                said(key, value)
                        + (path.size() == 1
                                ? "it must hold tables such as [costs.port-exit]"
                                : "it must be a table [" + key + "] with nanos and a source"));
        return null;
    }

    private Cost cost(final TomlTable toml, final List<String> path) {
        refuseUnknown(toml, path, COST_KEYS);
        final Double nanos = number(toml, with(path, NANOS), true);
        final Double least = number(toml, with(path, LEAST), false);
        final Double most = number(toml, with(path, MOST), false);
        final Cost figure = because(toml, path);
        if (nanos == null) {
            return figure;
        }
        if (least == null && most == null) {
            return new Cost(nanos, nanos, nanos, figure.basis(), figure.why());
        }
        final String key = String.join(".", path);
        if (least == null || most == null) {
            fault(
                    position(toml, path),
                    key + ": least and most give a range together: give both or neither");
            return figure;
        }
        if (!(least <= nanos && nanos <= most)) {
            fault(
                    position(toml, path),
                    key
                            + ": nanos "
                            + nanos
                            + " is outside of its range: it must be least "
                            + least
                            + " to most "
                            + most);
            return figure;
        }
        return new Cost(nanos, least, most, figure.basis(), figure.why());
    }

    /** A cost of nothing, with the basis and the reason that the file gives. */
    private Cost because(final TomlTable toml, final List<String> path) {
        Basis found = null;
        String why = "";
        int reasons = 0;
        for (final Basis basis : Basis.values()) {
            final List<String> key = with(path, basis.key());
            final Object value = toml.get(key);
            if (value == null) {
                continue;
            }
            reasons++;
            if (value instanceof final String text && isOneLine(text)) {
                found = basis;
                why = text;
            } else {
                fault(
                        position(toml, key),
                        said(String.join(".", key), value)
                                + "it must be one line of text in quotes");
            }
        }
        if (reasons != 1) {
            fault(
                    position(toml, path),
                    String.join(".", path)
                            + " has "
                            + (reasons == 0 ? "no source" : reasons + " sources")
                            + ": give exactly one of source (published), measured (how),"
                            + " derived (from what), assumed (the reasoning)");
        }
        return found == null ? Cost.NOTHING : new Cost(0, 0, 0, found, why);
    }

    private @Nullable Double number(
            final TomlTable toml, final List<String> path, final boolean needed) {
        final Object value = toml.get(path);
        final String key = String.join(".", path);
        if (value instanceof final Number number
                && number.doubleValue() >= 0
                && number.doubleValue() <= MOST_NANOS) {
            return number.doubleValue();
        }
        if (value != null) {
            fault(
                    position(toml, path),
                    said(key, value) + "it must be a number of nanoseconds from 0 to 1000000000");
        } else if (needed) {
            fault(
                    position(toml, path.subList(0, path.size() - 1)),
                    "'" + key + "' is missing: it must be a number of nanoseconds");
        }
        return null;
    }

    private static String said(final String key, final Object value) {
        final String text =
                switch (value) {
                    case TomlTable table -> "{...}";
                    case TomlArray array -> "[...]";
                    default -> String.valueOf(value);
                };
        return key + " = " + text + " cannot be used: ";
    }

    private static List<String> with(final List<String> path, final String key) {
        final List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private static @Nullable TomlPosition position(final TomlTable toml, final List<String> path) {
        return toml.inputPositionOf(path);
    }

    private void fault(final @Nullable TomlPosition position, final String what) {
        faults.add(
                file
                        + (position == null ? "" : " line " + position.line())
                        + ": "
                        + what.replaceAll("\\s+", " "));
    }

    private void refuseFaults() throws UsageException {
        if (faults.isEmpty()) {
            return;
        }
        final int further = faults.size() - MOST_FAULTS;
        if (further > 0) {
            faults.subList(MOST_FAULTS, faults.size()).clear();
            faults.add("and " + further + " more of " + file);
        }
        throw new UsageException(String.join(System.lineSeparator(), faults));
    }
}
