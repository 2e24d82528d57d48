package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockCompletions;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import java.util.ArrayDeque;

/**
 * The way of a request back to its owner: at once, or, where the driver is in the middle of
 * something else, the next time the agent works.
 *
 * <p>Threads: one.
 */
final class EndedRequests {
    private static final int LIMIT = 32;

    private static final BlockCompletions NOBODY =
            request -> {
                throw new IllegalStateException("nobody takes completions: tag=" + request.tag());
            };

    private final ArrayDeque<BlockRequest> waiting;
    private final BlkfrontCounters counters;
    private BlockCompletions completions = NOBODY;
    private boolean telling;

    /**
     * Room for the usual number of requests that wait; only when a device closes there are more.
     */
    EndedRequests(final BlkfrontCounters counters) {
        this.waiting = new ArrayDeque<>(LIMIT);
        this.counters = counters;
    }

    void completionsTo(final BlockCompletions newCompletions) {
        completions = newCompletions;
    }

    /** Gives a request back at once. */
    void now(final BlockRequest request, final BlockStatus status) {
        if (status != BlockStatus.OK) {
            counters.failures++;
        }
        request.status(status);
        telling = true;
        try {
            completions.completed(request);
        } finally {
            telling = false;
        }
    }

    /** Refuses what would take the ground from under us while an owner is told of a request. */
    void refuseWhileTelling(final String what) {
        if (telling) {
            throw new IllegalStateException("within a completion: what=" + what);
        }
    }

    /** Gives a request back with the next {@link #report}. */
    void later(final BlockRequest request, final BlockStatus status) {
        request.status(status);
        waiting.add(request);
    }

    /**
     * Ends a request that the backend never sees.
     *
     * @return false if too many wait already
     */
    boolean atOnce(final BlockRequest request, final BlockStatus status) {
        if (waiting.size() >= LIMIT) {
            return false;
        }
        later(request, status);
        return true;
    }

    /** How many wait. */
    int waitingCount() {
        return waiting.size();
    }

    /** Gives back what waits just now; what its owners do meanwhile waits for the next time. */
    int report() {
        final int count = waiting.size();
        for (int i = 0; i < count; i++) {
            final BlockRequest request = waiting.remove();
            now(request, request.status());
        }
        return count;
    }
}
