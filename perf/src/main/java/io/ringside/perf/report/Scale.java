package io.ringside.perf.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * An axis: places from 0 to 1 for values.
 *
 * @param least the value at 0
 * @param most the value at 1
 * @param logarithmic whether equal steps are equal factors
 */
record Scale(double least, double most, boolean logarithmic) {
    /** A logarithmic axis of whole decades around some values, all above 0. */
    static Scale decades(final double least, final double most) {
        final double from = Math.floor(Math.log10(least) + 1e-9);
        final double to = Math.max(from + 1, Math.ceil(Math.log10(most) - 1e-9));
        return new Scale(Math.pow(10, from), Math.pow(10, to), true);
    }

    /** A logarithmic axis from the least to the most, which differ. */
    static Scale tight(final double least, final double most) {
        return new Scale(least, most, true);
    }

    /** A linear axis from 0 to a round value that holds the most. */
    static Scale fromZero(final double most) {
        final double step = step(most);
        return new Scale(0, Math.max(1, Math.ceil(most / step - 1e-9)) * step, false);
    }

    /** The place of a value, kept within the axis. */
    double at(final double value) {
        final double place =
                logarithmic
                        ? (Math.log(Math.max(value, least)) - Math.log(least))
                                / (Math.log(most) - Math.log(least))
                        : (value - least) / (most - least);
        return Math.min(1, Math.max(0, place));
    }

    /** Round values along the axis. */
    List<Plot.Tick> ticks(final DoubleFunction<String> label) {
        final List<Plot.Tick> ticks = new ArrayList<>();
        if (!logarithmic) {
            final double step = step(most);
            final int steps = (int) Math.round(most / step);
            for (int i = 0; i <= steps; i++) {
                ticks.add(new Plot.Tick(at(i * step), label.apply(i * step), i % 2 == 1));
            }
            return ticks;
        }
        final int from = (int) Math.ceil(Math.log10(least) - 1e-9);
        final int to = (int) Math.floor(Math.log10(most) + 1e-9);
        for (int i = from; i <= to; i++) {
            final double value = Math.pow(10, i);
            ticks.add(new Plot.Tick(at(value), label.apply(value), to - from > 4 && i % 2 != 0));
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten: four to nine of them make up the most. */
    private static double step(final double most) {
        final double rough = Math.max(most, 1e-12) / 5;
        final double power = Math.pow(10, Math.floor(Math.log10(rough)));
        final double part = rough / power;
        return (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10) * power;
    }
}
