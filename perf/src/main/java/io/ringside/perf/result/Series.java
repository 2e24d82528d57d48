package io.ringside.perf.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One figure, once for every fork, in the order of the forks.
 *
 * @param values at least one, all of them finite
 */
public record Series(List<Double> values) {
    /** Copies the list; refuses what no report could show. */
    public Series {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values: values=" + values);
        }
        for (final double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("not finite: value=" + value);
            }
        }
    }

    /** A series of these forks. */
    public static Series of(final double... values) {
        return new Series(Arrays.stream(values).boxed().toList());
    }

    /** How many forks there are. */
    public int forks() {
        return values.size();
    }

    /** The value in the middle; the mean of the two in the middle of an even number. */
    public double median() {
        final double[] sorted = sorted();
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : sorted[middle - 1] / 2 + sorted[middle] / 2;
    }

    /** The least of all forks. */
    public double least() {
        return sorted()[0];
    }

    /** The most of all forks. */
    public double most() {
        return sorted()[values.size() - 1];
    }

    /** From the least to the most: where the median of many more forks is likely to be. */
    public Range range() {
        return new Range(least(), most());
    }

    /** How far the forks lie apart, as a part of the median; 0 where the median is 0. */
    public double spread() {
        final double median = median();
        return median == 0 ? 0 : (most() - least()) / Math.abs(median);
    }

    /** These forks, and further ones after them. */
    public Series plus(final Series further) {
        final List<Double> all = new ArrayList<>(values);
        all.addAll(further.values);
        return new Series(all);
    }

    private double[] sorted() {
        final double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
