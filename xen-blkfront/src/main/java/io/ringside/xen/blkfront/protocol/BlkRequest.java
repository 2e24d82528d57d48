package io.ringside.xen.blkfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One request of a block ring that reads, writes or flushes: 112 bytes, little-endian. Shown is the
 * x86_64 layout; {@link BlkAbi} tells where the 64-bit fields lie in the other.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  | op |nseg| handle  |      padding      |
 *       +----+----+----+----+----+----+----+----+
 *    8  |                  id                   |
 *       +----+----+----+----+----+----+----+----+
 *   16  |             sector_number             |
 *       +----+----+----+----+----+----+----+----+
 *   24  |  seg[0], ... seg[10]: 8 bytes each, see BlkSegment
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code op} says what is asked for ({@link BlkOperation}), {@code nseg} how many segments
 * count, {@code handle} which disk, {@code id} is echoed in the response, and {@code sector_number}
 * is in units of 512 bytes. Requests of other shapes ({@link BlkDiscardRequest}, {@link
 * BlkIndirectRequest}) share {@code op}, {@code id} and {@code sector_number}.
 *
 * <p>Source: {@code struct blkif_request}, xen/io/blkif.h. Threads: one flyweight per thread.
 */
public final class BlkRequest {
    /** Most segments of one request. */
    public static final int MAX_SEGMENTS = 11;

    /** Bytes before the padding: they lie alike in every layout. */
    static final int HEADER_BYTES = Integer.BYTES;

    private static final int OPERATION_OFFSET = 0;
    private static final int SEGMENT_COUNT_OFFSET = OPERATION_OFFSET + Byte.BYTES;
    private static final int HANDLE_OFFSET = SEGMENT_COUNT_OFFSET + Byte.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final BlkAbi abi;

    /** A flyweight for requests of one layout; it lies over nothing yet. */
    public BlkRequest(final BlkAbi abi) {
        this.abi = abi;
    }

    /** Lays the flyweight over one whole slot. */
    public BlkRequest wrap(final MutableDirectBuffer memory, final int offset) {
        buffer.wrap(memory, offset, abi.requestBytes());
        return this;
    }

    /** The layout that it was made for. */
    public BlkAbi abi() {
        return abi;
    }

    /** Writes everything before the segments, padding included. */
    public BlkRequest put(
            final int operation,
            final int segmentCount,
            final int handle,
            final long id,
            final long sector) {
        buffer.setMemory(0, abi.idOffset(), (byte) 0);
        buffer.putByte(OPERATION_OFFSET, (byte) operation);
        buffer.putByte(SEGMENT_COUNT_OFFSET, (byte) segmentCount);
        buffer.putShort(HANDLE_OFFSET, (short) handle, LITTLE_ENDIAN);
        buffer.putLong(abi.idOffset(), id, LITTLE_ENDIAN);
        buffer.putLong(abi.sectorOffset(), sector, LITTLE_ENDIAN);
        return this;
    }

    /** What is asked for, 0 to 255: see {@link BlkOperation}. */
    public int operation() {
        return buffer.getByte(OPERATION_OFFSET) & 0xff;
    }

    /**
     * The operation that the response must name: of an indirect request the inner one, which lies
     * where other requests count their segments.
     */
    public int answeredOperation() {
        final int operation = operation();
        return operation == BlkOperation.INDIRECT ? segmentCount() : operation;
    }

    /** How many segments the sender says there are, 0 to 255. */
    public int segmentCount() {
        return buffer.getByte(SEGMENT_COUNT_OFFSET) & 0xff;
    }

    /** Which disk, 0 to 65535. */
    public int handle() {
        return buffer.getShort(HANDLE_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** The sender's own number, any 64 bits. */
    public long id() {
        return buffer.getLong(abi.idOffset(), LITTLE_ENDIAN);
    }

    /** First sector in units of 512 bytes; unsigned, so that a hostile one may look negative. */
    public long sector() {
        return buffer.getLong(abi.sectorOffset(), LITTLE_ENDIAN);
    }

    /** Lays a flyweight over one segment, 0 to 10. */
    public BlkSegment segment(final int index, final BlkSegment segment) {
        if (index < 0 || index >= MAX_SEGMENTS) {
            throw new IllegalArgumentException("no such segment: index=" + index);
        }
        return segment.wrap(buffer, abi.segmentOffset(index));
    }
}
