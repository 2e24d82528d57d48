package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How a host answers a {@link RndisRequest}, little-endian; the highest bit of the type is set.
 * Offsets of an information buffer count from the body, which is byte 8.
 *
 * <pre>
 *  byte           0        4        8        12       16       20       24       28
 *               +--------+--------+--------+--------+--------+--------+--------+--------+
 *  initialize   |  type  | length | request| status | major  | minor  | flags  | medium |
 *  query        |  type  | length | request| status | bytes  | offset |
 *  set          |  type  | length | request| status |
 *  reset        |  type  | length | status | address|
 *  keepalive    |  type  | length | request| status |
 *               +--------+--------+--------+--------+--------+--------+--------+--------+
 *  byte           32       36       40       44       48
 *               +--------+--------+--------+--------+--------+
 *  initialize   | packets|transfer| align  |   0    |   0    |
 *               +--------+--------+--------+--------+--------+
 * </pre>
 *
 * <p>{@code packets} is the most RNDIS messages in one NVSP message, {@code align} the power of two
 * that each is padded to, {@code address} whether the host forgot its filters.
 *
 * <p>Whoever reads has checked that {@link RndisMessageType#leastBytes} are there. Source: {@code
 * struct rndis_*_complete}, linux/rndis.h. Threads: one flyweight per thread.
 */
public final class RndisCompletion {
    /** Device flag: it knows no connections of its own. */
    public static final int CONNECTIONLESS = 1;

    /** Medium: Ethernet. */
    public static final int MEDIUM_802_3 = 0;

    /** Where the information of a query lies, as hosts write it, from the start of the message. */
    public static final int INFO_OFFSET = RndisRequest.HEADER_BYTES + 4 * Integer.BYTES;

    /** There is no such information. */
    public static final int NO_INFO = -1;

    private static final int LENGTH_OFFSET = Integer.BYTES;
    private static final int REQUEST_ID_OFFSET = RndisRequest.HEADER_BYTES;
    private static final int STATUS_OFFSET = REQUEST_ID_OFFSET + Integer.BYTES;
    private static final int WORD_2 = STATUS_OFFSET + Integer.BYTES;
    private static final int WORD_3 = WORD_2 + Integer.BYTES;
    private static final int FLAGS_OFFSET = WORD_3 + Integer.BYTES;
    private static final int MEDIUM_OFFSET = FLAGS_OFFSET + Integer.BYTES;
    private static final int PACKETS_OFFSET = MEDIUM_OFFSET + Integer.BYTES;
    private static final int TRANSFER_OFFSET = PACKETS_OFFSET + Integer.BYTES;
    private static final int ALIGNMENT_OFFSET = TRANSFER_OFFSET + Integer.BYTES;
    private static final int AF_LIST_OFFSET = ALIGNMENT_OFFSET + Integer.BYTES;
    private static final long U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over so many bytes that are there. */
    public RndisCompletion wrap(
            final MutableDirectBuffer memory, final int offset, final int lengthBytes) {
        buffer.wrap(memory, offset, lengthBytes);
        return this;
    }

    /** Answers an initialize. */
    public RndisCompletion putInitialize(
            final int requestId,
            final int status,
            final int maxPackets,
            final int maxTransferBytes,
            final int alignmentShift) {
        start(RndisMessageType.INITIALIZE_COMPLETE, requestId, status);
        buffer.putInt(WORD_2, RndisRequest.MAJOR_VERSION, LITTLE_ENDIAN);
        buffer.putInt(WORD_3, RndisRequest.MINOR_VERSION, LITTLE_ENDIAN);
        buffer.putInt(FLAGS_OFFSET, CONNECTIONLESS, LITTLE_ENDIAN);
        buffer.putInt(MEDIUM_OFFSET, MEDIUM_802_3, LITTLE_ENDIAN);
        buffer.putInt(PACKETS_OFFSET, maxPackets, LITTLE_ENDIAN);
        buffer.putInt(TRANSFER_OFFSET, maxTransferBytes, LITTLE_ENDIAN);
        buffer.putInt(ALIGNMENT_OFFSET, alignmentShift, LITTLE_ENDIAN);
        buffer.putLong(AF_LIST_OFFSET, 0);
        return this;
    }

