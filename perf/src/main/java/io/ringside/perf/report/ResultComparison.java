package io.ringside.perf.report;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Load;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import io.ringside.perf.result.Sweep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An earlier result and a later one, row by row: what is of the same scenario is compared, and
 * nothing else.
 *
 * <p>A change is told where medians differ by more than a threshold and no fork of one lies between
 * those of the other. Times of the wall clock are compared only between like machines.
 *
 * @param before the baseline's file
 * @param after the other file
 * @param threshold how much of the baseline's median is a change: 0.05 is 5 %
 * @param changes all figures that both have, in the order of the baseline
 * @param notes what could not be compared, and why
 */
public record ResultComparison(
        String before, String after, double threshold, List<Change> changes, List<String> notes) {
    /** What is looked at; the longest latency and the like are noise. */
    private static final Set<Metric> METRICS =
            EnumSet.of(
                    Metric.OPERATIONS_PER_SECOND,
                    Metric.LATENCY_P50,
                    Metric.LATENCY_P99,
                    Metric.GUEST_CPU,
                    Metric.HOST_CPU,
                    Metric.EXITS,
                    Metric.HYPERCALLS,
                    Metric.KICKS,
                    Metric.INTERRUPTS,
                    Metric.GRANT_OPERATIONS,
                    Metric.BYTES_COPIED,
                    Metric.FAILURES,
                    Metric.MISMATCHES,
                    Metric.FOREIGN,
                    Metric.DISORDERED);

    /** Copies the lists. */
    public ResultComparison {
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }

    /** Compares two results. */
    public static ResultComparison of(
            final NamedResult before, final NamedResult after, final double threshold) {
        final Search search = new Search(threshold, isAlike(before.document(), after.document()));
        final List<Job> left = new ArrayList<>(after.document().jobs());
        for (final Job job : before.document().jobs()) {
            final Job other = same(job, left);
            if (other == null) {
                search.notes.add(
                        "only " + before.name() + " has the scenario '" + Words.title(job) + "'");
            } else {
                left.remove(other);
                search.jobs(Words.title(job), job, other);
            }
        }
        for (final Job job : left) {
            search.notes.add(
                    "only " + after.name() + " has the scenario '" + Words.title(job) + "'");
        }
        for (final Sweep sweep : before.document().sweeps()) {
            for (final Sweep other : after.document().sweeps()) {
                search.sweeps(sweep, other);
            }
        }
        if (search.skippedTimes) {
            search.notes.add(
                    "times of the wall clock are not compared: the two are of different machines");
        }
        return new ResultComparison(
                before.name(), after.name(), threshold, search.changes, search.notes);
    }

    /** Those that are worse, by more than threshold and noise. */
    public List<Change> regressions() {
        return changes.stream().filter(change -> change.verdict() == Change.Verdict.WORSE).toList();
    }

    /** What a table tells: all that changed, and of what is unclear the rates alone. */
    public List<Change> told() {
        return changes.stream().filter(ResultComparison::isTold).toList();
    }

    private static boolean isTold(final Change change) {
        return switch (change.verdict()) {
            case SAME -> false;
            case UNCLEAR -> change.metric() == Metric.OPERATIONS_PER_SECOND;
            case BETTER, WORSE -> true;
        };
    }

    /** The scenarios of what a table tells, in their order. */
    Set<String> scenarios() {
        final Set<String> scenarios = new LinkedHashSet<>();
        told().forEach(change -> scenarios.add(change.scenario()));
        return scenarios;
    }

    /** What a table tells of one scenario: times, or counts. */
    List<Change> told(final String scenario, final Metric.Kind kind) {
        return told().stream()
                .filter(change -> change.scenario().equals(scenario))
                .filter(change -> change.metric().kind() == kind)
                .toList();
    }

    private static boolean isAlike(final ResultDocument before, final ResultDocument after) {
        final Machine one = before.machine();
        final Machine other = after.machine();
        return one.processor().equals(other.processor()) && one.processors() == other.processors();
    }

    private static @Nullable Job same(final Job job, final List<Job> among) {
        for (final Job other : among) {
            if (job.differencesTo(other).isEmpty()) {
                return other;
            }
        }
        return null;
    }

    /** A comparison in the making. Threads: one. */
    private static final class Search {
        private final double threshold;
        private final boolean alike;
        private final List<Change> changes = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private boolean skippedTimes;

        Search(final double threshold, final boolean alike) {
            this.threshold = threshold;
            this.alike = alike;
        }

        void sweeps(final Sweep before, final Sweep after) {
            if (!before.workload().equals(after.workload())
                    || !before.parameter().equals(after.parameter())) {
                return;
            }
            for (final Sweep.Point point : before.points()) {
                final Job other = after.at(point.value());
                if (other != null && point.job().differencesTo(other).isEmpty()) {
                    jobs(
                            Words.title(point.job())
                                    + ", "
                                    + before.parameter()
                                    + " = "
                                    + point.value(),
                            point.job(),
                            other);
                }
            }
        }

        void jobs(final String scenario, final Job before, final Job after) {
            for (final Row row : before.rows()) {
                final Row other = after.row(row.device());
                if (other == null) {
                    notes.add("only one of the two has " + row.device() + " in '" + scenario + "'");
                    continue;
                }
                for (final LoadResult load : row.loads()) {
                    final LoadResult same = other.of(load.load());
                    if (same != null) {
                        loads(scenario, before.clock(), row, load, same);
                    }
                }
            }
        }

        private void loads(
                final String scenario,
                final Clock clock,
                final Row row,
                final LoadResult before,
                final LoadResult after) {
            for (final Metric metric : METRICS) {
                final Series one = before.of(metric);
                final Series other = after.of(metric);
                if (one == null || other == null || !tells(row, before.load(), metric)) {
                    continue;
                }
                if (metric.kind() == Metric.Kind.TIME && clock == Clock.WALL && !alike) {
                    skippedTimes = true;
                    continue;
                }
                changes.add(
                        new Change(
                                scenario,
                                row.device(),
                                before.load(),
                                metric,
                                one,
                                other,
                                Change.verdict(
                                        metric, one, other, threshold, clock == Clock.MODELLED)));
            }
        }

        /** At a given rate, rates tell nothing; where queues are full, latencies do not. */
        private static boolean tells(final Row row, final Load load, final Metric metric) {
            return switch (metric) {
                case OPERATIONS_PER_SECOND -> load == Load.HIGHEST;
                case LATENCY_P50, LATENCY_P99 ->
                        row.of(Load.HALF) == null || load != Load.HIGHEST && load != Load.REPLAY;
                default -> true;
            };
        }
    }
}
