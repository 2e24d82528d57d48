package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a guest asks by RNDIS, little-endian. Offsets of an information buffer count from the body,
 * which is byte 8; guests put it right behind the last word.
 *
 * <pre>
 *  byte              0         4         8         12        16        20        24
 *                  +---------+---------+---------+---------+---------+---------+---------+
 *  2  initialize   |  type   | length  | request | major   | minor   | transfer|
 *  3  halt         |  type   | length  | request |
 *  4  query        |  type   | length  | request | oid     | bytes   | offset  |    0    |
 *  5  set          |  type   | length  | request | oid     | bytes   | offset  |    0    |
 *  6  reset        |  type   | length  |    0    |
 *  8  keepalive    |  type   | length  | request |
 *                  +---------+---------+---------+---------+---------+---------+---------+
 * </pre>
 *
 * <p>Whoever reads has checked that {@link RndisMessageType#leastBytes} are there. Source: {@code
 * struct rndis_*_request}, linux/rndis.h. Threads: one flyweight per thread.
 */
public final class RndisRequest {
    /** The version of RNDIS that there is. */
    public static final int MAJOR_VERSION = 1;

    /** Its minor number. */
    public static final int MINOR_VERSION = 0;

    /** Bytes of type and length, before the body. */
    public static final int HEADER_BYTES = 8;

    /** Where the information of a query or set lies, from the start of the message. */
    public static final int INFO_OFFSET = HEADER_BYTES + 5 * Integer.BYTES;

    /** There is no such information. */
    public static final int NO_INFO = -1;

    private static final int LENGTH_OFFSET = Integer.BYTES;
    private static final int REQUEST_ID_OFFSET = HEADER_BYTES;
    private static final int WORD_1 = REQUEST_ID_OFFSET + Integer.BYTES;
    private static final int WORD_2 = WORD_1 + Integer.BYTES;
    private static final int WORD_3 = WORD_2 + Integer.BYTES;
    private static final int WORD_4 = WORD_3 + Integer.BYTES;
    private static final long U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over so many bytes that are there. */
    public RndisRequest wrap(
            final MutableDirectBuffer memory, final int offset, final int lengthBytes) {
        buffer.wrap(memory, offset, lengthBytes);
        return this;
    }

    /** Starts RNDIS. */
    public RndisRequest putInitialize(final int requestId, final int maxTransferBytes) {
        start(RndisMessageType.INITIALIZE, requestId);
        buffer.putInt(WORD_1, MAJOR_VERSION, LITTLE_ENDIAN);
        buffer.putInt(WORD_2, MINOR_VERSION, LITTLE_ENDIAN);
        buffer.putInt(WORD_3, maxTransferBytes, LITTLE_ENDIAN);
        return this;
    }

    /** Ends RNDIS. */
    public RndisRequest putHalt(final int requestId) {
        return start(RndisMessageType.HALT, requestId);
    }

    /** Asks for information. */
    public RndisRequest putQuery(final int requestId, final int oid) {
        return putInfoRequest(RndisMessageType.QUERY, requestId, oid, 0);
    }

    /** Sets information, which the caller puts at {@link #INFO_OFFSET}. */
    public RndisRequest putSet(final int requestId, final int oid, final int infoBytes) {
        return putInfoRequest(RndisMessageType.SET, requestId, oid, infoBytes);
    }

    /** Asks for information by telling some, which the caller puts at {@link #INFO_OFFSET}. */
    public RndisRequest putQueryWith(final int requestId, final int oid, final int infoBytes) {
        return putInfoRequest(RndisMessageType.QUERY, requestId, oid, infoBytes);
    }

    private RndisRequest putInfoRequest(
            final int type, final int requestId, final int oid, final int infoBytes) {
        start(type, requestId);
        buffer.putInt(LENGTH_OFFSET, INFO_OFFSET + infoBytes, LITTLE_ENDIAN);
        buffer.putInt(WORD_1, oid, LITTLE_ENDIAN);
        buffer.putInt(WORD_2, infoBytes, LITTLE_ENDIAN);
        buffer.putInt(WORD_3, INFO_OFFSET - HEADER_BYTES, LITTLE_ENDIAN);
        buffer.putInt(WORD_4, 0, LITTLE_ENDIAN);
        return this;
    }

    /** Asks for a reset; all that is unanswered stays so. */
    public RndisRequest putReset() {
        return start(RndisMessageType.RESET, 0);
    }

    /** Asks whether the host is there. */
    public RndisRequest putKeepalive(final int requestId) {
        return start(RndisMessageType.KEEPALIVE, requestId);
    }

    private RndisRequest start(final int type, final int requestId) {
        buffer.putInt(0, type, LITTLE_ENDIAN);
        buffer.putInt(LENGTH_OFFSET, RndisMessageType.leastBytes(type), LITTLE_ENDIAN);
        buffer.putInt(REQUEST_ID_OFFSET, requestId, LITTLE_ENDIAN);
        return this;
    }

    /** See {@link RndisMessageType}. */
    public int type() {
        return buffer.getInt(0, LITTLE_ENDIAN);
    }

    /** What the sender says is the length of the message, as u32. */
    public long messageBytes() {
        return buffer.getInt(LENGTH_OFFSET, LITTLE_ENDIAN) & U32;
    }

    /** The sender's own number; not in a reset. */
    public int requestId() {
        return buffer.getInt(REQUEST_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** Major version that an initialize asks for. */
    public int majorVersion() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    /** Minor version that an initialize asks for. */
    public int minorVersion() {
        return buffer.getInt(WORD_2, LITTLE_ENDIAN);
    }

    /** Most bytes of one transfer that the guest of an initialize takes, as u32. */
    public long maxTransferBytes() {
        return buffer.getInt(WORD_3, LITTLE_ENDIAN) & U32;
    }

    /** What a query or set is about: see {@link Oid}. */
    public int oid() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    /** Length of the information of a query or set, as u32. */
    public long infoBytes() {
        return buffer.getInt(WORD_2, LITTLE_ENDIAN) & U32;
    }

    /**
     * Where the information of a query or set starts, from the start of the message; {@link
     * #NO_INFO} if it does not lie between the last word and the end of a message of {@code
     * messageBytes}, which are there. All of {@link #infoBytes} are there then.
     */
    public int infoOffset(final int messageBytes) {
        final long told = (buffer.getInt(WORD_3, LITTLE_ENDIAN) & U32) + HEADER_BYTES;
        final boolean isSound = told >= INFO_OFFSET && told + infoBytes() <= messageBytes;
        return isSound ? (int) told : NO_INFO;
    }
}
