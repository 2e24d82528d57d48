package io.ringside.xen.blkfront.backend;

import java.util.EnumMap;
import org.agrona.collections.MutableLong;

/**
 * What a backend has done, over all connections.
 *
 * <p>Threads: one writer, the backend's; others may read figures that lag behind.
 */
public final class BlkbackCounters {
    private final EnumMap<BlkbackRefusal, MutableLong> refusals =
            new EnumMap<>(BlkbackRefusal.class);
    long requests;
    long responses;
    long flushes;
    long bytesRead;
    long bytesWritten;
    long mediumErrors;
    long kicks;
    long wakeups;
    long needlessWakeups;
    long connections;

    void refused(final BlkbackRefusal reason) {
        refusals.computeIfAbsent(reason, first -> new MutableLong()).increment();
    }

    /** How often something was refused for this reason. */
    public long refusals(final BlkbackRefusal reason) {
        final MutableLong count = refusals.get(reason);
        return count == null ? 0 : count.get();
    }

    /** How often anything was refused. */
    public long refusals() {
        long sum = 0;
        for (final MutableLong count : refusals.values()) {
            sum += count.get();
        }
        return sum;
    }

    /** Requests taken off the ring. */
    public long requests() {
        return requests;
    }

    /** Responses put on the ring. */
    public long responses() {
        return responses;
    }

    /** Flushes done. */
    public long flushes() {
        return flushes;
    }

    /** Bytes read from the medium into the frontend's pages. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes written to the medium from the frontend's pages. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Requests that the medium failed. */
    public long mediumErrors() {
        return mediumErrors;
    }

    /** Notifications sent. */
    public long kicks() {
        return kicks;
    }

    /** Notifications received. */
    public long wakeups() {
        return wakeups;
    }

    /** Notifications received that found no request. */
    public long needlessWakeups() {
        return needlessWakeups;
    }

    /** Connections made. */
    public long connections() {
        return connections;
    }
}
