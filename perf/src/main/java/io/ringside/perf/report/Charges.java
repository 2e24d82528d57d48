package io.ringside.perf.report;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.result.Clock;
import io.ringside.perf.result.CostFigure;
import io.ringside.perf.result.CrossingKeys;
import io.ringside.perf.result.Half;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What a job's profile charged for what its rows crossed. */
final class Charges {
    private Charges() {}

    /** Nanoseconds that one operation was charged for crossings of a half. */
    static double nanos(
            final Job job,
            final LoadResult load,
            final Half half,
            final ToDoubleFunction<CostFigure> figure) {
        double nanos = half == Half.GUEST ? handOverNanos(job, load, figure) : 0;
        for (final Crossing crossing : Crossing.values()) {
            nanos += nanos(job, load, half, crossing, figure);
        }
        return nanos;
    }

    /** The same for one kind of crossing. */
    static double nanos(
            final Job job,
            final LoadResult load,
            final Half half,
            final Crossing crossing,
            final ToDoubleFunction<CostFigure> figure) {
        final CostFigure cost = job.costs().of(half, crossing);
        if (cost == null) {
            return 0;
        }
        final double all = load.crossings().median(half, crossing);
        final double free = isOfHandOver(half, crossing) ? handedOver(load) : 0;
        return Math.max(0, all - free) * figure.applyAsDouble(cost);
    }

    /**
     * Nanoseconds that one operation was charged, on the guest's half, for exits that another
     * thread answered: beside the exits, and in simulated time alone.
     */
    static double handOverNanos(
            final Job job, final LoadResult load, final ToDoubleFunction<CostFigure> figure) {
        final CostFigure cost = job.clock() == Clock.MODELLED ? job.costs().handOver() : null;
        return cost == null ? 0 : handedOver(load) * figure.applyAsDouble(cost);
    }

    /** Exits of one operation that another thread answered: a kick that no hypercall carries. */
    private static double handedOver(final LoadResult load) {
        return load.crossings().median(Half.GUEST, Crossing.HYPERCALL) > 0
                ? 0
                : load.crossings().median(Half.GUEST, Crossing.KICK);
    }

    /** Whether each exit that is handed over counts one such crossing, which costs nothing. */
    private static boolean isOfHandOver(final Half half, final Crossing crossing) {
        return switch (crossing) {
            case KICK -> true;
            case HYPERCALL, UPCALL -> half == Half.HOST;
            default -> false;
        };
    }

    /** Which assumed figures a job's times rest on: where there is one, they are predictions. */
    static List<String> assumed(final Job job) {
        final List<String> assumed = new ArrayList<>();
        for (final CostFigure figure : job.costs().figures()) {
            if (figure.basis() == Basis.ASSUMED && figure.nanos() > 0 && isUsed(job, figure)) {
                assumed.add(CrossingKeys.label(figure.key()));
            }
        }
        return assumed;
    }

    /** A wall clock charges crossings alone; a modelled one takes time for more. */
    private static boolean isUsed(final Job job, final CostFigure figure) {
        if (job.clock() == Clock.MODELLED && isModelled(job, figure)) {
            return true;
        }
        for (final Row row : job.rows()) {
            for (final Half half : Half.values()) {
                for (final Crossing crossing : row.main().crossings().of(half).keySet()) {
                    if (figure.equals(job.costs().of(half, crossing))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether a modelled clock takes time for a figure that is of no crossing. */
    private static boolean isModelled(final Job job, final CostFigure figure) {
        for (final CostKey key : CostKey.values()) {
            if (CrossingKeys.of(key.label()).equals(figure.key())) {
                return switch (key) {
                    case WAKE -> !"poll".equals(job.scenario().get("wakeups"));
                    case THREAD_SWITCH ->
                            !"0".equals(job.scenario().getOrDefault("hostProcessors", "0"));
                    case COPY_BYTE, LINE_TRANSFER -> true;
                    case EXIT_HAND_OVER -> handsOver(job);
                    default -> false;
                };
            }
        }
        return false;
    }

    private static boolean handsOver(final Job job) {
        for (final Row row : job.rows()) {
            if (handOverNanos(job, row.main(), CostFigure::most) > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * What the range of the profile's figures makes of a row's operations a second: as the run
     * found it, or else as if the half with more work took so much less or more time for each.
     *
     * @return null where the figures that it rests on have no range
     */
    static @Nullable Range band(final Job job, final Row row) {
        final LoadResult load = row.main();
        final Range found = load.band().get(Metric.OPERATIONS_PER_SECOND);
        final double rate = load.median(Metric.OPERATIONS_PER_SECOND);
        if (found != null || rate <= 0 || job.clock() == Clock.MODELLED) {
            return found;
        }
        final Half busier =
                work(job, load, Half.HOST, Metric.HOST_CPU)
                                > work(job, load, Half.GUEST, Metric.GUEST_CPU)
                        ? Half.HOST
                        : Half.GUEST;
        final double charged = nanos(job, load, busier, CostFigure::nanos);
        final double saved = charged - nanos(job, load, busier, CostFigure::least);
        final double added = nanos(job, load, busier, CostFigure::most) - charged;
        if (saved <= 0 && added <= 0) {
            return null;
        }
        final double each = 1e9 / rate;
        return new Range(1e9 / (each + added), 1e9 / Math.max(each / 10, each - saved));
    }

    private static double work(
            final Job job, final LoadResult load, final Half half, final Metric metric) {
        return Math.max(load.median(metric), nanos(job, load, half, CostFigure::nanos));
    }
}
