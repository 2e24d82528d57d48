package io.ringside.perf.workload;

import org.agrona.concurrent.Agent;

/** What runs beside a guest's half until it has done what it is to do, or is told to stop. */
public interface Workload extends Agent {
    /** Asks to begin nothing further; any thread. */
    void stop();

    /** Whether all that was begun has ended; any thread. What it counted is stable from then on. */
    boolean isDone();

    /** How much has ended so far; any thread may look, and sees a figure that lags. */
    long finished();
}
