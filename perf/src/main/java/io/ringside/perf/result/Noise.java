package io.ringside.perf.result;

import io.ringside.perf.measure.Machine;

/**
 * How busy others kept the machine, in processors' worth of work.
 *
 * @param before just before the runs; negative where the system does not tell
 * @param after just after them; negative where the system does not tell, or nobody looked
 */
public record Noise(double before, double after) {
    /** Nobody looked, as for a run on the modelled clock. */
    public static final Noise UNKNOWN = new Noise(-1, -1);

    /** What is not finite is unknown. */
    public Noise {
        before = Double.isFinite(before) && before >= 0 ? before : -1;
        after = Double.isFinite(after) && after >= 0 ? after : -1;
    }

    /** The most that is known. */
    public double most() {
        return Math.max(before, after);
    }

    /** Whether times are not to be trusted. */
    public boolean isBusy() {
        return Machine.isBusy(most());
    }

    /** The most of both. */
    Noise with(final Noise other) {
        return new Noise(Math.max(before, other.before), Math.max(after, other.after));
    }
}