    /** Answers a query; the caller puts the information at {@link #INFO_OFFSET}. */
    public RndisCompletion putQuery(final int requestId, final int status, final int infoBytes) {
        start(RndisMessageType.QUERY_COMPLETE, requestId, status);
        buffer.putInt(LENGTH_OFFSET, INFO_OFFSET + infoBytes, LITTLE_ENDIAN);
        buffer.putInt(WORD_2, infoBytes, LITTLE_ENDIAN);
        buffer.putInt(WORD_3, infoBytes == 0 ? 0 : INFO_OFFSET - REQUEST_ID_OFFSET, LITTLE_ENDIAN);
        return this;
    }

    /** Answers a set. */
    public RndisCompletion putSet(final int requestId, final int status) {
        return start(RndisMessageType.SET_COMPLETE, requestId, status);
    }

    /** Answers a reset; {@code addressingReset} says that the guest must set its filters anew. */
    public RndisCompletion putReset(final int status, final boolean addressingReset) {
        return start(RndisMessageType.RESET_COMPLETE, status, addressingReset ? 1 : 0);
    }

    /** Answers a keepalive. */
    public RndisCompletion putKeepalive(final int requestId, final int status) {
        return start(RndisMessageType.KEEPALIVE_COMPLETE, requestId, status);
    }

    private RndisCompletion start(final int type, final int first, final int second) {
        buffer.putInt(0, type, LITTLE_ENDIAN);
        buffer.putInt(LENGTH_OFFSET, RndisMessageType.leastBytes(type), LITTLE_ENDIAN);
        buffer.putInt(REQUEST_ID_OFFSET, first, LITTLE_ENDIAN);
        buffer.putInt(STATUS_OFFSET, second, LITTLE_ENDIAN);
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

    /** The number of the request; not of a reset. */
    public int requestId() {
        return buffer.getInt(REQUEST_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** See {@link RndisStatus}; not of a reset. */
    public int status() {
        return buffer.getInt(STATUS_OFFSET, LITTLE_ENDIAN);
    }

    /** How a reset went: see {@link RndisStatus}. */
    public int resetStatus() {
        return buffer.getInt(REQUEST_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** Whether the guest of a reset must set its filters anew. */
    public boolean isAddressingReset() {
        return buffer.getInt(STATUS_OFFSET, LITTLE_ENDIAN) != 0;
    }

    /** Major version that the host of an initialize has. */
    public int majorVersion() {
        return buffer.getInt(WORD_2, LITTLE_ENDIAN);
    }

    /** Minor version that the host of an initialize has. */
    public int minorVersion() {
        return buffer.getInt(WORD_3, LITTLE_ENDIAN);
    }

    /** What kind of device answers an initialize. */
    public int deviceFlags() {
        return buffer.getInt(FLAGS_OFFSET, LITTLE_ENDIAN);
    }

    /** The medium, in the answer to an initialize. */
    public int medium() {
        return buffer.getInt(MEDIUM_OFFSET, LITTLE_ENDIAN);
    }

    /** Most RNDIS messages in one NVSP message, as u32. */
    public long maxPackets() {
        return buffer.getInt(PACKETS_OFFSET, LITTLE_ENDIAN) & U32;
    }

    /** Most bytes of one transfer, as u32. */
    public long maxTransferBytes() {
        return buffer.getInt(TRANSFER_OFFSET, LITTLE_ENDIAN) & U32;
    }

    /** Each of several messages is padded to this power of two, as u32. */
    public long alignmentShift() {
        return buffer.getInt(ALIGNMENT_OFFSET, LITTLE_ENDIAN) & U32;
    }

    /** Length of the information in the answer to a query, as u32. */
    public long infoBytes() {
        return buffer.getInt(WORD_2, LITTLE_ENDIAN) & U32;
    }

    /**
     * Where the information in the answer to a query starts, from the start of the message; {@link
     * #NO_INFO} if it does not lie between the last word and the end of a message of {@code
     * messageBytes}, which are there. All of {@link #infoBytes} are there then.
     */
    public int infoOffset(final int messageBytes) {
        final long told = (buffer.getInt(WORD_3, LITTLE_ENDIAN) & U32) + RndisRequest.HEADER_BYTES;
        final boolean isSound = told >= INFO_OFFSET && told + infoBytes() <= messageBytes;
        return isSound ? (int) told : NO_INFO;
    }
}
