package io.ringside.netvsc.backend;

import io.ringside.vmbus.channel.GpadlView;
import io.ringside.vmbus.channel.RequestIds;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory that a guest has given for what it receives, in sections of one size, and which of them
 * are with the guest.
 *
 * <pre>
 *          take            add to a delivery, send it          the guest's completion
 *   free  ------&gt;  being filled  ---------------------&gt;  lent  -----------------------&gt;  free
 *  (stack)                                           (chained to
 *                                                    its delivery)
 * </pre>
 *
 * <p>A delivery is one transfer-page packet; its transaction id is looked up when it comes back, so
 * that completions may come in any order, and one that was made up or comes twice finds nothing.
 *
 * <p>Threads: one.
 */
final class ReceiveBuffer {
    /** There is no section, or no delivery. */
    static final int NONE = -1;

    private final GpadlView view;
    private final int id;
    private final int sectionBytes;
    private final int[] free;
    private final int[] nextSection;
    private final int[] firstSection;
    private final int[] queueOf;
    private final RequestIds deliveries;
    private int freeCount;

    ReceiveBuffer(final GpadlView view, final int id, final int sectionBytes) {
        this.view = view;
        this.id = id;
        this.sectionBytes = sectionBytes;
        final int count = view.buffer().capacity() / sectionBytes;
        this.free = new int[count];
        this.nextSection = new int[count];
        this.firstSection = new int[count];
        this.queueOf = new int[count];
        this.deliveries = new RequestIds(count);
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i;
        }
        freeCount = count;
    }

    int id() {
        return id;
    }

    UnsafeBuffer buffer() {
        return view.buffer();
    }

    int sectionBytes() {
        return sectionBytes;
    }

    int sectionCount() {
        return free.length;
    }

    int freeCount() {
        return freeCount;
    }

    /** How many deliveries are with the guest, or about to be. */
    int inFlight() {
        return deliveries.inFlightCount();
    }

    /** Starts a delivery by a channel; there is one for each section that can be taken. */
    int begin(final int queue) {
        final int delivery = deliveries.take();
        if (delivery != RequestIds.NONE) {
            firstSection[delivery] = NONE;
            queueOf[delivery] = queue;
        }
        return delivery;
    }

    /** Takes a section for a delivery; only while some are free. */
    int take(final int delivery) {
        freeCount--;
        final int section = free[freeCount];
        nextSection[section] = firstSection[delivery];
        firstSection[delivery] = section;
        return section;
    }

    /** The transaction id of a delivery. */
    long transactionId(final int delivery) {
        return deliveries.idOf(delivery);
    }

    /** The guest is done with a delivery; false if there is none of that id on that channel. */
    boolean complete(final long transactionId, final int queue) {
        final int delivery = deliveries.slotOf(transactionId);
        if (delivery == RequestIds.NONE || queueOf[delivery] != queue) {
            return false;
        }
        release(delivery);
        return true;
    }

    /** All sections of a delivery are free again. */
    void release(final int delivery) {
        for (int at = firstSection[delivery]; at != NONE; at = nextSection[at]) {
            free[freeCount] = at;
            freeCount++;
        }
        firstSection[delivery] = NONE;
        queueOf[delivery] = NONE;
        deliveries.release(delivery);
    }

    /** A channel is gone, and what was delivered by it comes back no more. */
    void abandon(final int queue) {
        for (int delivery = 0; delivery < queueOf.length; delivery++) {
            if (firstSection[delivery] != NONE && queueOf[delivery] == queue) {
                release(delivery);
            }
        }
    }

    /** Whether the guest wants its pages back. */
    boolean isTornDown() {
        return view.gpadl().isTornDown();
    }

    void close() {
        Arrays.fill(queueOf, NONE);
        freeCount = 0;
        view.close();
    }
}
