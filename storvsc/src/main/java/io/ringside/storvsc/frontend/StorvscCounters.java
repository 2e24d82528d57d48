package io.ringside.storvsc.frontend;

import io.ringside.storvsc.protocol.Refusals;

/**
 * What a frontend has done, over all connections.
 *
 * <p>Threads: one writer, the driver's; others may read figures that lag behind.
 */
public final class StorvscCounters {
    private final Refusals<StorvscRefusal> refusals = new Refusals<>(StorvscRefusal.class);
    long requests;
    long answers;
    long failures;
    long retries;
    long bytesRead;
    long bytesWritten;
    long flushes;
    long discards;
    long scans;
    long notices;
    long resets;
    long connections;

    StorvscCounters() {}

    void refused(final StorvscRefusal reason) {
        refusals.count(reason);
    }

    /** How often something was refused for this reason. */
    public long refusals(final StorvscRefusal reason) {
        return refusals.of(reason);
    }

    /** How often anything was refused. */
    public long refusals() {
        return refusals.total();
    }

    /** Commands sent for a caller, each once however often it was tried. */
    public long requests() {
        return requests;
    }

    /** Answers taken off the rings and matched to a request. */
    public long answers() {
        return answers;
    }

    /** Requests that did not end well, whoever's fault it was. */
    public long failures() {
        return failures;
    }

    /** Commands sent once more, since the unit had something to say first or was full. */
    public long retries() {
        return retries;
    }

    /** Bytes read for callers. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes written for callers. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Flushes done for callers. */
    public long flushes() {
        return flushes;
    }

    /** Discards done for callers. */
    public long discards() {
        return discards;
    }

    /** Times that all units were looked for. */
    public long scans() {
        return scans;
    }

    /** Resets of the bus, asked for or after a command took too long. */
    public long resets() {
        return resets;
    }

    /** Packets of the host that tell something unasked. */
    public long notices() {
        return notices;
    }

    /** Hand-shakes that were finished. */
    public long connections() {
        return connections;
    }
}
