package io.ringside.ringbuf.vmbus;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The header of a {@link PacketType#TRANSFER_PAGES} packet: where its data lies in a buffer that
 * both ends set up before. 8 bytes and 8 for each range, little-endian; it follows the descriptor.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  | set id  |owns|  0 |   range count     |
 *       +----+----+----+----+----+----+----+----+
 *    8  |   byte count      |   byte offset     |   range 0, then range 1, ...
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The ranges may overlap or lie outside the buffer: whoever has the buffer checks them, in 64
 * bits. Source: {@code vmtransfer_page_packet_header}, linux/hyperv.h. Threads: one flyweight per
 * thread.
 */
public final class TransferPageHeader {
    static final int SET_ID_OFFSET = 0;
    static final int SENDER_OWNS_OFFSET = SET_ID_OFFSET + Short.BYTES;
    static final int RESERVED_OFFSET = SENDER_OWNS_OFFSET + Byte.BYTES;
    static final int RANGE_COUNT_OFFSET = RESERVED_OFFSET + Byte.BYTES;
    static final int RANGES_OFFSET = RANGE_COUNT_OFFSET + Integer.BYTES;
    static final int BYTE_OFFSET_OFFSET = Integer.BYTES;
    static final int RANGE_BYTES = BYTE_OFFSET_OFFSET + Integer.BYTES;

    private static final long U32 = 0xffff_ffffL;
    private static final int U16 = 0xffff;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int rangeCount;

    /** Bytes of a header with so many ranges. */
    public static int bytes(final int rangeCount) {
        return RANGES_OFFSET + rangeCount * RANGE_BYTES;
    }

    /** Lays the flyweight over the header of the packet that {@code ring} took last. */
    public TransferPageHeader wrap(final IncomingRing ring) {
        return wrap(ring.buffer(), ring.headerOffset(), ring.rangeCount());
    }

    /** Lays the flyweight over a header whose range count is known and checked. */
    public TransferPageHeader wrap(
            final UnsafeBuffer source, final int offset, final int checkedRangeCount) {
        buffer.wrap(source, offset, bytes(checkedRangeCount));
        rangeCount = checkedRangeCount;
        return this;
    }

    /** Starts a header in memory of at least {@link #bytes}; the ranges are still to be put. */
    public TransferPageHeader start(
            final UnsafeBuffer target,
            final int offset,
            final int setId,
            final boolean senderOwnsSet,
            final int ranges) {
        wrap(target, offset, ranges);
        buffer.putShort(SET_ID_OFFSET, (short) setId, LITTLE_ENDIAN);
        buffer.putByte(SENDER_OWNS_OFFSET, (byte) (senderOwnsSet ? 1 : 0));
        buffer.putByte(RESERVED_OFFSET, (byte) 0);
        buffer.putInt(RANGE_COUNT_OFFSET, ranges, LITTLE_ENDIAN);
        return this;
    }

    /** Puts one range. */
    public void putRange(final int range, final int byteCount, final int byteOffset) {
        final int at = offsetOf(range);
        buffer.putInt(at, byteCount, LITTLE_ENDIAN);
        buffer.putInt(at + BYTE_OFFSET_OFFSET, byteOffset, LITTLE_ENDIAN);
    }

    /** The id of the buffer, agreed on before. */
    public int setId() {
        return buffer.getShort(SET_ID_OFFSET, LITTLE_ENDIAN) & U16;
    }

    /** Whether the buffer is the sender's. */
    public boolean senderOwnsSet() {
        return buffer.getByte(SENDER_OWNS_OFFSET) != 0;
    }

    /** How many ranges there are; they are numbered from 0. */
    public int rangeCount() {
        return rangeCount;
    }

    /** Length of a range in bytes, as u32. */
    public long byteCount(final int range) {
        return buffer.getInt(offsetOf(range), LITTLE_ENDIAN) & U32;
    }

    /** Start of a range in the buffer, in bytes, as u32. */
    public long byteOffset(final int range) {
        return buffer.getInt(offsetOf(range) + BYTE_OFFSET_OFFSET, LITTLE_ENDIAN) & U32;
    }

    private static int offsetOf(final int range) {
        return RANGES_OFFSET + range * RANGE_BYTES;
    }
}
