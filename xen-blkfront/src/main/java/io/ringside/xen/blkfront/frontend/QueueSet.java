package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.grant.GrantQuarantine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All queues of one connection, which take requests in turn.
 *
 * <p>Requests in flight have no order, and so it does not matter which queue has one; all that
 * keeps an order is a barrier. The backend holds to it within a ring, and only for one slot. So
 * where there are several queues, or a barrier has more segments than a slot, it goes alone: when
 * nothing is in flight, and with nothing behind it until it is answered. A flush is about what was
 * answered before, on whatever queue, and goes on any.
 *
 * <p>Threads: one, the driver's.
 */
final class QueueSet {
    private final BlkfrontQueue[] queues;
    private long order;
    private int nextQueue;
    private boolean alone;

    /** Queues over rings that the backend has mapped. */
    QueueSet(
            final BlkfrontServices services,
            final EndedRequests ended,
            final XenbusDevice device,
            final RingShare[] rings,
            final LentPages lent,
            final DiskKeys disk) {
        final int handle = BlkKeys.handle(device.path());
        queues = new BlkfrontQueue[rings.length];
        for (int i = 0; i < rings.length; i++) {
            final int ringSlots = rings[i].ring().slotCount();
            final IndirectSegments indirect =
                    new IndirectSegments(
                            services,
                            device.otherEndId(),
                            disk.persistent(),
                            ringSlots,
                            disk.limits().maxSegments());
            final RequestWriter writer = new RequestWriter(services.options().abi(), handle);
            queues[i] =
                    new BlkfrontQueue(services, ended, i, rings[i], lent, indirect, writer, disk);
        }
    }

    /**
     * Takes a sound request.
     *
     * @return false if there is no room, or the order of a barrier forbids it
     */
    boolean submit(final BlockRequest request) {
        if (alone) {
            if (inFlight() != 0) {
                return false;
            }
            alone = false;
        }
        final boolean mustBeAlone =
                request.operation() == BlockOperation.BARRIER
                        && (queues.length > 1 || request.segmentCount() > BlkRequest.MAX_SEGMENTS);
        if (mustBeAlone && inFlight() != 0) {
            return false;
        }
        for (int tries = 0; tries < queues.length; tries++) {
            final BlkfrontQueue queue = queues[nextQueue];
            nextQueue = nextQueue + 1 == queues.length ? 0 : nextQueue + 1;
            if (queue.submit(request, order)) {
                order++;
                alone = mustBeAlone;
                return true;
            }
        }
        return false;
    }

    /** Makes what was submitted visible, and wakes the backend for each ring that it asked for. */
    void commit() {
        for (final BlkfrontQueue queue : queues) {
            queue.commit();
        }
    }

    /** Lets the next {@link #complete} look at the rings without a notification. */
    void wake() {
        for (final BlkfrontQueue queue : queues) {
            queue.wake();
        }
    }

    /** Takes the answers that are there; 0 only if one may sleep now. */
    int complete() {
        int count = 0;
        for (final BlkfrontQueue queue : queues) {
            count += queue.complete();
        }
        return count;
    }

    /** How many requests are submitted and not answered. */
    int inFlight() {
        int count = 0;
        for (final BlkfrontQueue queue : queues) {
            count += queue.inFlight();
        }
        return count;
    }

    /** Why the connection is of no more use, or null. */
    @Nullable BlkfrontRefusal refusal() {
        for (final BlkfrontQueue queue : queues) {
            if (queue.refusal() != null) {
                return queue.refusal();
            }
        }
        return null;
    }

    /** An operation that the backend turned out not to know, or null; told once. */
    @Nullable BlockOperation takeUnsupported() {
        for (final BlkfrontQueue queue : queues) {
            final BlockOperation operation = queue.takeUnsupported();
            if (operation != null) {
                return operation;
            }
        }
        return null;
    }

    /**
     * Takes back all that the queues share; rings and ports follow.
     *
     * @return the requests that were not answered, in the order of their submission
     */
    List<BlockRequest> close(final GrantQuarantine quarantine) {
        final List<Unanswered> unanswered = new ArrayList<>();
        for (final BlkfrontQueue queue : queues) {
            for (Piece piece = queue.takeUnanswered();
                    piece != null;
                    piece = queue.takeUnanswered()) {
                unanswered.add(new Unanswered(piece.order, piece.request));
            }
            queue.close(quarantine);
        }
        unanswered.sort(Comparator.comparingLong(Unanswered::order));
        final List<BlockRequest> requests = new ArrayList<>();
        for (final Unanswered one : unanswered) {
            requests.add(one.request);
        }
        return requests;
    }

    /** A request and its place among all of the connection. */
    private record Unanswered(long order, BlockRequest request) {}
}
