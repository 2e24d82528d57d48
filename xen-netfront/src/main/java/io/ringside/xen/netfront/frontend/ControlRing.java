package io.ringside.xen.netfront.frontend;

import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.xen.netfront.protocol.CtrlRequest;
import io.ringside.xen.netfront.protocol.CtrlResponse;
import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventBudget;
import io.ringside.xenbus.grant.GrantQuarantine;
import java.util.ArrayDeque;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The ring on which a backend is told how to serve us: one request at a time, of one task after the
 * other.
 *
 * <p>What a request names lies in one page, which the next request uses anew.
 *
 * <p>Peer's faults: an answer that is none to the request breaks the ring, and {@link #refusal}
 * says why; a status without a name means that it failed. Threads: one, the driver's.
 */
final class ControlRing {
    private static final int NOTHING = -1;
    private static final int ID_MASK = 0xffff;

    /** Something to be told to a backend in several requests, each after the answer to the last. */
    interface Task {
        /** Sends the next request by {@link ControlRing#send}; false if there is none any more. */
        boolean next(ControlRing ring);

        /** Hears how the last one ended: a {@link CtrlStatus} that has a name, and any 32 bits. */
        void answered(int status, int data);
    }

    // 1. Shared with the peer.

    private final FrontRing ring;
    private final int port;
    private final SharedPage page;

    // 2. Ours alone.

    private final Kit kit;
    private final NetfrontCounters counters;
    private final EventBudget budget;
    private final boolean armed;
    private final CtrlRequest request = new CtrlRequest();
    private final UnsafeBuffer answerCopy = new UnsafeBuffer(new byte[CtrlRequest.BYTES]);
    private final CtrlResponse answer = new CtrlResponse().wrap(answerCopy, 0);
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private int type = NOTHING; // of the request in flight
    private int id;
    private boolean awake = true;
    private @Nullable NetfrontRefusal refusal;

    // 3. Connect.

    ControlRing(
            final Kit kit,
            final EventBudget budget,
            final int backendDomain,
            final ControlShare share) {
        this.kit = kit;
        this.counters = kit.counters();
        this.budget = budget;
        this.ring = share.ring();
        this.port = share.port();
        this.page = new SharedPage(kit.services(), backendDomain);
        this.armed = kit.services().wakeups() == Wakeups.ARMED;
        budget.watch(port, this::notified);
    }

    private boolean notified() {
        awake = true;
        counters.wakeups++;
        return ring.responses() != 0;
    }

    // 4. Ask, then hear.

    /** Adds a task behind the others. */
    void add(final Task task) {
        tasks.add(task);
    }

    /** Whether there is nothing to ask, or no way to. */
    boolean isIdle() {
        return tasks.isEmpty() && type == NOTHING;
    }

    /** The page that a request may name. */
    SharedPage page() {
        return page;
    }

    /** Puts a request on the ring; for the task whose turn it is. */
    void send(final int newType, final int data0, final int data1, final int data2) {
        type = newType;
        id = id + 1 & ID_MASK;
        request.wrap(ring.buffer(), ring.requestOffset()).put(id, type, data0, data1, data2);
        ring.requestFilled();
        counters.controlRequests++;
        if (ring.pushRequests()) {
            kit.services().events().send(port);
        }
    }

    /** Takes the answer that is there, and asks the next; 0 only if one may sleep now. */
    int work() {
        int count = 0;
        if (type != NOTHING && (awake || !armed)) {
            count = hear();
        }
        if (type == NOTHING && refusal == null && !tasks.isEmpty()) {
            count++;
            if (!page.isGranted() || !tasks.getFirst().next(this)) {
                tasks.removeFirst();
            }
        }
        return count;
    }

    private int hear() {
        final boolean found = ring.responses() != 0;
        if (found) {
            ring.takeResponse(answerCopy, 0, CtrlResponse.BYTES);
            refusal = answered();
        } else if (armed) {
            awake = ring.finalCheckForResponses();
        }
        if (ring.isBroken()) {
            refusal = NetfrontRefusal.RING_INDEX;
        }
        return found || armed && awake ? 1 : 0;
    }

    private @Nullable NetfrontRefusal answered() {
        if (answer.id() != id || answer.type() != type) {
            return NetfrontRefusal.ID;
        }
        type = NOTHING;
        int status = answer.status();
        if (status < CtrlStatus.SUCCESS || status > CtrlStatus.BUFFER_OVERFLOW) {
            counters.refused(NetfrontRefusal.CONTROL_ANSWER);
            status = CtrlStatus.NOT_SUPPORTED;
        }
        if (status != CtrlStatus.SUCCESS) {
            counters.controlFailures++;
        }
        tasks.getFirst().answered(status, answer.data());
        return null;
    }

    /** Why the ring is of no more use, or null. */
    @Nullable NetfrontRefusal refusal() {
        return refusal;
    }

    // 5. Tear down.

    /** Takes the page back; the ring and its port follow. */
    void close(final GrantQuarantine quarantine) {
        budget.forget(port);
        tasks.clear();
        page.close(quarantine);
    }
}
