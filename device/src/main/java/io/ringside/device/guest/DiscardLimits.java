package io.ringside.device.guest;

/**
 * What {@link BlockOperation#DISCARD} is good for on a device.
 *
 * <p>A device takes any range of whole blocks; what does not cover whole units of it may be left as
 * it was. A unit starts at {@code alignmentBytes}, and at every {@code granularityBytes} after
 * that.
 *
 * @param supported whether anything can be discarded; if not, the rest means nothing
 * @param granularityBytes the smallest useful discard, in bytes
 * @param alignmentBytes where the first unit starts, in bytes; less than the granularity
 * @param secure whether {@link BlockOperation#SECURE_DISCARD} is understood, too
 */
public record DiscardLimits(
        boolean supported, int granularityBytes, int alignmentBytes, boolean secure) {
    /** Nothing can be discarded. */
    public static final DiscardLimits NONE = new DiscardLimits(false, 0, 0, false);
}
