package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.xen.BackRing;
import io.ringside.ringbuf.xen.SlotTable;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkResponse;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One ring of a connected frontend, from the first request to the last answer.
 *
 * <p>Each connection has a queue of its own, which ends only when the store has given everything
 * back: nothing of one connection is ever seen by the next.
 *
 * <p>Peer's faults: a request that is not sound is answered with an error and counted; a ring index
 * that cannot be breaks the queue ({@link #isBroken}). Threads: one, the backend's.
 */
final class BlkbackQueue {
    private static final String WHO = "blkback";

    // 1. Shared with the peer: the ring, the port, and the pages of requests that were taken.

    private final RingMapping.Mapped mapping;
    private final BackRing ring;
    private final int frontendDomain;
    private final int port;

    // 2. Ours alone.

    private final GrantMapper mapper;
    private final EventChannels events;
    private final BlockStore store;
    private final Wakeups wakeups;
    private final Trace trace;
    private final BlkbackCounters counters;
    private final RequestCheck check;

    private final TakenRequest[] requests;
    private final SlotTable slots;
    private final BlkSegment segment = new BlkSegment();
    private final BlkResponse response;
    private final UnsafeBuffer responseCopy;
    private final StoreCompletions completions = this::completed;

    private @Nullable TakenRequest waiting; // ready, but the store had no room for it
    private boolean awake = true; // what was published before we listened is looked for once
    private boolean notified;
    private boolean draining;

    // 3. Connect.

    /** A queue over a mapped ring and a bound port, which are its own from now on. */
    BlkbackQueue(
            final BlkbackServices services,
            final RequestCheck check,
            final RingMapping.Mapped mapping,
            final BlkAbi abi,
            final int frontendDomain,
            final int port) {
        this.mapping = mapping;
        this.ring = BackRing.join(mapping.pages().buffer(), abi.requestBytes());
        this.frontendDomain = frontendDomain;
        this.port = port;
        this.mapper = services.mapper();
        this.events = services.events();
        this.store = services.store();
        this.wakeups = services.wakeups();
        this.trace = services.trace();
        this.counters = services.counters();
        this.check = check;
        requests = new TakenRequest[ring.slotCount()];
        for (int slot = 0; slot < requests.length; slot++) {
            requests[slot] = new TakenRequest(abi, slot);
        }
        slots = new SlotTable(requests.length);
        responseCopy = new UnsafeBuffer(new byte[abi.responseBytes()]);
        response = new BlkResponse(abi).wrap(responseCopy, 0);
        events.handler(port, this::notified);
    }

    private void notified() {
        counters.wakeups++;
        notified = true;
    }

    // 4. Take, then answer.

    /**
     * Takes what is there, hands it to the store, and answers what the store has finished: at most
     * one ring full of each.
     *
     * @return how much was done
     */
    int serve() {
        int work = 0;
        final TakenRequest first = waiting;
        if (first != null) {
            waiting = null;
            submit(first);
        }
        if (!draining) {
            work += takeRequests();
        }
        work += store.poll(completions, requests.length);
        if (!ring.isBroken() && ring.pushResponses()) {
            counters.kicks++;
            events.send(port);
        }
        return work;
    }

    private int takeRequests() {
        if (notified) {
            notified = false;
            awake = true;
            if (ring.requests() == 0) {
                counters.needlessWakeups++;
            }
        }
        if (wakeups == Wakeups.ARMED && !awake) {
            return 0;
        }
        int count = 0;
        while (waiting == null && count < requests.length && ring.requests() != 0) {
            take();
            count++;
        }
        if (wakeups == Wakeups.ARMED) {
            awake = ring.finalCheckForRequests();
            count += awake ? 1 : 0; // Found by the last look: nobody will wake us for it.
        }
        return count;
    }

    private void take() {
        // A ring has never more requests unanswered than slots, so there is one.
        final TakenRequest request = requests[slots.take()];
        ring.takeRequest(request.copy, 0, request.copy.capacity());
        counters.requests++;
        if (trace.isOn()) {
            trace.event(WHO, "request", request.wire.id(), request.wire.sector());
        }
        final BlkbackRefusal refusal = check.refusal(request.wire);
        if (refusal != null) {
            refuse(request, refusal);
        } else if (request.wire.operation() == BlkOperation.FLUSH_DISKCACHE) {
            request.fillFlush();
            submit(request);
        } else if (mapPages(request)) {
            request.fillTransfer(segment);
            submit(request);
        } else {
            refuse(request, BlkbackRefusal.PAGE);
        }
    }

    /** Maps every page of a request, or none. */
    private boolean mapPages(final TakenRequest request) {
        request.listPages(frontendDomain, segment);
        mapper.map(request.pages);
        if (request.pages.allMapped()) {
            return true;
        }
        unmapPages(request);
        return false;
    }

    private void unmapPages(final TakenRequest request) {
        if (request.holdsPages()) {
            mapper.unmap(request.pages);
        }
    }

    private void submit(final TakenRequest request) {
        if (!store.submit(request.store)) {
            waiting = request;
        }
    }

    private void refuse(final TakenRequest request, final BlkbackRefusal refusal) {
        counters.refused(refusal);
        answer(
                request,
                refusal == BlkbackRefusal.OPERATION ? BlkStatus.EOPNOTSUPP : BlkStatus.ERROR);
    }

    private void completed(final StoreRequest done) {
        final TakenRequest request = requests[done.tag()];
        unmapPages(request);
        if (done.status() != StoreRequest.Status.OK) {
            counters.mediumErrors++;
            answer(request, BlkStatus.ERROR);
            return;
        }
        switch (done.operation()) {
            case READ -> counters.bytesRead += done.totalBytes();
            case WRITE -> counters.bytesWritten += done.totalBytes();
            case FLUSH -> counters.flushes++;
            case DISCARD -> {
                // Never submitted: the check of a request knows no discard.
            }
        }
        answer(request, BlkStatus.OKAY);
    }

    private void answer(final TakenRequest request, final int status) {
        slots.release(request.store.tag());
        if (ring.isBroken()) {
            return;
        }
        response.put(request.wire.id(), request.wire.answeredOperation(), status);
        ring.putResponse(responseCopy, 0, responseCopy.capacity());
        counters.responses++;
        if (trace.isOn()) {
            trace.event(WHO, "response", request.wire.id(), status);
        }
    }

    /** Whether the frontend published an index that cannot be. */
    boolean isBroken() {
        return ring.isBroken();
    }

    // 5. Tear down, in reverse.

    /** Takes no more requests. What was taken is still answered, by {@link #serve}. */
    void drain() {
        draining = true;
    }

    /** Whether it was to drain, and has: it can be closed. */
    boolean isDrained() {
        return draining && inFlight() == 0;
    }

    /** How many requests are taken and not answered. */
    int inFlight() {
        return slots.inFlightCount();
    }

    /** Closes the port and gives the ring back. Only when nothing is in flight. */
    void close() {
        if (inFlight() != 0) {
            throw new IllegalStateException("store holds requests: inFlight=" + inFlight());
        }
        events.close(port);
        mapping.unmap().run();
    }
}
