package io.ringside.perf.jmh;

import io.ringside.ringbuf.memory.SharedPages;
import io.ringside.ringbuf.xen.BackRing;
import io.ringside.ringbuf.xen.FrontRing;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Our slot ring: each message is a request of a whole slot, answered by a response of 16 bytes that
 * the sender takes back. 256 slots, as a netif ring of one page has.
 */
final class SlotRingTransfer extends Transfer {
    private static final int SLOTS = 256;
    private static final int RESPONSE_BYTES = 16;

    private final SharedPages pages;
    private final UnsafeBuffer ring;
    private final FrontRing front;
    private final BackRing back;
    private final UnsafeBuffer response = new UnsafeBuffer(new byte[RESPONSE_BYTES]);

    SlotRingTransfer(final int payloadBytes) {
        super(payloadBytes);
        final int ringBytes = 64 + SLOTS * payloadBytes;
        pages =
                SharedPages.anonymous(
                        (ringBytes + SharedPages.PAGE_BYTES - 1) / SharedPages.PAGE_BYTES);
        ring = pages.whole();
        front = FrontRing.initialise(pages.whole(), payloadBytes, SLOTS);
        back = BackRing.join(pages.whole(), payloadBytes, SLOTS);
    }

    @Override
    int send(final int limit) {
        int room = front.freeRequests();
        if (room < limit) {
            takeResponses();
            room = front.freeRequests();
        }
        final int count = Math.min(room, limit);
        for (int i = 0; i < count; i++) {
            front.putRequest(outgoing, nextOutgoing(), payloadBytes);
            sent();
        }
        front.publishRequests();
        if (count < limit) {
            front.mustNotify(); // Decided before we wait, as a driver that sends a burst does.
        }
        return count;
    }

    @Override
    int receive(final int limit) {
        final int count = Math.min(back.requests(), limit);
        for (int i = 0; i < count; i++) {
            back.takeRequest(incoming, 0, payloadBytes);
            check(incoming);
            final int at = back.responseOffset();
            ring.putLong(at, incoming.getLong(0));
            ring.putLong(at + Long.BYTES, 0);
            back.responseFilled();
        }
        back.publishResponses();
        if (count < limit) {
            back.mustNotify();
        }
        return count;
    }

    @Override
    boolean settled() {
        front.mustNotify();
        takeResponses();
        return front.inFlight() == 0;
    }

    private void takeResponses() {
        for (int i = front.responses(); i > 0; i--) {
            front.takeResponse(response, 0, RESPONSE_BYTES);
        }
    }

    @Override
    public void close() {
        pages.close();
    }
}
