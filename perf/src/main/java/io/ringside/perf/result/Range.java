package io.ringside.perf.result;

/**
 * From a least to a most value.
 *
 * @param least finite
 * @param most finite, and not below the least
 */
public record Range(double least, double most) {
    /** Refuses what is no range. */
    public Range {
        if (!Double.isFinite(least) || !Double.isFinite(most) || least > most) {
            throw new IllegalArgumentException("no range: least=" + least + " most=" + most);
        }
    }

    /** Whether the two have a value in common. */
    public boolean overlaps(final Range other) {
        return least <= other.most && other.least <= most;
    }

    /** Both, and what is between them. */
    public Range with(final Range other) {
        return new Range(Math.min(least, other.least), Math.max(most, other.most));
    }
}
