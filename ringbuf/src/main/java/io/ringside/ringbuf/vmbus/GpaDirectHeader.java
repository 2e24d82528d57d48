package io.ringside.ringbuf.vmbus;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The header of a {@link PacketType#GPA_DIRECT} packet: the pages of the guest that its data lies
 * in. Little-endian; it follows the descriptor.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |         0         |   range count     |
 *       +----+----+----+----+----+----+----+----+
 *    8  |   byte count      |   byte offset     |   range 0: into its first page, below 4096
 *       +----+----+----+----+----+----+----+----+
 *   16  |            page frame number          |   as many as the bytes touch
 *       +----+----+----+----+----+----+----+----+
 *       |   byte count      |   byte offset     |   range 1, ...
 * </pre>
 *
 * <p>Written range by range with {@link #start}, {@link #addRange} and {@link #addPage}; read range
 * by range with {@link #wrap} and {@link #nextRange}, which reads each range once and checks it.
 * Whether a page exists is for the owner of the guest's memory to say.
 *
 * <p>Source: {@code vmdata_gpa_direct} and {@code gpa_range}, linux/hyperv.h. Threads: one
 * flyweight per thread.
 */
public final class GpaDirectHeader {
    static final int RESERVED_OFFSET = 0;
    static final int RANGE_COUNT_OFFSET = RESERVED_OFFSET + Integer.BYTES;
    static final int RANGES_OFFSET = RANGE_COUNT_OFFSET + Integer.BYTES;
    static final int BYTE_OFFSET_OFFSET = Integer.BYTES;
    static final int PAGES_OFFSET = BYTE_OFFSET_OFFSET + Integer.BYTES;

    private static final int PAGE_BYTES = 4096;
    private static final long U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int nextOffset;
    private int rangesLeft;
    private int rangeCount;
    private int pagesOffset;
    private int pageCount;
    private int byteOffset;
    private long byteCount;

    /** Bytes of a header with so many ranges that name so many pages together. */
    public static int bytes(final int rangeCount, final int pageCount) {
        return RANGES_OFFSET + rangeCount * PAGES_OFFSET + pageCount * Long.BYTES;
    }

    /** Pages that a range touches: both numbers as u32, in bytes. */
    public static long pages(final long byteCount, final long byteOffset) {
        return (byteOffset + byteCount + PAGE_BYTES - 1) / PAGE_BYTES;
    }

    /** Starts a header without ranges in {@code headerBytes} of memory. */
    public GpaDirectHeader start(
            final UnsafeBuffer target, final int offset, final int headerBytes) {
        buffer.wrap(target, offset, headerBytes);
        buffer.putInt(RESERVED_OFFSET, 0);
        buffer.putInt(RANGE_COUNT_OFFSET, 0);
        nextOffset = RANGES_OFFSET;
        rangeCount = 0;
        return this;
    }

    /** Adds a range; as many {@link #addPage} must follow as {@link #pages} says. */
    public void addRange(final int rangeBytes, final int offsetInPage) {
        if (offsetInPage < 0 || offsetInPage >= PAGE_BYTES) {
            throw new IllegalArgumentException("not in the page: byteOffset=" + offsetInPage);
        }
        buffer.putInt(nextOffset, rangeBytes, LITTLE_ENDIAN);
        buffer.putInt(nextOffset + BYTE_OFFSET_OFFSET, offsetInPage, LITTLE_ENDIAN);
        nextOffset += PAGES_OFFSET;
        rangeCount++;
        buffer.putInt(RANGE_COUNT_OFFSET, rangeCount, LITTLE_ENDIAN);
    }

    /** Adds a page to the range added last. */
    public void addPage(final long frameNumber) {
        buffer.putLong(nextOffset, frameNumber, LITTLE_ENDIAN);
        nextOffset += Long.BYTES;
    }

    /** Lays the flyweight over the header of the packet that {@code ring} took last. */
    public GpaDirectHeader wrap(final IncomingRing ring) {
        return wrap(ring.buffer(), ring.headerOffset(), ring.headerBytes(), ring.rangeCount());
    }

    /** Lays the flyweight over a header, before its first range; the range count is known. */
    public GpaDirectHeader wrap(
            final UnsafeBuffer source,
            final int offset,
            final int headerBytes,
            final int checkedRangeCount) {
        buffer.wrap(source, offset, headerBytes);
        nextOffset = RANGES_OFFSET;
        rangeCount = checkedRangeCount;
        rangesLeft = checkedRangeCount;
        return this;
    }

    /**
     * Goes to the next range.
     *
     * @return {@link RingStatus#OK}; {@link RingStatus#EMPTY} after the last; {@link
     *     RingStatus#BROKEN} if the range is not to be used ({@link Refusal#RANGE}), and then no
     *     range follows
     */
    public int nextRange() {
        if (rangesLeft == 0) {
            return RingStatus.EMPTY;
        }
        final int leftBytes = buffer.capacity() - nextOffset - PAGES_OFFSET;
        if (leftBytes < 0) {
            return refuse();
        }
        final long count = buffer.getInt(nextOffset, LITTLE_ENDIAN) & U32;
        final long offset = buffer.getInt(nextOffset + BYTE_OFFSET_OFFSET, LITTLE_ENDIAN) & U32;
        if (offset >= PAGE_BYTES || pages(count, offset) > leftBytes / Long.BYTES) {
            return refuse();
        }
        byteCount = count;
        byteOffset = (int) offset;
        pageCount = (int) pages(count, offset);
        pagesOffset = nextOffset + PAGES_OFFSET;
        nextOffset = pagesOffset + pageCount * Long.BYTES;
        rangesLeft--;
        return RingStatus.OK;
    }

    private int refuse() {
        rangesLeft = 0;
        byteCount = 0;
        byteOffset = 0;
        pageCount = 0;
        return RingStatus.BROKEN;
    }

    /** How many ranges the header has. */
    public int rangeCount() {
        return rangeCount;
    }

    /** Length of this range in bytes; at most what its pages hold. */
    public long byteCount() {
        return byteCount;
    }

    /** Where this range starts in its first page: 0 to 4095. */
    public int byteOffset() {
        return byteOffset;
    }

    /** Pages of this range. */
    public int pageCount() {
        return pageCount;
    }

    /** The frame number of one page of this range, which is numbered from 0. */
    public long page(final int page) {
        if (page < 0 || page >= pageCount) {
            throw new IllegalArgumentException(
                    "no such page: page=" + page + " pageCount=" + pageCount);
        }
        return buffer.getLong(pagesOffset + page * Long.BYTES, LITTLE_ENDIAN);
    }
}
