package io.ringside.perf.scenario;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * A scenario as a file: TOML, whose keys are the names of the command line's options.
 *
 * <pre>
 * depth = 8                   # for every job that says nothing else
 * [[job]]                     # one table a job; without any, the file is one job
 * workload = "disk"
 * devices = ["ide-dma", "storvsc"]
 * </pre>
 *
 * <p>Here only the form is judged; which keys there are, and what they may hold, is for whoever
 * knows the options. All errors of the form are told at once, each with its line.
 *
 * @param name the file's name, as errors tell it
 * @param jobs at least one
 */
public record ScenarioFile(String name, List<Job> jobs) {
    private static final String JOB = "job";
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_JOBS = 1000;

    /** Copies the list. */
    public ScenarioFile {
        jobs = List.copyOf(jobs);
    }

    /**
     * One option.
     *
     * @param value in the command line's words; a list's parts have commas between them
     * @param line where it stands, from 1 on
     * @param isShared whether it stands above the jobs, for all of them
     */
    public record Entry(String value, int line, boolean isShared) {}

    /**
     * One job.
     *
     * @param line where it begins, from 1 on
     * @param entries its options by name, those for all jobs first
     */
    public record Job(int line, Map<String, Entry> entries) {}

    /** Reads a file. */
    public static ScenarioFile read(final Path file) throws UsageException {
        try {
            if (Files.isDirectory(file)) {
                throw new UsageException(
                        "scenario '" + file + "' is a directory: name a file with --scenario");
            }
            if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
                throw new UsageException(
                        "scenario '" + file + "' is longer than 1 MiB: it is a small TOML file");
            }
            return parse(file.toString(), Files.readString(file));
        } catch (final CharacterCodingException e) {
            throw new UsageException("scenario '" + file + "' is not text in UTF-8");
        } catch (final IOException e) {
            throw new UsageException(
                    "scenario '"
                            + file
                            + "' cannot be read"
                            + (Files.exists(file) ? "" : ", there is no such file")
                            + ": name another one with --scenario");
        }
    }

    /** Reads a file's text. */
    public static ScenarioFile parse(final String name, final String text) throws UsageException {
        final ScenarioErrors errors = new ScenarioErrors(name);
        final TomlParseResult toml = Toml.parse(text);
        for (final TomlParseError error : toml.errors()) {
            errors.add(
                    error.position().line(),
                    String.valueOf(error.getMessage()).replace('\n', ' ') + " (it must be TOML)");
        }
        errors.refuse();
        final Map<String, Entry> shared = entries(toml, true, errors);
        final List<Job> jobs = new ArrayList<>();
        final List<String> path = List.of(JOB);
        if (!toml.contains(path)) {
            jobs.add(new Job(1, shared));
        } else if (toml.get(path) instanceof final TomlArray tables && isTables(tables)) {
            for (int i = 0; i < Math.min(tables.size(), MOST_JOBS); i++) {
                final TomlTable table = tables.getTable(i);
                final Map<String, Entry> entries = new LinkedHashMap<>(shared);
                entries.putAll(entries(table, false, errors));
                jobs.add(new Job(tables.inputPositionOf(i).line(), entries));
            }
        } else {
            errors.add(line(toml, JOB), "'job' must be a table of its own: write [[job]]");
        }
        errors.refuse();
        return new ScenarioFile(name, jobs);
    }

    /** A text as a file holds it. */
    public static String quoted(final String text) {
        return '"' + Toml.tomlEscape(text).toString() + '"';
    }

    private static boolean isTables(final TomlArray array) {
        for (int i = 0; i < array.size(); i++) {
            if (!array.isTable(i)) {
                return false;
            }
        }
        return !array.isEmpty();
    }

    private static Map<String, Entry> entries(
            final TomlTable table, final boolean isShared, final ScenarioErrors errors) {
        final Map<String, Entry> entries = new LinkedHashMap<>();
        for (final String key : table.keySet()) {
            if (isShared && key.equals(JOB)) {
                continue;
            }
            final String value = text(table.get(List.of(key)));
            if (value == null) {
                errors.add(
                        line(table, key),
                        "'"
                                + key
                                + "' cannot be used: it must be a text, a number, true or false, or"
                                + " a list of texts and numbers");
            } else {
                entries.put(key, new Entry(value, line(table, key), isShared));
            }
        }
        return entries;
    }

    private static int line(final TomlTable table, final String key) {
        final TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? 1 : position.line();
    }

    /** A value in the command line's words; null if it has no such. */
    private static @Nullable String text(final @Nullable Object value) {
        return switch (value) {
            case final String text -> text;
            case final Long number -> number.toString();
            case final Double number -> number.toString();
            case final Boolean flag -> flag.toString();
            case final TomlArray array -> list(array);
            case null, default -> null;
        };
    }

    private static @Nullable String list(final TomlArray array) {
        final List<String> parts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            final String part = array.get(i) instanceof TomlArray ? null : text(array.get(i));
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return String.join(",", parts);
    }
}
