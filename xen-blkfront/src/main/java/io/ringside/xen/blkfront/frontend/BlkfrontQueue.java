package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.ringbuf.xen.SlotTable;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkResponse;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One ring that is shared with a backend, from its first request to its last answer.
 *
 * <p>Each connection has a queue of its own: nothing of one is ever seen by the next. The number of
 * a request is looked up in a table when it comes back, and must be in flight.
 *
 * <p>Peer's faults: an answer that cannot be breaks the queue, and {@link #refusal} says why. A
 * page that the backend keeps beyond its answer makes the request an error. Threads: one, the
 * driver's.
 */
final class BlkfrontQueue {
    /** How many requests one ring page holds. */
    static final int SLOT_COUNT = 32;

    /** The layout of our slots. */
    static final BlkAbi ABI = BlkAbi.X86_64;

    private static final String WHO = "blkfront";
    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;
    private static final int MAX_KEPT_PAGES = SLOT_COUNT * BlkRequest.MAX_SEGMENTS;

    // 1. Shared with the peer: the ring's page, the port, and the pages of requests in flight.

    private final PageView page;
    private final FrontRing ring;
    private final int frame;
    private final int reference;
    private final int port;
    private final LentPages lent;

    // 2. Ours alone.

    private final BlkfrontServices services;
    private final EventChannels events;
    private final Trace trace;
    private final BlkfrontCounters counters;
    private final EndedRequests ended;
    private final int handle;
    private final boolean armed;

    private final SlotTable ids = new SlotTable(SLOT_COUNT);
    private final @Nullable BlockRequest[] inFlight = new BlockRequest[SLOT_COUNT];
    private final BlkRequest wire = new BlkRequest(ABI);
    private final BlkSegment segment = new BlkSegment();
    private final UnsafeBuffer responseCopy = new UnsafeBuffer(new byte[ABI.responseBytes()]);
    private final BlkResponse response = new BlkResponse(ABI).wrap(responseCopy, 0);

    private @Nullable BlkfrontRefusal refusal;
    private boolean awake = true; // what comes before we listen is looked for once
    private boolean notified;

    // 3. Connect.

    /**
     * Takes a page and a port, and grants both to the backend. {@link #isWhole} says whether there
     * were any left.
     */
    BlkfrontQueue(
            final BlkfrontServices services,
            final EndedRequests ended,
            final LentPages lent,
            final int backendDomain,
            final int handle) {
        this.services = services;
        this.events = services.events();
        this.trace = services.trace();
        this.counters = services.counters();
        this.armed = services.wakeups() == Wakeups.ARMED;
        this.ended = ended;
        this.lent = lent;
        this.handle = handle;
        frame = services.frames().allocate();
        page = services.memory().map(frame);
        page.buffer().setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        ring = FrontRing.initialise(page.buffer(), ABI.requestBytes());
        reference = services.grants().grantAccess(backendDomain, frame, false);
        port = events.allocUnbound(backendDomain);
        if (port > 0) {
            events.handler(port, this::notified);
        }
    }

    private void notified() {
        counters.wakeups++;
        notified = true;
    }

    /** Whether there are both a grant and a port to tell the backend. */
    boolean isWhole() {
        return reference != GrantTable.NO_REFERENCE && port > 0;
    }

    /** The grant of the ring's page. */
    int reference() {
        return reference;
    }

    /** The port that the backend binds. */
    int port() {
        return port;
    }

    // 4. Submit, then complete.

    /**
     * Puts a sound request into the ring, and lends its pages.
     *
     * @return false if there is no room
     */
    boolean submit(final BlockRequest request) {
        final int id = ids.take();
        if (id == SlotTable.NONE) {
            return false;
        }
        if (!lent.lend(id, request)) {
            ids.release(id);
            return false;
        }
        inFlight[id] = request;
        fill(id, request);
        ring.requestFilled();
        counters.requests++;
        if (trace.isOn()) {
            trace.event(WHO, "request", id, request.sector());
        }
        return true;
    }

    private void fill(final int id, final BlockRequest request) {
        final int segmentCount = request.segmentCount();
        wire.wrap(ring.buffer(), ring.requestOffset())
                .put(operation(request), segmentCount, handle, id, request.sector());
        for (int i = 0; i < segmentCount; i++) {
            final int offset = (int) request.segmentAddress(i) & PAGE_MASK;
            final int first = offset / BlkSegment.SECTOR_BYTES;
            final int end = (offset + request.segmentBytes(i)) / BlkSegment.SECTOR_BYTES;
            wire.segment(i, segment).put(lent.reference(id, i), first, end - 1);
        }
    }

