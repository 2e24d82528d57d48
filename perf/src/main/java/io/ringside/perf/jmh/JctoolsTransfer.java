package io.ringside.perf.jmh;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jctools.queues.SpscArrayQueue;

/**
 * The peer: JCTools' queue for one producer and one consumer. It passes references, so that the
 * payload lies in buffers that are used again once the queue has gone round twice.
 */
final class JctoolsTransfer extends Transfer {
    private final SpscArrayQueue<UnsafeBuffer> queue;
    private final UnsafeBuffer[] buffers;
    private final int mask;
    private int nextBuffer;
    private boolean filled; // whether the next buffer already holds its message

    JctoolsTransfer(final int payloadBytes) {
        super(payloadBytes);
        final int slots = Integer.highestOneBit(CAPACITY_BYTES / payloadBytes);
        queue = new SpscArrayQueue<>(slots);
        buffers = new UnsafeBuffer[2 * slots];
        mask = buffers.length - 1;
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = new UnsafeBuffer(ByteBuffer.allocateDirect(payloadBytes));
        }
    }

    @Override
    int send(final int limit) {
        for (int i = 0; i < limit; i++) {
            final UnsafeBuffer buffer = buffers[nextBuffer & mask];
            if (!filled) {
                buffer.putBytes(0, outgoing, nextOutgoing(), payloadBytes);
                sent();
                filled = true;
            }
            if (!queue.offer(buffer)) {
                return i; // It stays filled, for the next time.
            }
            filled = false;
            nextBuffer++;
        }
        return limit;
    }

    @Override
    int receive(final int limit) {
        for (int i = 0; i < limit; i++) {
            final UnsafeBuffer buffer = queue.relaxedPoll();
            if (buffer == null) {
                return i;
            }
            incoming.putBytes(0, buffer, 0, payloadBytes);
            check(incoming);
        }
        return limit;
    }
}
