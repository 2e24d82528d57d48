package io.ringside.xen.blkfront.backend;

import io.ringside.xen.blkfront.protocol.BlkStatus;

/**
 * Requests of one ring that are done with and not yet answered: an answer tells the frontend that
 * its pages are its own again, so they are unmapped first, all together.
 *
 * <p>Threads: one.
 */
final class EndedRequests {
    private final FrontendPages pages;
    private final BlkbackCounters counters;
    private final TakenRequest[] requests;
    private int count;

    /** Room for as many as can be taken at once. */
    EndedRequests(final FrontendPages pages, final BlkbackCounters counters, final int capacity) {
        this.pages = pages;
        this.counters = counters;
        requests = new TakenRequest[capacity];
    }

    /** Ends a request that is not done, for a reason that is counted. */
    void refuse(final TakenRequest request, final BlkbackRefusal refusal) {
        counters.refused(refusal);
        end(request, refusal == BlkbackRefusal.OPERATION ? BlkStatus.EOPNOTSUPP : BlkStatus.ERROR);
    }

    /** Ends a request, which uses its pages no more. */
    void end(final TakenRequest request, final int status) {
        request.status(status);
        pages.release(request.pages);
        requests[count++] = request;
    }

    int count() {
        return count;
    }

    TakenRequest get(final int index) {
        return requests[index];
    }

    /** All are answered. */
    void clear() {
        count = 0;
    }
}
