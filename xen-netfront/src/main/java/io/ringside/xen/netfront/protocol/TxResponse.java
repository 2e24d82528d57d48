package io.ringside.xen.netfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The answer to one slot of a packet that the guest has sent: 4 bytes, little-endian, at the start
 * of a slot of 12.
 *
 * <pre>
 *  byte   0    1    2    3
 *       +----+----+----+----+
 *    0  |   id    | status  |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>{@code status} is signed ({@link NetifStatus}). There is one answer to each slot, in any
 * order. Those to the slots of {@link ExtraInfo} say {@link NetifStatus#NULL}, mean nothing else,
 * and follow that to the first request of the packet.
 *
 * <p>Source: {@code netif_tx_response}, xen/io/netif.h. Threads: one flyweight per thread.
 */
public final class TxResponse {
    /** Bytes of one response; the rest of its slot means nothing, and is written zero. */
    public static final int BYTES = 4;

    private static final int ID_OFFSET = 0;
    private static final int STATUS_OFFSET = ID_OFFSET + Short.BYTES;

    private UnsafeBuffer buffer = Unwrapped.BUFFER;
    private int offset;

    /** Lays the flyweight over one response. */
    public TxResponse wrap(final UnsafeBuffer memory, final int memoryOffset) {
        buffer = memory;
        offset = memoryOffset;
        return this;
    }

    /** Writes all 4 bytes. */
    public void put(final int id, final int status) {
        buffer.putShort(offset + ID_OFFSET, (short) id, LITTLE_ENDIAN);
        buffer.putShort(offset + STATUS_OFFSET, (short) status, LITTLE_ENDIAN);
    }

    /** Which request is answered, 16 bits. */
    public int id() {
        return buffer.getShort(offset + ID_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** How it ended, -32768 to 32767: see {@link NetifStatus}. */
    public int status() {
        return buffer.getShort(offset + STATUS_OFFSET, LITTLE_ENDIAN);
    }
}
