package io.ringside.xen.blkfront.frontend;

import io.ringside.xen.blkfront.protocol.BlkKeys;
import java.util.EnumMap;
import org.agrona.collections.MutableLong;

/**
 * What a frontend has done, over all connections.
 *
 * <p>Threads: one writer, the driver's; others may read figures that lag behind.
 */
public final class BlkfrontCounters {
    private final EnumMap<BlkfrontRefusal, MutableLong> refusals =
            new EnumMap<>(BlkfrontRefusal.class);
    long requests;
    long responses;
    long failures;
    long flushes;
    long bytesRead;
    long bytesWritten;
    long discards;
    long indirectRequests;
    long grants;
    long persistentHits;
    long bytesCopied;
    long replays;
    final long[] kicks = new long[BlkKeys.QUEUES_LIMIT];
    long wakeups;
    long needlessWakeups;
    long connections;

    void refused(final BlkfrontRefusal reason) {
        refusals.computeIfAbsent(reason, first -> new MutableLong()).increment();
    }

    /** How often something was refused for this reason. */
    public long refusals(final BlkfrontRefusal reason) {
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

    /** Requests put on the ring. */
    public long requests() {
        return requests;
    }

    /** Responses taken off the ring and matched to a request. */
    public long responses() {
        return responses;
    }

    /** Requests that did not end well, whoever's fault it was. */
    public long failures() {
        return failures;
    }

    /** Flushes done. */
    public long flushes() {
        return flushes;
    }

    /** Bytes read from the disk. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes written to the disk. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Discards done. */
    public long discards() {
        return discards;
    }

    /** Requests among {@link #requests} whose segments stood in pages of their own. */
    public long indirectRequests() {
        return indirectRequests;
    }

    /** Grants issued for pages of data and of segments. */
    public long grants() {
        return grants;
    }

    /** Pages of data lent by a grant that was there already. */
    public long persistentHits() {
        return persistentHits;
    }

    /** Bytes copied to or from pages of our own. */
    public long bytesCopied() {
        return bytesCopied;
    }

    /** Requests that were in flight when a connection was suspended, and went to the next. */
    public long replays() {
        return replays;
    }

    /** Notifications sent. */
    public long kicks() {
        long sum = 0;
        for (final long ofQueue : kicks) {
            sum += ofQueue;
        }
        return sum;
    }

    /** Notifications sent for one queue, 0 to 15. */
    public long kicks(final int queue) {
        return kicks[queue];
    }

    /** Notifications received. */
    public long wakeups() {
        return wakeups;
    }

    /** Notifications received that found no response. */
    public long needlessWakeups() {
        return needlessWakeups;
    }

    /** Connections made. */
    public long connections() {
        return connections;
    }
}
