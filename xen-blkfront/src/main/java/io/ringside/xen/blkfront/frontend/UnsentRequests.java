package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Requests that were taken from their owners and are on no ring, in the order of their submission:
 * those of a connection that was suspended, and a barrier that waits for its turn. While there is
 * one, nothing that is submitted later may go ahead of it.
 *
 * <p>Threads: one.
 */
final class UnsentRequests {
    private final ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();
    private final EndedRequests ended;
    private boolean committed;

    UnsentRequests(final EndedRequests ended) {
        this.ended = ended;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes a request whose turn has not come yet: always. */
    boolean add(final BlockRequest request) {
        committed = false;
        return waiting.add(request);
    }

    /** What has been submitted may go. */
    void commit() {
        committed = true;
    }

    /** Requests of a connection that is no more: they were before all that waits here. */
    int takeBack(final List<BlockRequest> unanswered) {
        for (final BlockRequest request : unanswered.reversed()) {
            waiting.addFirst(request);
        }
        committed = true;
        return unanswered.size();
    }

    /**
     * Sends what may go now and has room, in order. What the disk does not know any more ends.
     *
     * @return how many went
     */
    int send(final Stage stage, final LentPages lent) {
        final QueueSet queues = stage.queues();
        final BlockLimits limits = stage.limits();
        if (queues == null || limits == null) {
            return 0; // Nothing is sent any more, or not yet.
        }
        int count = 0;
        BlockRequest request = committed ? waiting.peek() : null;
        while (request != null) {
            if (!DiskKeys.knows(limits, request.operation())) {
                ended.later(request, BlockStatus.UNSUPPORTED);
            } else if (lent.namesKeptPage(request)) {
                ended.later(request, BlockStatus.ERROR);
            } else if (!queues.submit(request)) {
                break;
            }
            waiting.remove();
            count++;
            request = waiting.peek();
        }
        if (count != 0) {
            queues.commit();
        }
        return count;
    }

    /** Ends all as errors: there is no next connection. */
    void fail() {
        while (!waiting.isEmpty()) {
            ended.later(waiting.remove(), BlockStatus.ERROR);
        }
    }
}
