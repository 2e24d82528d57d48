package io.ringside.vmbus.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One slot of a processor's message page: 256 bytes, little-endian; slot n is that of SINT n.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  message type     |size|flag|    0    |   type 0: the slot is free
 *       +----+----+----+----+----+----+----+----+
 *    8  |  port id          |         0         |
 *       +----+----+----+----+----+----+----+----+
 *   16  |  payload, 240 bytes                   |
 *       +---------------------------------------+
 * </pre>
 *
 * <p>The hypervisor fills a free slot and sets its type last; the guest copies the message and sets
 * the type to 0. Flag bit 0: another message waits, so that the guest has to write the end of
 * message register after that.
 *
 * <p>Source: {@code hv_message}, asm-generic/hyperv-tlfs.h. Threads: each accessor's last word is
 * its memory order, and its Javadoc names the partner on the other side.
 */
public final class SynicMessage {
    /** Bytes of a slot. */
    public static final int BYTES = 256;

    /** Bytes of the page of all slots. */
    public static final int PAGE_BYTES = 4096;

    /** The most that a message carries. */
    public static final int MAX_PAYLOAD_BYTES = 240;

    /** The slot is free. */
    public static final int NONE = 0;

    static final int TYPE_OFFSET = 0;
    static final int SIZE_OFFSET = TYPE_OFFSET + Integer.BYTES;
    static final int FLAGS_OFFSET = SIZE_OFFSET + Byte.BYTES;
    static final int PORT_OFFSET = 8;
    static final int PAYLOAD_OFFSET = 16;

    private static final byte PENDING = 1;
    private static final int U8 = 0xff;

    private final UnsafeBuffer slot = new UnsafeBuffer(0, 0);

    /** Lays the view over the slot of a SINT in a message page. */
    public SynicMessage wrap(final UnsafeBuffer page, final int sint) {
        slot.wrap(page, sint * BYTES, BYTES);
        return this;
    }

    /** Pairs with {@link #typeRelease}: the message is there when its type is. */
    public int typeAcquire() {
        return slot.getIntAcquire(TYPE_OFFSET);
    }

    /** Pairs with {@link #typeAcquire}, in either direction: filled, or free again. */
    public void typeRelease(final int type) {
        slot.putIntRelease(TYPE_OFFSET, type);
    }

    /** Fills the slot but for its type. */
    public void fill(
            final int port,
            final boolean pending,
            final DirectBuffer payload,
            final int offset,
            final int payloadBytes) {
        slot.putByte(SIZE_OFFSET, (byte) payloadBytes);
        slot.putByte(FLAGS_OFFSET, pending ? PENDING : 0);
        slot.putShort(FLAGS_OFFSET + Byte.BYTES, (short) 0, LITTLE_ENDIAN);
        slot.putLong(PORT_OFFSET, port & 0xffff_ffffL, LITTLE_ENDIAN);
        slot.putBytes(PAYLOAD_OFFSET, payload, offset, payloadBytes);
        slot.setMemory(PAYLOAD_OFFSET + payloadBytes, MAX_PAYLOAD_BYTES - payloadBytes, (byte) 0);
    }

    /** Says that another message waits. Pairs with {@link #isPendingVolatile}, by a full fence. */
    public void pendingVolatile() {
        slot.putByteVolatile(FLAGS_OFFSET, PENDING);
    }

    /** Pairs with {@link #pendingVolatile}, by a full fence. */
    public boolean isPendingVolatile() {
        return (slot.getByteVolatile(FLAGS_OFFSET) & PENDING) != 0;
    }

    /** Copies the payload out. Any length is safe: what is more than 240 is cut. */
    public int copyPayload(final MutableDirectBuffer target, final int offset) {
        final int size = Math.min(slot.getByte(SIZE_OFFSET) & U8, MAX_PAYLOAD_BYTES);
        target.putBytes(offset, slot, PAYLOAD_OFFSET, size);
        return size;
    }
}
