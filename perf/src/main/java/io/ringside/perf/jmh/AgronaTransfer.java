package io.ringside.perf.jmh;

import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** The peer: Agrona's ring of bytes for one producer and one consumer. */
final class AgronaTransfer extends Transfer implements MessageHandler {
    private static final int MESSAGE_TYPE = 1;

    private final OneToOneRingBuffer ring;

    AgronaTransfer(final int payloadBytes) {
        super(payloadBytes);
        ring =
                new OneToOneRingBuffer(
                        new UnsafeBuffer(
                                ByteBuffer.allocateDirect(
                                        CAPACITY_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    @Override
    int send(final int limit) {
        for (int i = 0; i < limit; i++) {
            final int claim = ring.tryClaim(MESSAGE_TYPE, payloadBytes);
            if (claim < 0) {
                return i;
            }
            ring.buffer().putBytes(claim, outgoing, nextOutgoing(), payloadBytes);
            ring.commit(claim);
            sent();
        }
        return limit;
    }

    @Override
    int receive(final int limit) {
        return ring.read(this, limit);
    }

    @Override
    public void onMessage(
            final int messageType,
            final MutableDirectBuffer buffer,
            final int index,
            final int length) {
        incoming.putBytes(0, buffer, index, length);
        check(incoming);
    }
}
