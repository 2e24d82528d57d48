package io.ringside.xen.netfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One answer of the control ring: 12 bytes, little-endian, at the start of a slot of 16.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |   id    |  type   |      status       |
 *       +----+----+----+----+----+----+----+----+
 *    8  |       data        |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>{@code id} and {@code type} are the request's. Answers come in any order.
 *
 * <p>Source: {@code xen_netif_ctrl_response}, xen/io/netif.h. Threads: one flyweight per thread.
 */
public final class CtrlResponse {
    /** Bytes of one response; the rest of its slot means nothing, and is written zero. */
    public static final int BYTES = 12;

    private static final int ID_OFFSET = 0;
    private static final int TYPE_OFFSET = ID_OFFSET + Short.BYTES;
    private static final int STATUS_OFFSET = TYPE_OFFSET + Short.BYTES;
    private static final int DATA_OFFSET = STATUS_OFFSET + Integer.BYTES;

    private UnsafeBuffer buffer = Unwrapped.BUFFER;
    private int offset;

    /** Lays the flyweight over one response. */
    public CtrlResponse wrap(final UnsafeBuffer memory, final int memoryOffset) {
        buffer = memory;
        offset = memoryOffset;
        return this;
    }

    /** Writes all 12 bytes. */
    public void put(final int id, final int type, final int status, final int data) {
        buffer.putShort(offset + ID_OFFSET, (short) id, LITTLE_ENDIAN);
        buffer.putShort(offset + TYPE_OFFSET, (short) type, LITTLE_ENDIAN);
        buffer.putInt(offset + STATUS_OFFSET, status, LITTLE_ENDIAN);
        buffer.putInt(offset + DATA_OFFSET, data, LITTLE_ENDIAN);
    }

    /** Which request is answered, 16 bits. */
    public int id() {
        return buffer.getShort(offset + ID_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** What was asked for, 16 bits. */
    public int type() {
        return buffer.getShort(offset + TYPE_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** How it ended, any 32 bits: see {@link CtrlStatus}. */
    public int status() {
        return buffer.getInt(offset + STATUS_OFFSET, LITTLE_ENDIAN);
    }

    /** What was asked for, any 32 bits. */
    public int data() {
        return buffer.getInt(offset + DATA_OFFSET, LITTLE_ENDIAN);
    }
}
