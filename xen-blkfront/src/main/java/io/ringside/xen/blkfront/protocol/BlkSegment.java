package io.ringside.xen.blkfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One piece of memory of a request: 8 bytes, little-endian, alike in every layout.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |       gref        |frst|last| padding |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code gref} is the grant reference of a page; {@code frst} and {@code last} are its first and
 * last sector of 512 bytes that take part, both inclusive, 0 to 7.
 *
 * <p>Source: {@code struct blkif_request_segment}, xen/io/blkif.h. Threads: one flyweight per
 * thread.
 */
public final class BlkSegment {
    /** Bytes of one segment. */
    public static final int BYTES = 8;

    /** Bytes of one sector, the unit of every address on the wire. */
    public static final int SECTOR_BYTES = 512;

    /** The last sector of a page: the highest legal value of both sector fields. */
    public static final int LAST_SECTOR_OF_PAGE = 7;

    private static final int REFERENCE_OFFSET = 0;
    private static final int FIRST_SECTOR_OFFSET = REFERENCE_OFFSET + Integer.BYTES;
    private static final int LAST_SECTOR_OFFSET = FIRST_SECTOR_OFFSET + Byte.BYTES;
    private static final int PADDING_OFFSET = LAST_SECTOR_OFFSET + Byte.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one segment. */
    public BlkSegment wrap(final MutableDirectBuffer memory, final int offset) {
        buffer.wrap(memory, offset, BYTES);
        return this;
    }

    /** Writes all 8 bytes, padding included. */
    public void put(final int reference, final int firstSector, final int lastSector) {
        buffer.putInt(REFERENCE_OFFSET, reference, LITTLE_ENDIAN);
        buffer.putByte(FIRST_SECTOR_OFFSET, (byte) firstSector);
        buffer.putByte(LAST_SECTOR_OFFSET, (byte) lastSector);
        buffer.putShort(PADDING_OFFSET, (short) 0, LITTLE_ENDIAN);
    }

    /** Grant reference of the page, any 32 bits. */
    public int reference() {
        return buffer.getInt(REFERENCE_OFFSET, LITTLE_ENDIAN);
    }

    /** First sector within the page that takes part, 0 to 255 as sent. */
    public int firstSector() {
        return buffer.getByte(FIRST_SECTOR_OFFSET) & 0xff;
    }

    /** Last sector within the page that takes part, 0 to 255 as sent. */
    public int lastSector() {
        return buffer.getByte(LAST_SECTOR_OFFSET) & 0xff;
    }
}
