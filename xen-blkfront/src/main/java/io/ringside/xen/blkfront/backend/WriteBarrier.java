package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.StoreRequest;
import org.jspecify.annotations.Nullable;

/**
 * The one request of a ring that nothing is moved across: {@code BLKIF_OP_WRITE_BARRIER}, or a
 * {@code BLKIF_OP_FLUSH_DISKCACHE} that carries data. No header says whether that data is written
 * before or after the flush: it is flushed on both sides, so that either is right.
 *
 * <p>It begins when all that was taken before is answered, and nothing is taken until it has ended:
 *
 * <pre>
 *   drain (the queue) --&gt; flush --&gt; write --&gt; flush --&gt; answer
 *                              \______________________/ without data, or after a failure
 * </pre>
 *
 * <p>The order holds within a ring; what a frontend sends on several rings at once has none.
 * Threads: one.
 */
final class WriteBarrier {
    /** What the store works on just now. */
    private enum Step {
        FLUSH_BEFORE,
        WRITE,
        FLUSH_AFTER
    }

    private final StoreRequest flush;
    private Step step = Step.FLUSH_BEFORE;
    private @Nullable TakenRequest request;

    /** No barrier; {@code tag} is for its flushes. */
    WriteBarrier(final int tag) {
        flush = new StoreRequest(0, tag);
    }

    /** Whether there is one: nothing else may be taken. */
    boolean isActive() {
        return request != null;
    }

    /** Begins with a request that is ready to be written, and answers what to submit first. */
    StoreRequest begin(final TakenRequest barrier) {
        request = barrier;
        step = Step.FLUSH_BEFORE;
        return flush.reset(StoreRequest.Operation.FLUSH, 0);
    }

    /** What to submit after that; null if the barrier is over. */
    @Nullable StoreRequest next(final StoreRequest done) {
        final TakenRequest barrier = request;
        if (barrier == null || done.status() != StoreRequest.Status.OK) {
            return null;
        }
        return switch (step) {
            case FLUSH_BEFORE -> {
                step = Step.WRITE;
                yield barrier.store.segmentCount() == 0 ? null : barrier.store;
            }
            case WRITE -> {
                step = Step.FLUSH_AFTER;
                yield flush.reset(StoreRequest.Operation.FLUSH, 0);
            }
            case FLUSH_AFTER -> null;
        };
    }

    /** Ends the barrier, and answers the request that was one. */
    TakenRequest end() {
        final TakenRequest barrier = request;
        if (barrier == null) {
            throw new IllegalStateException("no barrier to end: step=" + step);
        }
        request = null;
        return barrier;
    }
}
