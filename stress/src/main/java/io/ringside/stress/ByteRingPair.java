package io.ringside.stress;

import io.ringside.ringbuf.vmbus.ControlPage;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.OutgoingRing;
import io.ringside.ringbuf.vmbus.PacketType;
import org.agrona.concurrent.UnsafeBuffer;

/** Both ends of a byte ring of one data page, with one payload of two words. */
class ByteRingPair {
    static final int PAYLOAD_BYTES = 16;

    private static final int PAGE_BYTES = 4096;
    private static final int LARGEST_PACKET_BYTES = 64;

    final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_BYTES]);
    final OutgoingRing outgoing;
    final IncomingRing incoming;

    ByteRingPair() {
        final UnsafeBuffer control = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final UnsafeBuffer data = new UnsafeBuffer(new byte[PAGE_BYTES]);
        outgoing = new OutgoingRing(control, data, PAGE_BYTES);
        incoming = new IncomingRing(control, data, PAGE_BYTES, LARGEST_PACKET_BYTES);
        new ControlPage(control).initialise();
    }

    /** Stages one packet and publishes it; whether to signal. */
    final boolean send() {
        payload.putLong(0, 3);
        payload.putLong(Long.BYTES, 4);
        outgoing.write(PacketType.IN_BAND, 0, 0, payload, 0, PAYLOAD_BYTES);
        return outgoing.commit();
    }
}
