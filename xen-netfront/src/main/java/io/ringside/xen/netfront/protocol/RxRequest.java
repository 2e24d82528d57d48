package io.ringside.xen.netfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One page that the guest offers for what it receives: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |   id    |  zero   |       gref        |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: {@code netif_rx_request}, xen/io/netif.h. Threads: one flyweight per thread.
 */
public final class RxRequest {
    /** Bytes of one request, and of one slot of the ring. */
    public static final int BYTES = 8;

    private static final int ID_OFFSET = 0;
    private static final int PADDING_OFFSET = ID_OFFSET + Short.BYTES;
    private static final int REFERENCE_OFFSET = PADDING_OFFSET + Short.BYTES;

    private UnsafeBuffer buffer = Unwrapped.BUFFER;
    private int offset;

    /** Lays the flyweight over one request. */
    public RxRequest wrap(final UnsafeBuffer memory, final int memoryOffset) {
        buffer = memory;
        offset = memoryOffset;
        return this;
    }

    /** Writes all 8 bytes, padding included. */
    public void put(final int id, final int reference) {
        buffer.putShort(offset + ID_OFFSET, (short) id, LITTLE_ENDIAN);
        buffer.putShort(offset + PADDING_OFFSET, (short) 0, LITTLE_ENDIAN);
        buffer.putInt(offset + REFERENCE_OFFSET, reference, LITTLE_ENDIAN);
    }

    /** The guest's number, 16 bits. */
    public int id() {
        return buffer.getShort(offset + ID_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Grant reference of the page, any 32 bits. */
    public int reference() {
        return buffer.getInt(offset + REFERENCE_OFFSET, LITTLE_ENDIAN);
    }
}
