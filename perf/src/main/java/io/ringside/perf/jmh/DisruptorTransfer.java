package io.ringside.perf.jmh;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The peer: a Disruptor with one producer that publishes in batches, and one consumer that moves
 * its sequence once a batch. Each preallocated event holds the payload off-heap.
 */
final class DisruptorTransfer extends Transfer {
    private final RingBuffer<UnsafeBuffer> ring;
    private final SequenceBarrier barrier;
    private final Sequence consumed = new Sequence();
    private long available = -1; // the receiver's view of the producer
    private long next; // the receiver's next sequence

    DisruptorTransfer(final int payloadBytes, final int batch) {
        super(payloadBytes);
        final int slots = Math.max(2 * batch, Integer.highestOneBit(CAPACITY_BYTES / payloadBytes));
        ring =
                RingBuffer.createSingleProducer(
                        () -> new UnsafeBuffer(ByteBuffer.allocateDirect(payloadBytes)),
                        slots,
                        new BusySpinWaitStrategy());
        barrier = ring.newBarrier();
        ring.addGatingSequences(consumed);
    }

    @Override
    int send(final int limit) {
        if (!ring.hasAvailableCapacity(limit)) {
            return 0;
        }
        final long last = ring.next(limit);
        for (long sequence = last - limit + 1; sequence <= last; sequence++) {
            ring.get(sequence).putBytes(0, outgoing, nextOutgoing(), payloadBytes);
            sent();
        }
        ring.publish(last - limit + 1, last);
        return limit;
    }

    @Override
    int receive(final int limit) {
        if (available < next) {
            available = barrier.getCursor();
        }
        final int count = (int) Math.min(limit, available - next + 1);
        for (int i = 0; i < count; i++) {
            incoming.putBytes(0, ring.get(next++), 0, payloadBytes);
            check(incoming);
        }
        if (count > 0) {
            consumed.set(next - 1);
        }
        return count;
    }
}
