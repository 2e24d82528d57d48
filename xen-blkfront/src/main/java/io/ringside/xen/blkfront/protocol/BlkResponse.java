package io.ringside.xen.blkfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One response of a block ring: 16 bytes, little-endian; 12 bytes in the x86_32 layout, which only
 * lacks the tail.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |                  id                   |
 *       +----+----+----+----+----+----+----+----+
 *    8  | op |zero| status  |       zero        |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code id} and {@code op} are the request's, {@code status} is signed ({@link BlkStatus}).
 *
 * <p>Source: {@code struct blkif_response}, xen/io/blkif.h. Threads: one flyweight per thread.
 */
public final class BlkResponse {
    /** Bytes of the fields without tail padding. */
    static final int FIELD_BYTES = 12;

    private static final int ID_OFFSET = 0;
    private static final int OPERATION_OFFSET = ID_OFFSET + Long.BYTES;
    private static final int STATUS_OFFSET = OPERATION_OFFSET + Byte.BYTES + Byte.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final BlkAbi abi;

    /** A flyweight for responses of one layout; it lies over nothing yet. */
    public BlkResponse(final BlkAbi abi) {
        this.abi = abi;
    }

    /** Lays the flyweight over one response. */
    public BlkResponse wrap(final MutableDirectBuffer memory, final int offset) {
        buffer.wrap(memory, offset, abi.responseBytes());
        return this;
    }

    /** Writes every byte, padding included. */
    public BlkResponse put(final long id, final int operation, final int status) {
        buffer.setMemory(0, abi.responseBytes(), (byte) 0);
        buffer.putLong(ID_OFFSET, id, LITTLE_ENDIAN);
        buffer.putByte(OPERATION_OFFSET, (byte) operation);
        buffer.putShort(STATUS_OFFSET, (short) status, LITTLE_ENDIAN);
        return this;
    }

    /** Which request is answered, any 64 bits. */
    public long id() {
        return buffer.getLong(ID_OFFSET, LITTLE_ENDIAN);
    }

    /** What the request asked for, 0 to 255. */
    public int operation() {
        return buffer.getByte(OPERATION_OFFSET) & 0xff;
    }

    /** How it ended, -32768 to 32767: see {@link BlkStatus}. */
    public int status() {
        return buffer.getShort(STATUS_OFFSET, LITTLE_ENDIAN);
    }
}
