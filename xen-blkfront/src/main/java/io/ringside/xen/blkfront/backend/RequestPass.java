package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import org.jspecify.annotations.Nullable;

/**
 * The way of one ring's requests to the store: what is let in during a pass is prepared together,
 * so that a pass costs one hypercall, and handed over in the order of the ring.
 *
 * <pre>
 *   add ... --&gt; read the segments of indirect ones --&gt; map the pages of all --&gt; submit
 *                  (one hypercall, if there are any)      (one hypercall)
 * </pre>
 *
 * <p>What the store has no room for waits, and {@link #mayGoOn} says no until it has some.
 *
 * <p>Threads: one.
 */
final class RequestPass {
    private final FrontendPages pages;
    private final IndirectSegments indirect;
    private final RequestCheck check;
    private final WriteBarrier barrier;
    private final EndedRequests ended;
    private final BlockStore store;
    private final BlkSegment segment = new BlkSegment();

    private final TakenRequest[] staged;
    private int stagedCount;
    private final StoreRequest[] ready;
    private int readyNext;
    private int readyCount;

    RequestPass(
            final FrontendPages pages,
            final IndirectSegments indirect,
            final RequestCheck check,
            final WriteBarrier barrier,
            final EndedRequests ended,
            final BlockStore store,
            final int capacity) {
        this.pages = pages;
        this.indirect = indirect;
        this.check = check;
        this.barrier = barrier;
        this.ended = ended;
        this.store = store;
        staged = new TakenRequest[capacity];
        ready = new StoreRequest[capacity];
    }

    /** Whether the store has room, and no barrier keeps others back. */
    boolean mayGoOn() {
        return readyCount == 0 && !barrier.isActive();
    }

    /** Lets a sound request in; it is prepared with the others. */
    void add(final TakenRequest request) {
        staged[stagedCount++] = request;
    }

    /** Maps the pages of what was let in, as many at once as go, and submits it. */
    void prepare() {
        readIndirectSegments();
        int next = 0;
        while (next < stagedCount) {
            final int first = next;
            pages.begin();
            while (next < stagedCount && want(staged[next])) {
                next++;
            }
            pages.map();
            for (int i = first; i < next; i++) {
                makeReady(staged[i]);
            }
        }
        stagedCount = 0;
        submit();
    }

    private void readIndirectSegments() {
        if (indirect.inFlight() == 0) {
            return;
        }
        pages.begin();
        for (int i = 0; i < stagedCount; i++) {
            if (staged[i].isIndirect()) {
                indirect.want(staged[i], pages);
            }
        }
        pages.map();
        final int count = stagedCount;
        stagedCount = 0;
        for (int i = 0; i < count; i++) {
            final TakenRequest request = staged[i];
            final BlkbackRefusal refusal = request.isIndirect() ? readSegments(request) : null;
            if (refusal == null) {
                staged[stagedCount++] = request;
            } else {
                ended.refuse(request, refusal);
            }
        }
    }

    private @Nullable BlkbackRefusal readSegments(final TakenRequest request) {
        return indirect.read(request, pages) ? check.segmentsRefusal(request) : BlkbackRefusal.PAGE;
    }

    /** Adds a request's pages to the batch, or answers false if there is no room for all. */
    private boolean want(final TakenRequest request) {
        request.listPages(segment);
        if (!pages.hasRoomFor(request.pages.count())) {
            return false;
        }
        pages.want(request.pages);
        return true;
    }

    private void makeReady(final TakenRequest request) {
        if (!pages.find(request.pages)) {
            ended.refuse(request, BlkbackRefusal.PAGE);
            return;
        }
        request.fill(pages, segment);
        ready[readyCount++] = request.isBarrier() ? barrier.begin(request) : request.store;
    }

    /** Submits what is ready, as far as there is room. */
    void submit() {
        while (readyNext < readyCount && store.submit(ready[readyNext])) {
            readyNext++;
        }
        if (readyNext == readyCount) {
            readyNext = 0;
            readyCount = 0;
        }
    }

    /** The store has finished something for the barrier: goes on with it, or ends it. */
    void barrierStepCompleted(final StoreRequest done) {
        final StoreRequest next = barrier.next(done);
        if (next != null) {
            ready[readyCount++] = next;
        } else {
            ended.end(
                    barrier.end(),
                    done.status() == StoreRequest.Status.OK ? BlkStatus.OKAY : BlkStatus.ERROR);
        }
    }
}
