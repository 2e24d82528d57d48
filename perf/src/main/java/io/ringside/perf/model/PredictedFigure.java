package io.ringside.perf.model;

/**
 * One published figure, and what the model gives for it.
 *
 * @param what which figure of its row
 * @param unit what it counts
 * @param published as it was published
 * @param predicted what the model gives at the profile's figures
 * @param low the lower of what it gives at the two ends of the profile's ranges
 * @param high the higher of the two
 */
public record PredictedFigure(
        String what, String unit, double published, double predicted, double low, double high) {
    private static final double PERCENT = 100;

    /** How far off the prediction is, in percent of what was published. */
    public double errorPercent() {
        return (predicted - published) / published * PERCENT;
    }
}
