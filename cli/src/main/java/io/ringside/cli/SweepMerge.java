package io.ringside.cli;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Sweep;
import io.ringside.perf.scenario.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The parts of a sweep, put together: every part once, all of the same scenario. */
final class SweepMerge {
    /** What results call an option, where it is not the option's own name. */
    private static final Map<String, String> ECHOES =
            Map.of(
                    "block-size", "blockBytes",
                    "frame", "stream",
                    "pcap", "stream",
                    "rate", "wireGigabitsPerSecond",
                    "ops", "operations");

    private static final String TOLD_IN_WORDS = "medium";

    private SweepMerge() {}

    /** The whole sweep; a refusal names the file and the part. */
    static ResultDocument of(final List<Path> files) throws UsageException {
        ResultDocument whole = ResultReader.read(files.getFirst());
        requireSweeps(files.getFirst(), whole);
        for (final Path file : files.subList(1, files.size())) {
            final ResultDocument part = ResultReader.read(file);
            requireSweeps(file, part);
            requireNew(file, whole, part);
            whole = whole.mergedWith(part);
        }
        for (final Sweep sweep : whole.sweeps()) {
            if (!sweep.missing().isEmpty()) {
                throw new UsageException(
                        "parts are missing: "
                                + sweep.missing()
                                + " of "
                                + sweep.shards()
                                + ": give the files of all");
            }
            requirePoints(sweep);
            requireOneScenario(sweep);
        }
        return whole;
    }

    private static void requireSweeps(final Path file, final ResultDocument part)
            throws UsageException {
        if (part.sweeps().isEmpty()) {
            throw new UsageException("'" + file + "' holds no sweep: give files of sweep --shard");
        }
    }

    private static void requireNew(
            final Path file, final ResultDocument whole, final ResultDocument part)
            throws UsageException {
        final Sweep first = whole.sweeps().getFirst();
        final Sweep more = part.sweeps().getFirst();
        for (final int number : more.present()) {
            if (first.shards() == more.shards() && first.present().contains(number)) {
                throw new UsageException(
                        "'"
                                + file
                                + "' is part "
                                + number
                                + " of "
                                + first.shards()
                                + ", which is there already: give each part once");
            }
        }
    }

    private static void requirePoints(final Sweep sweep) throws UsageException {
        for (int point = 0; point < sweep.values().size(); point++) {
            if (sweep.at(sweep.values().get(point)) == null) {
                throw new UsageException(
                        "part "
                                + (point % sweep.shards() + 1)
                                + " of "
                                + sweep.shards()
                                + " lacks "
                                + sweep.parameter()
                                + "="
                                + sweep.values().get(point)
                                + ": go on with it by --resume first");
            }
        }
    }

    /** Points differ in what is varied, and in nothing else. */
    private static void requireOneScenario(final Sweep sweep) throws UsageException {
        final Set<String> varied = new LinkedHashSet<>();
        for (final String name : sweep.parameter().split(", ")) {
            varied.add(name);
            varied.add(ECHOES.getOrDefault(name, name));
            varied.add(name.startsWith("cost.") ? "cost" : "tune");
        }
        final Map<String, String> first = fixed(sweep.points().getFirst().job(), varied);
        for (final Sweep.Point point : sweep.points()) {
            final Map<String, String> other = fixed(point.job(), varied);
            if (!other.equals(first)) {
                throw new UsageException(
                        "the parts are of different scenarios: "
                                + sweep.parameter()
                                + "="
                                + sweep.points().getFirst().value()
                                + " has "
                                + apart(first, other)
                                + ", "
                                + sweep.parameter()
                                + "="
                                + point.value()
                                + " has "
                                + apart(other, first));
            }
        }
    }

    private static Map<String, String> fixed(final Job job, final Set<String> varied) {
        final Map<String, String> fixed = new LinkedHashMap<>(job.scenario());
        fixed.keySet().removeAll(varied);
        return fixed;
    }

    private static String apart(final Map<String, String> one, final Map<String, String> other) {
        final List<String> apart = new ArrayList<>();
        one.forEach((key, value) -> {
            if (!value.equals(other.get(key))) {
                apart.add(key + "=" + value);
            }
        });
        return apart.isEmpty() ? "nothing of it" : String.join(", ", apart);
    }

    /** In what a job that was run differs from its plan; empty if in nothing. */
    static String difference(final JobSpec spec, final Job job) {
        final List<String> differences = new ArrayList<>();
        spec.options()
                .forEach((key, value) -> {
                    final String was = job.scenario().get(key);
                    if (was != null && !key.equals(TOLD_IN_WORDS) && !isSame(was, value)) {
                        differences.add(key + " is " + was + " there and " + value + " here");
                    }
                });
        final List<String> devices = job.rows().stream().map(row -> row.device()).toList();
        if (!Objects.equals(devices, spec.devices())) {
            differences.add("devices are " + devices + " there and " + spec.devices() + " here");
        }
        return String.join("; ", differences);
    }

    /** Whether two texts are the same, as numbers if they are: {@code 2} and {@code 2.0}. */
    private static boolean isSame(final String one, final String other) {
        if (one.equals(other)) {
            return true;
        }
        try {
            return Double.compare(Double.parseDouble(one), Double.parseDouble(other)) == 0;
        } catch (final NumberFormatException e) {
            return false;
        }
    }
}
