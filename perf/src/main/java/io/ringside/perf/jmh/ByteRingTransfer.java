package io.ringside.perf.jmh;

import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.memory.SharedPages;
import io.ringside.ringbuf.vmbus.ControlPage;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.OutgoingRing;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Our byte ring: each message is an in-band packet, published a batch at a time. The data area is
 * mapped twice in a row, or once where the plain path is measured.
 */
final class ByteRingTransfer extends Transfer {
    private static final int DATA_PAGES = CAPACITY_BYTES / SharedPages.PAGE_BYTES;

    private final SharedPages pages = SharedPages.anonymous(1 + DATA_PAGES);
    private final PageView control = pages.view(0);
    private final PageView data;
    private final OutgoingRing outgoingRing;
    private final IncomingRing incomingRing;
    private boolean stamped; // whether the outgoing message already has its number

    ByteRingTransfer(final int payloadBytes, final boolean mirrored) {
        super(payloadBytes);
        final int[] frames = new int[DATA_PAGES];
        for (int i = 0; i < DATA_PAGES; i++) {
            frames[i] = 1 + i;
        }
        data = mirrored ? pages.mirrored(frames) : pages.view(frames);
        new ControlPage(control.buffer()).initialise();
        outgoingRing = new OutgoingRing(control.buffer(), data.buffer(), CAPACITY_BYTES);
        incomingRing = new IncomingRing(control.buffer(), data.buffer(), CAPACITY_BYTES);
        incomingRing.mask(); // The receiver polls.
    }

    @Override
    int send(final int limit) {
        int count = 0;
        while (count < limit) {
            if (!stamped) {
                stamp(outgoing);
                stamped = true;
            }
            if (outgoingRing.write(PacketType.IN_BAND, 0, 0, outgoing, 0, payloadBytes)
                    != RingStatus.OK) {
                break; // No room: it stays stamped, for the next time.
            }
            stamped = false;
            count++;
        }
        outgoingRing.commit();
        return count;
    }

    @Override
    int receive(final int limit) {
        int count = 0;
        while (count < limit && incomingRing.next() == RingStatus.OK) {
            final UnsafeBuffer buffer = incomingRing.buffer();
            incoming.putBytes(0, buffer, incomingRing.payloadOffset(), payloadBytes);
            check(incoming);
            count++;
        }
        incomingRing.commitRead();
        return count;
    }

    @Override
    public void close() {
        data.close();
        control.close();
        pages.close();
    }
}
