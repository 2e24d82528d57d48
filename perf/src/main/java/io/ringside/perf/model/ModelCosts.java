package io.ringside.perf.model;

import io.ringside.hypervisor.CrossingCosts;

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
