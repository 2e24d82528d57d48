package io.ringside.perf.costs;

/**
 * One figure of a profile.
 *
 * @param nanos what it costs
 * @param least the low end of its range
 * @param most the high end of its range
 * @param basis what the figure itself, not its range, rests on
 * @param why the source, how it was measured or computed, or the reasoning; and where the range
 *     comes from
 */
public record Cost(double nanos, double least, double most, Basis basis, String why) {
    /** Of what a profile does not list. */
    public static final Cost NOTHING =
            new Cost(0, 0, 0, Basis.DERIVED, "not listed: costs nothing");

    /** Refuses a range that does not hold its figure. */
    public Cost {
        if (!(least >= 0 && least <= nanos && nanos <= most && Double.isFinite(most))) {
            throw new IllegalArgumentException(
                    "no range: least=" + least + " nanos=" + nanos + " most=" + most);
        }
    }

    /** The figure, or an end of its range. */
    public double nanos(final Band band) {
        return switch (band) {
            case LOW -> least;
            case NOMINAL -> nanos;
            case HIGH -> most;
        };
    }
}
