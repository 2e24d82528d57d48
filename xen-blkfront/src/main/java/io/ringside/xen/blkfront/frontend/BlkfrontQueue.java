package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.ringbuf.xen.SlotTable;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkResponse;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventBudget;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantQuarantine;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One ring that is shared with a backend, from its first request to its last answer.
 *
 * <p>Each connection has queues of its own: nothing of one is ever seen by the next. The number of
 * a request is looked up in a table when it comes back, and must be in flight.
 *
 * <p>Peer's faults: an answer that cannot be breaks the queue, and {@link #refusal} says why. A
 * page that the backend keeps beyond its answer makes the request an error. Threads: one, the
 * driver's.
 */
final class BlkfrontQueue {
    private static final String WHO = "blkfront";

    // 1. Shared with the peer: ring and port, the pages of requests in flight, those of segments.

    private final FrontRing ring;
    private final int port;
    private final LentPages lent;
    private final IndirectSegments indirect;

    // 2. Ours alone.

    private final int index;
    private final EventChannels events;
    private final EventBudget budget;
    private final Trace trace;
    private final BlkfrontCounters counters;
    private final EndedRequests ended;
    private final boolean armed;
    private final int maxSegments;
    private final int flushOperation;
    private final int holdOff;

    private final int slotCount;
    private final SlotTable ids;
    private final Piece[] pieces;
    private final RequestWriter writer;
    private final UnsafeBuffer responseCopy;
    private final BlkResponse response;

    private @Nullable BlkfrontRefusal refusal;
    private @Nullable BlockOperation unsupported;
    private boolean awake = true; // what comes before we listen is looked for once
    private boolean notified;
    private int uncommitted; // requests that the backend cannot see yet
    private int awaited; // how many answers we last asked to be woken for

    // 3. Connect.

    /**
     * Begins to listen.
     *
     * @param budget what the backend may cost us in events without work
     * @param index which queue of the connection it is
     * @param share its ring and port, which it does not close
     * @param lent the pages of all queues
     * @param disk what the backend takes
     */
    BlkfrontQueue(
            final BlkfrontServices services,
            final EndedRequests ended,
            final EventBudget budget,
            final int index,
            final RingShare share,
            final LentPages lent,
            final IndirectSegments indirect,
            final RequestWriter writer,
            final DiskKeys disk) {
        this.index = index;
        this.budget = budget;
        this.ring = share.ring();
        this.port = share.port();
        this.lent = lent;
        this.indirect = indirect;
        this.events = services.events();
        this.trace = services.trace();
        this.counters = services.counters();
        this.armed = services.wakeups() == Wakeups.ARMED;
        this.ended = ended;
        this.writer = writer;
        this.maxSegments = disk.limits().maxSegments();
        this.flushOperation = disk.flushOperation();
        this.holdOff = services.options().holdOff();
        final BlkAbi abi = services.options().abi();
        this.responseCopy = new UnsafeBuffer(new byte[abi.responseBytes()]);
        this.response = new BlkResponse(abi).wrap(responseCopy, 0);
        this.slotCount = ring.slotCount();
        this.ids = new SlotTable(slotCount);
        this.pieces = new Piece[slotCount];
        for (int id = 0; id < slotCount; id++) {
            pieces[id] = new Piece();
        }
        budget.watch(port, this::notified);
    }

    /** What an event of the port does; says whether there is anything to take. */
    private boolean notified() {
        counters.wakeups++;
        notified = true;
        return ring.responses() != 0;
    }

    // 4. Submit, then complete.

    /**
     * Puts a sound request into the ring, and lends its pages.
     *
     * @param order which request of the connection it is
     * @return false if there is no room
     */
    boolean submit(final BlockRequest request, final long order) {
        final int id = ids.take();
        if (id == SlotTable.NONE) {
            return false;
        }
        final Piece piece = pieces[id];
        piece.begin(request, order, most(request));
        if (!send(id, piece)) {
            piece.end();
            ids.release(id);
            return false;
        }
        if (trace.isOn()) {
            trace.event(WHO, "request", id, request.sector());
        }
        return true;
    }