    private static int operation(final BlockRequest request) {
        return switch (request.operation()) {
            case READ -> BlkOperation.READ;
            case WRITE -> BlkOperation.WRITE;
            case BARRIER -> BlkOperation.WRITE_BARRIER;
            case FLUSH -> BlkOperation.FLUSH_DISKCACHE;
            case DISCARD, SECURE_DISCARD -> BlkOperation.DISCARD;
        };
    }

    /** Makes what was submitted visible, and wakes the backend if it asked. */
    void commit() {
        if (ring.pushRequests()) {
            counters.kicks++;
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
        if (armed && !awake) {
            return 0;
        }
        int count = 0;
        while (count < SLOT_COUNT && refusal == null && ring.responses() != 0) {
            ring.takeResponse(responseCopy, 0, responseCopy.capacity());
            refusal = answered();
            count++;
        }
        if (armed && refusal == null) {
            awake = ring.finalCheckForResponses();
            count += awake ? 1 : 0; // Found by the last look: nobody will wake us for it.
        }
        if (ring.isBroken()) {
            refusal = BlkfrontRefusal.RING_INDEX;
        }
        return count;
    }

    /** Ends the request that the copied response answers, or says why it answers none. */
    private @Nullable BlkfrontRefusal answered() {
        if (!ids.isInFlight(response.id())) {
            return BlkfrontRefusal.ID;
        }
        final int id = (int) response.id();
        final BlockRequest request = inFlight[id];
        if (request == null || response.operation() != operation(request)) {
            return BlkfrontRefusal.OPERATION;
        }
        counters.responses++;
        if (trace.isOn()) {
            trace.event(WHO, "response", id, response.status());
        }
        BlockStatus status = status(request);
        final boolean ok = status == BlockStatus.OK;
        if (!takeBack(id, ok && request.operation() == BlockOperation.READ ? request : null)) {
            status = BlockStatus.ERROR;
        } else if (ok) {
            count(request);
        }
        ended.now(request, status);
        return lent.keptCount() > MAX_KEPT_PAGES ? BlkfrontRefusal.TOO_MANY_KEPT_PAGES : null;
    }

    /** A flush that failed stays an error: who asked must not believe that none was needed. */
    private BlockStatus status(final BlockRequest request) {
        return switch (response.status()) {
            case BlkStatus.OKAY -> BlockStatus.OK;
            case BlkStatus.ERROR -> BlockStatus.ERROR;
            case BlkStatus.EOPNOTSUPP ->
                    request.operation() == BlockOperation.FLUSH
                            ? BlockStatus.UNSUPPORTED
                            : BlockStatus.ERROR;
            default -> {
                counters.refused(BlkfrontRefusal.STATUS);
                yield BlockStatus.ERROR;
            }
        };
    }

    /** Forgets a request; says whether all its pages came home. */
    private boolean takeBack(final int id, final @Nullable BlockRequest delivered) {
        final int kept = lent.takeBack(id, delivered);
        inFlight[id] = null;
        ids.release(id);
        if (kept != 0) {
            counters.refused(BlkfrontRefusal.KEPT_PAGE);
        }
        return kept == 0;
    }

    private void count(final BlockRequest request) {
        switch (request.operation()) {
            case READ -> counters.bytesRead += request.totalBytes();
            case WRITE, BARRIER -> counters.bytesWritten += request.totalBytes();
            case FLUSH -> counters.flushes++;
            case DISCARD, SECURE_DISCARD -> {}
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

    // 5. Tear down, in reverse.

    /**
     * Ends what is in flight as errors, and takes back all that is shared. A page that the backend
     * has mapped goes to its quarantine.
     */
    void close(final GrantQuarantine quarantine) {
        for (int id = 0; id < SLOT_COUNT; id++) {
            final BlockRequest request = inFlight[id];
            if (request != null) {
                takeBack(id, null);
                ended.later(request, BlockStatus.ERROR);
            }
        }
        lent.close();
        if (port > 0) {
            events.close(port);
        }
        page.close();
        if (reference == GrantTable.NO_REFERENCE) {
            services.frames().free(frame);
        } else {
            quarantine.release(reference, frame);
        }
    }
}
