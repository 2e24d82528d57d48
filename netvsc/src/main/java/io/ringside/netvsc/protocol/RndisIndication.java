package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a host tells unasked: 20 bytes and a buffer, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |     7, type       |      length       |
 *       +----+----+----+----+----+----+----+----+
 *    8  |     status        |      bytes        |
 *       +----+----+----+----+----+----+----+----+
 *   16  |     offset        |   the buffer ...  |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code status} is one of {@link RndisStatus}; {@code offset} counts from byte 8. Source:
 * {@code struct rndis_indicate_status}, linux/rndis.h. Threads: one flyweight per thread.
 */
public final class RndisIndication {
    /** Bytes without a buffer. */
    public static final int BYTES = 20;

    /** There is no such buffer. */
    public static final int NO_BUFFER = -1;

    private static final int LENGTH_OFFSET = Integer.BYTES;
    private static final int STATUS_OFFSET = RndisRequest.HEADER_BYTES;
    private static final int BUFFER_BYTES_OFFSET = STATUS_OFFSET + Integer.BYTES;
    private static final int BUFFER_OFFSET_OFFSET = BUFFER_BYTES_OFFSET + Integer.BYTES;
    private static final long U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over so many bytes that are there, at least 20. */
    public RndisIndication wrap(
            final MutableDirectBuffer memory, final int offset, final int lengthBytes) {
        buffer.wrap(memory, offset, lengthBytes);
        return this;
    }

    /** Tells a status; the caller puts the buffer at {@link #BYTES}. */
    public RndisIndication put(final int status, final int bufferBytes) {
        buffer.putInt(0, RndisMessageType.INDICATE_STATUS, LITTLE_ENDIAN);
        buffer.putInt(LENGTH_OFFSET, BYTES + bufferBytes, LITTLE_ENDIAN);
        buffer.putInt(STATUS_OFFSET, status, LITTLE_ENDIAN);
        buffer.putInt(BUFFER_BYTES_OFFSET, bufferBytes, LITTLE_ENDIAN);
        buffer.putInt(
                BUFFER_OFFSET_OFFSET, bufferBytes == 0 ? 0 : BYTES - STATUS_OFFSET, LITTLE_ENDIAN);
        return this;
    }

    /** What it tells: see {@link RndisStatus}. */
    public int status() {
        return buffer.getInt(STATUS_OFFSET, LITTLE_ENDIAN);
    }

    /** Length of the buffer, as u32. */
    public long bufferBytes() {
        return buffer.getInt(BUFFER_BYTES_OFFSET, LITTLE_ENDIAN) & U32;
    }

    /**
     * Where the buffer starts, from the start of the message; {@link #NO_BUFFER} if it does not lie
     * between byte 20 and the end of a message of {@code messageBytes}, which are there. All of
     * {@link #bufferBytes} are there then.
     */
    public int bufferOffset(final int messageBytes) {
        final long told =
                (buffer.getInt(BUFFER_OFFSET_OFFSET, LITTLE_ENDIAN) & U32) + STATUS_OFFSET;
        final boolean isSound = told >= BYTES && told + bufferBytes() <= messageBytes;
        return isSound ? (int) told : NO_BUFFER;
    }
}