    /** The most segments that one slot carries of a request. */
    private int most(final BlockRequest request) {
        return request.operation() == BlockOperation.BARRIER
                ? BlkRequest.MAX_SEGMENTS
                : maxSegments;
    }

    private boolean send(final int id, final Piece piece) {
        final BlockRequest request = piece.request;
        final int operation = operation(request);
        final boolean isIndirect = piece.segmentCount > BlkRequest.MAX_SEGMENTS;
        if (piece.segmentCount != 0 && !lendPages(id, piece, isIndirect)) {
            return false;
        }
        final UnsafeBuffer buffer = ring.buffer();
        final int offset = ring.requestOffset();
        if (request.operation().isDiscard()) {
            writer.putDiscard(buffer, offset, id, request);
        } else if (isIndirect) {
            writer.putIndirect(buffer, offset, operation, id, piece, lent, indirect);
            counters.indirectRequests++;
        } else {
            writer.putDirect(buffer, offset, operation, id, piece, lent);
        }
        ring.requestFilled();
        uncommitted++;
        counters.requests++;
        return true;
    }

    private boolean lendPages(final int id, final Piece piece, final boolean isIndirect) {
        if (isIndirect && !indirect.take(id, piece.segmentCount)) {
            return false;
        }
        piece.head = lent.lend(piece.request, piece.firstSegment, piece.segmentCount);
        if (piece.head == LentPages.NONE) {
            indirect.giveBack(id);
            return false;
        }
        return true;
    }

    /** What a response must name; of an indirect request it is the inner operation. */
    private int operation(final BlockRequest request) {
        return switch (request.operation()) {
            case READ -> BlkOperation.READ;
            case WRITE -> BlkOperation.WRITE;
            case BARRIER -> BlkOperation.WRITE_BARRIER;
            case FLUSH -> flushOperation;
            case DISCARD, SECURE_DISCARD -> BlkOperation.DISCARD;
        };
    }

    /** Makes what was submitted visible, and wakes the backend if it asked. */
    void commit() {
        uncommitted = 0;
        if (ring.pushRequests()) {
            counters.kicks[index]++;
            events.send(port);
        }
    }

    /** Lets the next {@link #complete} look at the ring without a notification. */
    void wake() {
        awake = true;
    }

    /** Takes the answers that are there, one ring full at most; 0 only if one may sleep now. */
    int complete() {
        if (notified) {
            notified = false;
            awake = true;
            if (ring.responses() == 0) {
                counters.needlessWakeups++;
            }
        }
        if (sleepsOn()) {
            return 0;
        }
        int count = 0;
        while (count < slotCount && refusal == null && ring.responses() != 0) {
            ring.takeResponse(responseCopy, 0, responseCopy.capacity());
            refusal = answered();
            count++;
        }
        if (armed && refusal == null) {
            count += listen() ? 1 : 0; // Found by the last look: nobody will wake us for it.
        }
        if (ring.isBroken()) {
            refusal = BlkfrontRefusal.RING_INDEX;
        }
        return count;
    }

    /** Whether nobody has woken us, and nothing more is in flight that we should wait for too. */
    private boolean sleepsOn() {
        return armed && !awake && (awaited >= mostAwaited() || !listen()) && !ring.isBroken();
    }

    /** More answers than the backend owes us would never come. */
    private int mostAwaited() {
        return Math.max(1, Math.min(holdOff, ring.inFlight() - uncommitted));
    }

    /** Asks to be woken for as many answers as the hold-off allows; true if there are some now. */
    private boolean listen() {
        awaited = mostAwaited();
        awake = ring.finalCheckForResponses(awaited);
        return awake;
    }

