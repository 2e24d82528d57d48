package io.ringside.ringbuf.vmbus;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The first page of a ring, shared by both ends: 4096 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |   write_index     |    read_index     |   producer writes the first, consumer the second
 *       +----+----+----+----+----+----+----+----+
 *    8  |  interrupt_mask   |  pending_send_sz  |   consumer writes the first, producer the second
 *       +----+----+----+----+----+----+----+----+
 *   16  |          zero, up to byte 63          |
 *       +----+----+----+----+----+----+----+----+
 *   64  |   feature_bits    |                       consumer, before the ring is used
 *       +----+----+----+----+
 *   68  |          zero, up to byte 4095
 * </pre>
 *
 * <p>{@code write_index} and {@code read_index} are byte offsets into the data area, already
 * reduced: 0 to its size less 8, multiples of 8; equal means empty. {@code interrupt_mask} other
 * than 0: do not signal the consumer. {@code pending_send_sz}: the ring bytes that the producer
 * waits for, 0 for none. {@code feature_bits}, bit 0: the consumer honours {@code pending_send_sz}.
 *
 * <p>Source: {@code hv_ring_buffer}, linux/hyperv.h. Threads: each accessor's last word is its
 * memory order, and its Javadoc names the partner on the other side. Ordered access is in native
 * byte order, which is little-endian wherever VMBus exists.
 */
public final class ControlPage {
    /** Bytes of the page; the data area follows it. */
    public static final int BYTES = 4096;

    /** Bit 0 of {@code feature_bits}. */
    public static final int FEATURE_PENDING_SEND = 1;

    static final int WRITE_INDEX_OFFSET = 0;
    static final int READ_INDEX_OFFSET = WRITE_INDEX_OFFSET + Integer.BYTES;
    static final int INTERRUPT_MASK_OFFSET = READ_INDEX_OFFSET + Integer.BYTES;
    static final int PENDING_SEND_OFFSET = INTERRUPT_MASK_OFFSET + Integer.BYTES;
    static final int FEATURE_BITS_OFFSET = 64;

    private static final long U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer;

    /** Lays the page over {@link #BYTES} of memory, which must be aligned to 8. */
    public ControlPage(final UnsafeBuffer buffer) {
        if (buffer.capacity() < BYTES) {
            throw new IllegalArgumentException(
                    "not a whole page: controlBytes=" + buffer.capacity());
        }
        buffer.verifyAlignment();
        this.buffer = buffer;
    }

    /** Makes the page of a new ring, all zero. Only its owner does, before the peer knows of it. */
    public void initialise() {
        buffer.setMemory(0, BYTES, (byte) 0);
    }

    /** Pairs with {@link #writeIndexAcquire}: the packets are visible before the index. */
    public void writeIndexRelease(final int index) {
        buffer.putIntRelease(WRITE_INDEX_OFFSET, index);
    }

    /** Pairs with {@link #writeIndexRelease}. Whatever the producer stored, as u32. */
    public long writeIndexAcquire() {
        return buffer.getIntAcquire(WRITE_INDEX_OFFSET) & U32;
    }

    /** Pairs with {@link #readIndexAcquire}: packets are read before their room is given back. */
    public void readIndexRelease(final int index) {
        buffer.putIntRelease(READ_INDEX_OFFSET, index);
    }

    /** Pairs with {@link #readIndexRelease}. Whatever the consumer stored, as u32. */
    public long readIndexAcquire() {
        return buffer.getIntAcquire(READ_INDEX_OFFSET) & U32;
    }

    /** Pairs with {@link #isMaskedOpaque}, by the full fence on both sides. */
    public void maskOpaque(final boolean masked) {
        buffer.putIntOpaque(INTERRUPT_MASK_OFFSET, masked ? 1 : 0);
    }

    /** Pairs with {@link #maskOpaque}, by the full fence on both sides. */
    public boolean isMaskedOpaque() {
        return buffer.getIntOpaque(INTERRUPT_MASK_OFFSET) != 0;
    }

    /**
     * Pairs with {@link #pendingSendAcquire}, by the full fence on both sides; a consumer that sees
     * the size also sees the write index of the producer that waits.
     */
    public void pendingSendRelease(final int ringBytes) {
        buffer.putIntRelease(PENDING_SEND_OFFSET, ringBytes);
    }

    /** Pairs with {@link #pendingSendRelease}. Whatever the producer stored, as u32. */
    public long pendingSendAcquire() {
        return buffer.getIntAcquire(PENDING_SEND_OFFSET) & U32;
    }

    /** Pairs with {@link #featureBitsAcquire}: written once, before the ring is used. */
    public void featureBitsRelease(final int bits) {
        buffer.putIntRelease(FEATURE_BITS_OFFSET, bits);
    }

    /** Pairs with {@link #featureBitsRelease}. */
    public int featureBitsAcquire() {
        return buffer.getIntAcquire(FEATURE_BITS_OFFSET);
    }
}
