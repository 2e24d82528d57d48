package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.StoreRequest;
import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.xen.BackRing;
import io.ringside.ringbuf.xen.SlotTable;
import io.ringside.xen.blkfront.protocol.BlkResponse;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventBudget;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One ring of a connected frontend, from the first request to the last answer.
 *
 * <p>It works in passes: takes what is there, reads the segments of indirect requests, maps the
 * pages of all, hands them to the store in the order of the ring; and, when the store has finished
 * some, unmaps their pages and answers. A request that must wait is parked: an indirect one until
 * there is a place for it, a barrier until all before it are answered. Until then, and as long as
 * the store has no room, nothing more is taken.
 *
 * <p>Peer's faults: a request that is not sound is answered with an error and counted; a ring index
 * that cannot be breaks the queue ({@link #isBroken}). Threads: one, the backend's.
 */
final class BlkbackQueue {
    /** How far to shift a queue's number in the tags of its requests. */
    static final int TAG_SHIFT = 16;

    private static final int TAG_MASK = (1 << TAG_SHIFT) - 1;
    private static final int PAGES_OF_A_PASS = 512;
    private static final String WHO = "blkback";

    // 1. Shared with the peer: the ring, the port, and the pages of requests that were taken.

    private final RingMapping.Mapped mapping;
    private final BackRing ring;
    private final FrontendPages pages;
    private final int port;

    // 2. Ours alone.

    private final EventChannels events;
    private final EventBudget budget;
    private final Wakeups wakeups;
    private final Trace trace;
    private final BlkbackCounters counters;
    private final RequestCheck check;

    private final TakenRequest[] requests;
    private final SlotTable slots;
    private final IndirectSegments indirect;
    private final WriteBarrier barrier;
    private final EndedRequests ended;
    private final RequestPass pass;
    private final BlkResponse response;
    private final UnsafeBuffer responseCopy;
    private @Nullable TakenRequest parked;

    private boolean awake = true; // what was published before we listened is looked for once
    private boolean notified;
    private boolean draining;

    // 3. Connect.

    /** A queue over a mapped ring and a bound port, which are its own from now on. */
    BlkbackQueue(
            final BlkbackServices services,
            final ConnectionTerms terms,
            final int number,
            final RingMapping.Mapped mapping,
            final int port) {
        this.mapping = mapping;
        this.ring = BackRing.attach(mapping.pages().buffer(), terms.abi().requestBytes());
        this.port = port;
        this.events = services.events();
        this.budget = terms.budget();
        this.wakeups = services.wakeups();
        this.trace = services.trace();
        this.counters = services.counters();
        this.check = terms.check();
        final int mostIndirect = services.options().indirectSegments();
        pages =
                new FrontendPages(
                        services.mapper(),
                        terms.frontendDomain(),
                        counters,
                        Math.max(PAGES_OF_A_PASS, mostIndirect),
                        terms.keptPages());
        final int firstTag = number << TAG_SHIFT;
        requests = new TakenRequest[ring.slotCount()];
        for (int slot = 0; slot < requests.length; slot++) {
            requests[slot] = new TakenRequest(terms.abi(), slot, firstTag + slot, 0);
        }
        slots = new SlotTable(requests.length);
        indirect =
                new IndirectSegments(
                        terms.abi(),
                        mostIndirect,
                        requests.length,
                        requests.length,
                        firstTag + requests.length,
                        counters);
        final int most = requests.length + indirect.count();
        barrier = new WriteBarrier(firstTag + most);
        ended = new EndedRequests(pages, counters, most);
        pass = new RequestPass(pages, indirect, check, barrier, ended, services.store(), most);
        responseCopy = new UnsafeBuffer(new byte[terms.abi().responseBytes()]);
        response = new BlkResponse(terms.abi()).wrap(responseCopy, 0);
        budget.watch(port, this::notified);
    }

    /** Whether the event found a request; if not, it is spent from the frontend's budget. */
    private boolean notified() {
        counters.wakeups++;
        notified = true;
        if (!draining && ring.requests() != 0) {
            return true;
        }
        counters.needlessWakeups++;
        return false;
    }

    /** How many slots the ring has. */
    int slotCount() {
        return requests.length;
    }

    /** Whether there are requests that nobody has taken. */
    boolean hasRequests() {
        return ring.requests() != 0;
    }

    // 4. Take, then answer.

    /**
     * Takes what is there and hands it to the store: at most one ring full.
     *
     * @return how much was taken; 0 if what is there must wait for the store
     */
    int take() {
        pass.submit();
        final TakenRequest first = parked;
        if (first != null && pass.mayGoOn()) {
            goOnWith(first);
        }
        final int count = draining ? 0 : takeRequests();
        pass.prepare();
        return count;
    }

    private void goOnWith(final TakenRequest waiting) {
        if (waiting.isBarrier()) {
            if (inFlight() > 1) {
                return;
            }
            pass.add(waiting);
            parked = null;
        } else {
            parked = null;
            admit(waiting);
        }
        pass.prepare();
    }

    private int takeRequests() {
        awake |= notified;
        notified = false;
        // A frontend that is held back wakes us no more: it is served when something else does.
        if (wakeups == Wakeups.ARMED && !awake && !budget.isHeld()) {
            return 0;
        }
        int count = 0;
        while (mayTake() && count < requests.length && ring.requests() != 0) {
            takeOne();
            count++;
        }
        if (count != 0) {
            budget.tick();
        }
        if (wakeups == Wakeups.ARMED && mayTake()) { // Otherwise the store wakes us.
            awake = ring.finalCheckForRequests();
            count += awake ? 1 : 0; // Found by the last look: nobody will wake us for it.
        }
        return count;
    }

    private boolean mayTake() {
        return parked == null && pass.mayGoOn();
    }

    private void takeOne() {
        // A ring has never more requests unanswered than slots, so there is one.
        final TakenRequest request = requests[slots.take()];
        ring.takeRequest(request.copy, 0, request.copy.capacity());
        counters.requests++;
        if (trace.isOn()) {
            trace.event(WHO, "request", request.wire.id(), request.wire.sector());
        }
        admit(request);
    }

    /** Refuses a request, parks it, or lets it into this pass. */
    private void admit(final TakenRequest request) {
        final BlkbackRefusal refusal = check.refusal(request);
        if (refusal != null) {
            ended.refuse(request, refusal);
        } else if (request.isBarrier()) {
            parked = request;
        } else if (request.isIndirect()) {
            final TakenRequest large = indirect.take(request);
            if (large == null) {
                parked = request;
            } else {
                slots.release(request.index());
                pass.add(large);
            }
        } else {
            pass.add(request);
        }
    }

    /** The store has finished a request of this queue. */
    void completed(final StoreRequest done) {
        if (done.status() == StoreRequest.Status.ERROR) {
            counters.mediumErrors++;
        }
        if (barrier.isActive()) {
            pass.barrierStepCompleted(done); // Nothing else is in flight.
            return;
        }
        final int index = done.tag() & TAG_MASK;
        ended.end(
                index < requests.length ? requests[index] : indirect.at(index),
                switch (done.status()) {
                    case OK -> BlkStatus.OKAY;
                    case ERROR, READ_ONLY -> BlkStatus.ERROR;
                    case UNSUPPORTED -> BlkStatus.EOPNOTSUPP;
                });
    }

    /** Answers what has ended, when its pages are unmapped, and wakes the frontend if it asked. */
    void answer() {
        pages.unmapReleased();
        for (int i = 0; i < ended.count(); i++) {
            answer(ended.get(i));
        }
        ended.clear();
        if (!ring.isBroken() && ring.pushResponses()) {
            counters.kicks++;
            events.send(port);
        }
    }

    private void answer(final TakenRequest request) {
        if (request.index() < requests.length) {
            slots.release(request.index());
        } else {
            indirect.release(request);
        }
        if (request.status() == BlkStatus.OKAY) {
            counters.done(request);
        }
        if (ring.isBroken()) {
            return;
        }
        response.put(request.wire.id(), request.wire.answeredOperation(), request.status());
        ring.putResponse(responseCopy, 0, responseCopy.capacity());
        counters.responses++;
        if (trace.isOn()) {
            trace.event(WHO, "response", request.wire.id(), request.status());
        }
    }

    /** Whether the frontend published an index that cannot be. */
    boolean isBroken() {
        return ring.isBroken();
    }

    // 5. Tear down, in reverse.

    /** Takes no more requests. What was taken is still answered. */
    void drain() {
        draining = true;
    }

    /** How many requests are taken and not answered. */
    int inFlight() {
        return slots.inFlightCount() + indirect.inFlight();
    }

    /** Unmaps what was kept, closes the port and gives the ring back. Nothing is in flight. */
    void close() {
        if (inFlight() != 0) {
            throw new IllegalStateException("store holds requests: inFlight=" + inFlight());
        }
        pages.close();
        budget.forget(port);
        events.close(port);
        mapping.unmap().run();
    }
}