    /** Ends what the copied response answers, or says why it answers nothing. */
    private @Nullable BlkfrontRefusal answered() {
        if (!ids.isInFlight(response.id())) {
            return BlkfrontRefusal.ID;
        }
        final int id = (int) response.id();
        final Piece piece = pieces[id];
        final BlockRequest request = piece.request;
        if (response.operation() != operation(request)) {
            return BlkfrontRefusal.OPERATION;
        }
        counters.responses++;
        if (trace.isOn()) {
            trace.event(WHO, "response", id, response.status());
        }
        BlockStatus status = status(request);
        final boolean ok = status == BlockStatus.OK;
        if (!takeBack(id, piece, ok)) {
            status = BlockStatus.ERROR;
        } else if (ok) {
            count(piece);
            if (!piece.isLast()) {
                if (sendNext(id, piece)) {
                    return null;
                }
                status = BlockStatus.ERROR;
            }
        }
        piece.end();
        ids.release(id);
        ended.now(request, status);
        return lent.isStarvedFor(maxSegments) ? BlkfrontRefusal.TOO_MANY_KEPT_PAGES : null;
    }

    /** Sends the next piece in the slot of the last, which is free again. */
    private boolean sendNext(final int id, final Piece piece) {
        piece.advance(most(piece.request));
        if (!send(id, piece)) {
            return false;
        }
        commit();
        return true;
    }

    /** A flush that failed stays an error: who asked must not believe that none was needed. */
    private BlockStatus status(final BlockRequest request) {
        return switch (response.status()) {
            case BlkStatus.OKAY -> BlockStatus.OK;
            case BlkStatus.ERROR -> BlockStatus.ERROR;
            case BlkStatus.EOPNOTSUPP -> {
                if (request.operation() == BlockOperation.READ
                        || request.operation() == BlockOperation.WRITE) {
                    yield BlockStatus.ERROR;
                }
                unsupported = request.operation();
                yield BlockStatus.UNSUPPORTED;
            }
            default -> {
                counters.refused(BlkfrontRefusal.STATUS);
                yield BlockStatus.ERROR;
            }
        };
    }

    /** Ends the loans of a piece; says whether all its pages came home. */
    private boolean takeBack(final int id, final Piece piece, final boolean ok) {
        final int kept =
                ok && piece.request.operation() == BlockOperation.READ
                        ? lent.deliver(piece.head, piece.request, piece.firstSegment)
                        : lent.takeBack(piece.head);
        indirect.giveBack(id);
        if (kept != 0) {
            counters.refused(BlkfrontRefusal.KEPT_PAGE);
        }
        return kept == 0;
    }

    private void count(final Piece piece) {
        long bytes = 0;
        for (int i = 0; i < piece.segmentCount; i++) {
            bytes += piece.request.segmentBytes(piece.firstSegment + i);
        }
        switch (piece.request.operation()) {
            case READ -> counters.bytesRead += bytes;
            case WRITE, BARRIER -> counters.bytesWritten += bytes;
            case FLUSH -> counters.flushes++;
            case DISCARD, SECURE_DISCARD -> counters.discards++;
        }
    }

    /** How many requests are submitted and not answered. */
    int inFlight() {
        return ids.inFlightCount();
    }

    /** Why the queue is of no more use, or null. */
    @Nullable BlkfrontRefusal refusal() {
        return refusal;
    }

    /** An operation that the backend turned out not to know, or null; told once. */
    @Nullable BlockOperation takeUnsupported() {
        final BlockOperation operation = unsupported;
        unsupported = null;
        return operation;
    }

    // 5. Tear down, in reverse.

    /** Takes a request off the queue that the backend has not answered, or null: there is none. */
    @Nullable Piece takeUnanswered() {
        if (ids.inFlightCount() == 0) {
            return null;
        }
        int id = 0;
        while (!ids.isInFlight(id)) {
            id++;
        }
        lent.takeBack(pieces[id].head); // The backend need not have let go yet.
        indirect.giveBack(id);
        ids.release(id);
        return pieces[id];
    }

    /** Takes the pages of segments back; only when every request is taken off. */
    void close(final GrantQuarantine quarantine) {
        budget.forget(port);
        indirect.close(quarantine);
    }
}
