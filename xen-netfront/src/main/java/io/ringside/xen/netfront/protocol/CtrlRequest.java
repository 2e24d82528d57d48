package io.ringside.xen.netfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One request of the control ring: 16 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |   id    |  type   |      data 0       |
 *       +----+----+----+----+----+----+----+----+
 *    8  |      data 1       |      data 2       |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>What the data are depends on the type: see {@link CtrlType}.
 *
 * <p>Source: {@code xen_netif_ctrl_request}, xen/io/netif.h. Threads: one flyweight per thread.
 */
public final class CtrlRequest {
    /** Bytes of one request, and of one slot of the ring. */
    public static final int BYTES = 16;

    private static final int ID_OFFSET = 0;
    private static final int TYPE_OFFSET = ID_OFFSET + Short.BYTES;
    private static final int DATA_OFFSET = TYPE_OFFSET + Short.BYTES;
    private static final int DATA_COUNT = 3;

    private UnsafeBuffer buffer = Unwrapped.BUFFER;
    private int offset;

    /** Lays the flyweight over one request. */
    public CtrlRequest wrap(final UnsafeBuffer memory, final int memoryOffset) {
        buffer = memory;
        offset = memoryOffset;
        return this;
    }

    /** Writes all 16 bytes. */
    public void put(
            final int id, final int type, final int data0, final int data1, final int data2) {
        buffer.putShort(offset + ID_OFFSET, (short) id, LITTLE_ENDIAN);
        buffer.putShort(offset + TYPE_OFFSET, (short) type, LITTLE_ENDIAN);
        buffer.putInt(offset + DATA_OFFSET, data0, LITTLE_ENDIAN);
        buffer.putInt(offset + DATA_OFFSET + Integer.BYTES, data1, LITTLE_ENDIAN);
        buffer.putInt(offset + DATA_OFFSET + 2 * Integer.BYTES, data2, LITTLE_ENDIAN);
    }

    /** The guest's number, 16 bits. */
    public int id() {
        return buffer.getShort(offset + ID_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** What is asked for, 0 to 65535 as sent: see {@link CtrlType}. */
    public int type() {
        return buffer.getShort(offset + TYPE_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /**
     * One of the three data, any 32 bits.
     *
     * @param index 0 to 2
     */
    public int data(final int index) {
        if (index < 0 || index >= DATA_COUNT) {
            throw new IllegalArgumentException("no such datum: index=" + index);
        }
        return buffer.getInt(offset + DATA_OFFSET + index * Integer.BYTES, LITTLE_ENDIAN);
    }
}
