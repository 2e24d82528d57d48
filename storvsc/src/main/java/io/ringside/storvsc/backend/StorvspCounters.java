package io.ringside.storvsc.backend;

import io.ringside.storvsc.protocol.Refusals;

/**
 * What a backend has done, over all connections.
 *
 * <p>Threads: one writer, the driver's; others may read figures that lag behind.
 */
public final class StorvspCounters {
    private final Refusals<StorvspRefusal> refusals = new Refusals<>(StorvspRefusal.class);
    long packets;
    long requests;
    long answers;
    long delayedAnswers;
    long resets;
    long notices;
    long needlessSignals;

    StorvspCounters() {}

    void refused(final StorvspRefusal reason) {
        refusals.count(reason);
    }

    /** How often something was refused for this reason. */
    public long refusals(final StorvspRefusal reason) {
        return refusals.of(reason);
    }

    /** How often anything was refused. */
    public long refusals() {
        return refusals.total();
    }

    /** Packets taken off the rings. */
    public long packets() {
        return packets;
    }

    /** SCSI commands given to a unit. */
    public long requests() {
        return requests;
    }

    /** SCSI commands answered by a unit. */
    public long answers() {
        return answers;
    }

    /** Answers that had to wait for room in a ring. */
    public long delayedAnswers() {
        return delayedAnswers;
    }

    /** Resets of a unit or of all. */
    public long resets() {
        return resets;
    }

    /** Times that a guest's signal was looked into and nothing was there. */
    public long needlessSignals() {
        return needlessSignals;
    }

    /** Packets that told, unasked, of units that came or went. */
    public long notices() {
        return notices;
    }
}
