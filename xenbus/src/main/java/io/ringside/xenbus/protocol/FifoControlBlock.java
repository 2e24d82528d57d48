package io.ringside.xenbus.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one processor shares with the hypervisor for FIFO event channels: 72 bytes.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |       ready       |         -         |  one bit a queue; 0 is the most urgent
 *    8  |  head of queue 0  |  head of queue 1  |
 *       |        ...        |        ...        |
 *   64  |  head of queue 14 |  head of queue 15 |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The hypervisor writes a head when the queue was empty, and then sets the ready bit; the domain
 * takes the ready bits.
 *
 * <p>Source: {@code evtchn_fifo_control_block}, xen/event_channel.h. Threads: any number.
 */
public final class FifoControlBlock {
    /** Bytes of the block. */
    public static final int SIZE_BYTES = 72;

    /** What its offset within a page is a multiple of. */
    public static final int ALIGNMENT_BYTES = 8;

    /** Queues, one a priority. */
    public static final int QUEUES = 16;

    /** The most urgent priority. */
    public static final int PRIORITY_MAX = 0;

    /** The priority of a port of which nothing else was said. */
    public static final int PRIORITY_DEFAULT = 7;

    /** The least urgent priority. */
    public static final int PRIORITY_MIN = 15;

    private static final int READY_OFFSET = 0;
    private static final int HEADS_OFFSET = 8;
    private static final int QUEUE_BITS = (1 << QUEUES) - 1;

    private final UnsafeBuffer block;

    /** Lays the view over the 72 bytes. */
    public FifoControlBlock(final UnsafeBuffer block) {
        this.block = block;
    }

    /** Marks a queue; true if it was not. Pairs with {@link #takeReadyVolatile}. */
    public boolean setReadyVolatile(final int queue) {
        final int bit = 1 << queue;
        int before;
        do {
            before = block.getIntVolatile(READY_OFFSET);
        } while (!block.compareAndSetInt(READY_OFFSET, before, before | bit));
        return (before & bit) == 0;
    }

    /** Takes all marked queues, one bit each. Pairs with {@link #setReadyVolatile}. */
    public int takeReadyVolatile() {
        if (block.getIntVolatile(READY_OFFSET) == 0) {
            return 0;
        }
        return block.getAndSetInt(READY_OFFSET, 0) & QUEUE_BITS;
    }

    /** The first port of a queue, unchecked. Pairs with {@link #headRelease}. */
    public int headAcquire(final int queue) {
        return block.getIntAcquire(HEADS_OFFSET + queue * Integer.BYTES);
    }

    /** Sets the first port of a queue. Pairs with {@link #headAcquire}. */
    public void headRelease(final int queue, final int port) {
        block.putIntRelease(HEADS_OFFSET + queue * Integer.BYTES, port);
    }
}
