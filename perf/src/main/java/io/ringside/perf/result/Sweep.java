package io.ringside.perf.result;

import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One job at several values of a parameter, or a part of them.
 *
 * @param workload {@code disk} or {@code net}
 * @param parameter what was varied
 * @param values all values of the whole sweep, in order
 * @param shards how many parts the whole sweep was cut into; 1 for one that was not cut
 * @param present the parts that are here, from 1
 * @param points what was run, in the order of the values
 */
public record Sweep(
        String workload,
        String parameter,
        List<String> values,
        int shards,
        List<Integer> present,
        List<Point> points) {
    /**
     * A value, and what came of it.
     *
     * @param value one of the sweep's values
     * @param job what was run with it
     */
    public record Point(String value, Job job) {}

    /** Copies the lists, and puts points and parts in order. */
    public Sweep {
        values = List.copyOf(values);
        present = List.copyOf(new TreeSet<>(present));
        if (shards < 1
                || present.isEmpty()
                || present.getFirst() < 1
                || present.getLast() > shards) {
            throw new IllegalArgumentException(
                    "no parts of a sweep: present=" + present + " shards=" + shards);
        }
        final List<Point> ordered = new ArrayList<>();
        for (final String value : values) {
            for (final Point point : points) {
                if (point.value.equals(value)) {
                    ordered.add(point);
                }
            }
        }
        if (ordered.size() != points.size()) {
            throw new IllegalArgumentException(
                    "a point is none of the values: values=" + values + " points=" + points.size());
        }
        points = List.copyOf(ordered);
    }

    /** The parts that are not here yet. */
    public List<Integer> missing() {
        final List<Integer> missing = new ArrayList<>();
        for (int i = 1; i <= shards; i++) {
            if (!present.contains(i)) {
                missing.add(i);
            }
        }
        return missing;
    }

    /** Whether every point of the parts that are here was run. */
    public boolean isFinished() {
        for (int point = 0; point < values.size(); point++) {
            if (present.contains(point % shards + 1) && at(values.get(point)) == null) {
                return false;
            }
        }
        return true;
    }

    /** What was run with a value; null where that is not here. */
    public @Nullable Job at(final String value) {
        for (final Point point : points) {
            if (point.value.equals(value)) {
                return point.job;
            }
        }
        return null;
    }

    /** Whether another is of the same parameter and values, cut into as many parts. */
    boolean isPartOf(final Sweep other) {
        return workload.equals(other.workload)
                && parameter.equals(other.parameter)
                && values.equals(other.values)
                && shards == other.shards;
    }

    /** The parts of both; what is in both has the forks of both. */
    Sweep plus(final Sweep further) throws UsageException {
        if (!isPartOf(further)) {
            throw new UsageException(
                    "cannot be merged: one sweep is over "
                            + told()
                            + ", the other over "
                            + further.told());
        }
        final List<Point> all = new ArrayList<>();
        for (final String value : values) {
            final Job mine = at(value);
            final Job theirs = further.at(value);
            if (mine != null) {
                all.add(new Point(value, theirs == null ? mine : mine.plus(theirs)));
            } else if (theirs != null) {
                all.add(new Point(value, theirs));
            }
        }
        final SortedSet<Integer> parts = new TreeSet<>(present);
        parts.addAll(further.present);
        return new Sweep(workload, parameter, values, shards, List.copyOf(parts), all);
    }

    private String told() {
        return workload
                + " "
                + parameter
                + "="
                + String.join(",", values)
                + " in "
                + shards
                + " parts";
    }
}
