package io.ringside.ringbuf.xen;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory that both halves of a slot ring share: 1 to 16 pages, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |     req_prod      |     req_event     |   front writes req_prod, back writes req_event
 *       +----+----+----+----+----+----+----+----+
 *    8  |     rsp_prod      |     rsp_event     |   back writes rsp_prod, front writes rsp_event
 *       +----+----+----+----+----+----+----+----+
 *   16  |           zero, up to byte 63         |
 *       +----+----+----+----+----+----+----+----+
 *   64  |  slot 0 (slotBytes), slot 1, ...      |   requests by the front, responses by the back
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code req_prod} and {@code rsp_prod} count entries published. {@code req_event} and {@code
 * rsp_event} are the hold-off: the index whose publication the consumer wants to be told of.
 *
 * <p>Source: {@code DEFINE_RING_TYPES}, xen/io/ring.h. Threads: each accessor's last word is its
 * memory order and its Javadoc names the partner on the other side.
 */
final class SharedRing {
    /** Bytes before the first slot. */
    static final int HEADER_BYTES = 64;

    static final int REQUEST_PRODUCER_OFFSET = 0;
    static final int REQUEST_EVENT_OFFSET = REQUEST_PRODUCER_OFFSET + Integer.BYTES;
    static final int RESPONSE_PRODUCER_OFFSET = REQUEST_EVENT_OFFSET + Integer.BYTES;
    static final int RESPONSE_EVENT_OFFSET = RESPONSE_PRODUCER_OFFSET + Integer.BYTES;

    private static final int PAGE_BYTES = 4096;
    private static final int MAX_PAGES = 16;

    private final UnsafeBuffer buffer;
    private final int slotBytes;
    private final int slotCount;

    SharedRing(final UnsafeBuffer buffer, final int slotBytes) {
        final int ringBytes = buffer.capacity();
        if (ringBytes % PAGE_BYTES != 0 || ringBytes < PAGE_BYTES) {
            throw new IllegalArgumentException("not whole pages: ringBytes=" + ringBytes);
        }
        if (ringBytes > MAX_PAGES * PAGE_BYTES) {
            throw new IllegalArgumentException("too many pages: ringBytes=" + ringBytes);
        }
        this.buffer = buffer;
        this.slotBytes = slotBytes;
        this.slotCount = SlotIndex.slotCount(ringBytes, slotBytes);
    }

    /** A ring of fewer slots than would fit; {@code slotCount} is a power of two. */
    SharedRing(final UnsafeBuffer buffer, final int slotBytes, final int slotCount) {
        if (slotBytes < 1
                || slotCount < 1
                || Integer.bitCount(slotCount) != 1
                || (long) slotCount * slotBytes > buffer.capacity() - HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "slots do not fit: slotCount="
                            + slotCount
                            + " slotBytes="
                            + slotBytes
                            + " ringBytes="
                            + buffer.capacity());
        }
        this.buffer = buffer;
        this.slotBytes = slotBytes;
        this.slotCount = slotCount;
    }

    /** Makes the header of a new ring: both events at 1, so that the first entry wakes the peer. */
    void initialise() {
        buffer.setMemory(0, HEADER_BYTES, (byte) 0);
        buffer.putInt(REQUEST_EVENT_OFFSET, 1);
        buffer.putInt(RESPONSE_EVENT_OFFSET, 1);
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    int slotBytes() {
        return slotBytes;
    }

    int slotCount() {
        return slotCount;
    }

    /** Pairs with {@link #requestProducerAcquire}: the slots are visible before the index. */
    void requestProducerRelease(final int index) {
        buffer.putIntRelease(REQUEST_PRODUCER_OFFSET, index);
    }

    /** Pairs with {@link #requestProducerRelease}. */
    int requestProducerAcquire() {
        return buffer.getIntAcquire(REQUEST_PRODUCER_OFFSET);
    }

    /** Pairs with {@link #requestEventVolatile}, by the full fence on both sides. */
    void requestEventRelease(final int index) {
        buffer.putIntRelease(REQUEST_EVENT_OFFSET, index);
    }

    /** Pairs with {@link #requestEventRelease}, by the full fence on both sides. */
    int requestEventVolatile() {
        return buffer.getIntVolatile(REQUEST_EVENT_OFFSET);
    }

    /** Pairs with {@link #responseProducerAcquire}: the slots are visible before the index. */
    void responseProducerRelease(final int index) {
        buffer.putIntRelease(RESPONSE_PRODUCER_OFFSET, index);
    }

    /** Pairs with {@link #responseProducerRelease}. */
    int responseProducerAcquire() {
        return buffer.getIntAcquire(RESPONSE_PRODUCER_OFFSET);
    }

    /** Pairs with {@link #responseEventVolatile}, by the full fence on both sides. */
    void responseEventRelease(final int index) {
        buffer.putIntRelease(RESPONSE_EVENT_OFFSET, index);
    }

    /** Pairs with {@link #responseEventRelease}, by the full fence on both sides. */
    int responseEventVolatile() {
        return buffer.getIntVolatile(RESPONSE_EVENT_OFFSET);
    }
}
