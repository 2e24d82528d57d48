package io.ringside.xen.blkfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One request of a block ring whose segments stand in pages of their own: the first 64 bytes of a
 * slot, little-endian. Shown is the x86_64 layout; in the x86_32 one, everything from the id on
 * lies 4 bytes earlier, and 8 bytes of padding end it.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  | op |imm | nr_segs |      padding      |
 *       +----+----+----+----+----+----+----+----+
 *    8  |                  id                   |
 *       +----+----+----+----+----+----+----+----+
 *   16  |             sector_number             |
 *       +----+----+----+----+----+----+----+----+
 *   24  | handle  | padding | indirect_grefs[0] |
 *       +----+----+----+----+----+----+----+----+
 *   32  | indirect_grefs[1], ... [7], then 4 bytes of padding
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code op} is {@link BlkOperation#INDIRECT}, {@code imm} the operation proper, which the
 * response must name: {@link BlkOperation#READ} or {@link BlkOperation#WRITE}. Each page that an
 * {@code indirect_grefs} entry grants is an array of 512 {@link BlkSegment}s; {@code nr_segs} of
 * them count in all, and only as many pages as they fill.
 *
 * <p>Source: {@code struct blkif_request_indirect}, xen/io/blkif.h. Threads: one flyweight per
 * thread.
 */
public final class BlkIndirectRequest {
    /** Most pages of segments of one request. */
    public static final int MAX_PAGES = 8;

    /** Segments that one page holds. */
    public static final int SEGMENTS_PER_PAGE = 4096 / BlkSegment.BYTES;

    /** Most segments of one request. */
    public static final int MAX_SEGMENTS = MAX_PAGES * SEGMENTS_PER_PAGE;

    private static final int BYTES = 64;
    private static final int OPERATION_OFFSET = 0;
    private static final int INNER_OPERATION_OFFSET = OPERATION_OFFSET + Byte.BYTES;
    private static final int SEGMENT_COUNT_OFFSET = INNER_OPERATION_OFFSET + Byte.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final BlkAbi abi;
    private final int handleOffset;
    private final int pagesOffset;

    /** A flyweight for requests of one layout; it lies over nothing yet. */
    public BlkIndirectRequest(final BlkAbi abi) {
        this.abi = abi;
        this.handleOffset = abi.bodyOffset();
        this.pagesOffset = handleOffset + Short.BYTES + Short.BYTES;
    }

    /** How many pages so many segments fill. */
    public static int pageCount(final int segmentCount) {
        return (segmentCount + SEGMENTS_PER_PAGE - 1) / SEGMENTS_PER_PAGE;
    }

    /** Lays the flyweight over one whole slot. */
    public BlkIndirectRequest wrap(final MutableDirectBuffer memory, final int offset) {
        buffer.wrap(memory, offset, abi.requestBytes());
        return this;
    }

    /** Writes everything but the pages, which are zeroed, as is all padding. */
    public BlkIndirectRequest put(
            final int innerOperation,
            final int segmentCount,
            final int handle,
            final long id,
            final long sector) {
        buffer.setMemory(0, BYTES, (byte) 0);
        buffer.putByte(OPERATION_OFFSET, (byte) BlkOperation.INDIRECT);
        buffer.putByte(INNER_OPERATION_OFFSET, (byte) innerOperation);
        buffer.putShort(SEGMENT_COUNT_OFFSET, (short) segmentCount, LITTLE_ENDIAN);
        buffer.putLong(abi.idOffset(), id, LITTLE_ENDIAN);
        buffer.putLong(abi.sectorOffset(), sector, LITTLE_ENDIAN);
        buffer.putShort(handleOffset, (short) handle, LITTLE_ENDIAN);
        return this;
    }

    /** Names the grant of one page of segments, 0 to 7. */
    public BlkIndirectRequest putPage(final int index, final int reference) {
        buffer.putInt(pageOffset(index), reference, LITTLE_ENDIAN);
        return this;
    }

    /** The operation proper, 0 to 255. */
    public int innerOperation() {
        return buffer.getByte(INNER_OPERATION_OFFSET) & 0xff;
    }

    /** How many segments the sender says there are, 0 to 65535. */
    public int segmentCount() {
        return buffer.getShort(SEGMENT_COUNT_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Which disk, 0 to 65535. */
    public int handle() {
        return buffer.getShort(handleOffset, LITTLE_ENDIAN) & 0xffff;
    }

    /** The sender's own number, any 64 bits. */
    public long id() {
        return buffer.getLong(abi.idOffset(), LITTLE_ENDIAN);
    }

    /** First sector in units of 512 bytes; unsigned, so that a hostile one may look negative. */
    public long sector() {
        return buffer.getLong(abi.sectorOffset(), LITTLE_ENDIAN);
    }

    /** The grant reference of one page of segments, 0 to 7; any 32 bits. */
    public int page(final int index) {
        return buffer.getInt(pageOffset(index), LITTLE_ENDIAN);
    }

    private int pageOffset(final int index) {
        if (index < 0 || index >= MAX_PAGES) {
            throw new IllegalArgumentException("no such page: index=" + index);
        }
        return pagesOffset + index * Integer.BYTES;
    }
}
