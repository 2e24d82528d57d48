package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.StoreRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
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
    long barriers;
    long discards;
    long secureDiscards;
    long indirectRequests;
    long bytesCopied;
    long grantsMapped;
    long grantsUnmapped;
    long persistentHits;
    long persistentMisses;
    long persistentEvictions;
    long bytesRead;
    long bytesWritten;
    long mediumErrors;
    long kicks;
    long wakeups;
    long needlessWakeups;
    long connections;
    long resizes;

    void refused(final BlkbackRefusal reason) {
        refusals.computeIfAbsent(reason, first -> new MutableLong()).increment();
    }

    /** Counts a request that was done in full. */
    void done(final TakenRequest request) {
        switch (request.operation()) {
            case BlkOperation.READ -> bytesRead += request.store.totalBytes();
            case BlkOperation.WRITE -> bytesWritten += request.store.totalBytes();
            case BlkOperation.WRITE_BARRIER -> {
                barriers++;
                bytesWritten += request.store.totalBytes();
            }
            case BlkOperation.FLUSH_DISKCACHE -> {
                flushes++;
                bytesWritten += request.store.totalBytes();
            }
            default -> { // A discard: there is no other.
                discards++;
                if (request.store.operation() == StoreRequest.Operation.ERASE) {
                    secureDiscards++;
                }
            }
        }
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

    /** Barriers done. */
    public long barriers() {
        return barriers;
    }

    /** Discards done, secure ones included. */
    public long discards() {
        return discards;
    }

    /** Secure discards done. */
    public long secureDiscards() {
        return secureDiscards;
    }

    /** Indirect requests whose segments were read. */
    public long indirectRequests() {
        return indirectRequests;
    }

    /** Bytes of segments copied out of the frontend's pages; data is never copied here. */
    public long bytesCopied() {
        return bytesCopied;
    }

    /** Pages mapped for requests, those included that are kept. */
    public long grantsMapped() {
        return grantsMapped;
    }

    /** Pages unmapped that were mapped for requests. */
    public long grantsUnmapped() {
        return grantsUnmapped;
    }

    /** Pages of requests that were mapped already. */
    public long persistentHits() {
        return persistentHits;
    }

    /** Pages of requests that were not mapped although pages are kept. */
    public long persistentMisses() {
        return persistentMisses;
    }

    /** Kept pages that went to make room for others. */
    public long persistentEvictions() {
        return persistentEvictions;
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

    /** How often a connected frontend was told another size of the disk. */
    public long resizes() {
        return resizes;
    }

    /** Connections made. */
    public long connections() {
        return connections;
    }
}
