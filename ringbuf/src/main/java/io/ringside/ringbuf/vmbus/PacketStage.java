package io.ringside.ringbuf.vmbus;

import io.ringside.ringbuf.memory.CacheLinePadding;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Small packets on their way into the ring: put together in private memory, and moved into the ring
 * in one piece.
 *
 * <p>A small packet written in place takes five stores or more to a line or two that the consumer's
 * processor has last held; the stores that wait for those lines fill the store buffer, and it is
 * that which limits the producer. Moved in one piece the same bytes take one store a line.
 *
 * <p>Our memory is written by its address, past the buffer's test of every access: its bounds are
 * tested once a packet. Native byte order is little-endian wherever VMBus exists.
 *
 * <p>The stage is as far into a cache line as the place in the ring that it goes to, so that whole
 * lines are moved as whole lines.
 *
 * <p>Threads: one, the producer's.
 */
final class PacketStage extends CacheLinePadding {
    /** A packet that takes more of the ring than this gains nothing. */
    static final int LARGEST_RING_BYTES = 512;

    private static final int CAPACITY_BYTES = 4096;
    private static final int LINE_BYTES = 64;
    private static final int LINE_MASK = LINE_BYTES - 1;

    private final DataArea area;
    private final UnsafeBuffer memory =
            new UnsafeBuffer(
                    BufferUtil.allocateDirectAligned(CAPACITY_BYTES + LINE_BYTES, LINE_BYTES));
    private final long address = memory.addressOffset();
    private int start; // where the first packet is in our memory
    private int end; // where the next packet goes in our memory
    private int index; // where the first packet goes in the ring

    PacketStage(final DataArea area) {
        this.area = area;
    }

    /** Adds a packet that goes to {@code at} in the ring, right behind the one before it. */
    void add(
            final int at,
            final long head,
            final long transactionId,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadBytes) {
        final int packetBytes = PacketDescriptor.packetBytes(head);
        final int ringBytes = packetBytes + PacketDescriptor.TRAILER_BYTES;
        if (end - start + ringBytes > CAPACITY_BYTES) {
            flush();
        }
        if (end == start) {
            index = at;
            start = at & LINE_MASK;
            end = start;
        }
        payload.boundsCheck(payloadOffset, payloadBytes);
        final long to = address + end;
        UnsafeApi.putLong(to + packetBytes - Long.BYTES, 0); // padding, if there is any
        UnsafeApi.putLong(to, head);
        UnsafeApi.putLong(to + PacketDescriptor.TRANSACTION_ID_OFFSET, transactionId);
        UnsafeApi.putLong(to + packetBytes, PacketDescriptor.trailer(at));
        UnsafeApi.copyMemory(
                payload.byteArray(),
                payload.addressOffset() + payloadOffset,
                null,
                to + PacketDescriptor.BYTES,
                payloadBytes);
        end += ringBytes;
    }

    /** Moves what was added into the ring. */
    void flush() {
        if (end != start) {
            area.put(index, memory, start, end - start);
            end = start;
        }
    }

    /** Forgets what was added. */
    void drop() {
        end = start;
    }
}
