package io.ringside.perf.model;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.costs.Band;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;

/**
 * What time costs in a simulation, in nanoseconds: a profile's crossings and what is none of them.
 *
 * @param crossings what a crossing takes from the processor that crosses
 * @param wakeNanos from a ring to the first step of whoever slept behind the doorbell
 * @param threadSwitchNanos what a host processor takes to go on with another strand
 * @param lineNanos a look at a line that another processor has written: what a step takes at least
 * @param copyNanosPerByte a byte that a half copies
 */
public record ModelCosts(
        CrossingCosts crossings,
        long wakeNanos,
        long threadSwitchNanos,
        long lineNanos,
        double copyNanosPerByte) {
    /** What a profile says, somewhere in its range. */
    public static ModelCosts of(final CostProfile profile, final Band band) {
        return new ModelCosts(
                profile.crossingCosts(band),
                Math.round(profile.cost(CostKey.WAKE).nanos(band)),
                Math.round(profile.cost(CostKey.THREAD_SWITCH).nanos(band)),
                Math.max(1, Math.round(profile.cost(CostKey.LINE_TRANSFER).nanos(band))),
                profile.cost(CostKey.COPY_BYTE).nanos(band));
    }

    /** Refuses what would let time stand still, or go back. */
    public ModelCosts {
        if (wakeNanos < 0 || threadSwitchNanos < 0 || lineNanos < 1 || !(copyNanosPerByte >= 0)) {
            throw new IllegalArgumentException(
                    "out of range: wakeNanos="
                            + wakeNanos
                            + " threadSwitchNanos="
                            + threadSwitchNanos
                            + " lineNanos="
                            + lineNanos
                            + " copyNanosPerByte="
                            + copyNanosPerByte);
        }
    }
}
