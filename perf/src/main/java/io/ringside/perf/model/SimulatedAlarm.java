package io.ringside.perf.model;

import io.ringside.perf.workload.Alarm;

/**
 * Wakes one sleeper at the next of the times that he asked for.
 *
 * <p>Threads: see {@link Simulation}.
 */
final class SimulatedAlarm implements Alarm {
    private static final long NONE_SET = Long.MAX_VALUE;

    private final Simulation simulation;
    private long nextNanos = NONE_SET;

    SimulatedAlarm(final Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public boolean at(final long nanos, final Runnable wake) {
        if (nanos < nextNanos) {
            nextNanos = nanos;
            simulation.at(
                    nanos,
                    () -> {
                        nextNanos = nextNanos == nanos ? NONE_SET : nextNanos;
                        wake.run();
                    });
        }
        return true;
    }
}
