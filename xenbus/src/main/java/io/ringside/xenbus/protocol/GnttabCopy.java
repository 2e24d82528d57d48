package io.ringside.xenbus.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One copy of {@code GNTTABOP_copy}, as the caller lays it in memory: 40 bytes, little-endian; 24
 * bytes from a 32-bit caller, whose frame numbers are half as wide.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |    source frame, or grant reference   |
 *    8  |  domid  | offset  |         -         |
 *   16  | destination frame, or grant reference |
 *   24  |  domid  | offset  |         -         |
 *   32  | length  |  flags  | status  |    -    |
 *       +----+----+----+----+----+----+----+----+
 *
 *       +----+----+----+----+----+----+----+----+
 *    0  | source, 32 bits   |  domid  | offset  |  from a 32-bit caller
 *    8  | destination       |  domid  | offset  |
 *   16  | length  |  flags  | status  |    -    |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: {@code gnttab_copy}, {@code gnttab_copy_ptr}, xen/grant_table.h. Threads: one
 * flyweight per thread.
 */
public final class GnttabCopy {
    /** Bytes of one copy. */
    public static final int SIZE_BYTES = 40;

    /** Bytes of one copy of a 32-bit caller. */
    public static final int SIZE_BYTES_32 = 24;

    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;
    private int numberBytes;
    private int pointerBytes;

    /** Lays the flyweight over one of an array of copies. */
    public GnttabCopy wrap(final UnsafeBuffer copies, final int index, final boolean from32Bits) {
        buffer = copies;
        offset = index * (from32Bits ? SIZE_BYTES_32 : SIZE_BYTES);
        numberBytes = from32Bits ? Integer.BYTES : Long.BYTES;
        pointerBytes = 2 * numberBytes;
        return this;
    }

    /** Grant reference of the source. */
    public int sourceReference() {
        return buffer.getInt(offset);
    }

    /** Frame of the source, unsigned where it is half as wide. */
    public long sourceFrame() {
        return number(offset);
    }

    /** Domain of the source. */
    public int sourceDomain() {
        return unsignedShort(offset + numberBytes);
    }

    /** Where in the page the source begins. */
    public int sourceOffset() {
        return unsignedShort(offset + numberBytes + Short.BYTES);
    }

    /** Grant reference of the destination. */
    public int destinationReference() {
        return buffer.getInt(offset + pointerBytes);
    }

    /** Frame of the destination, unsigned where it is half as wide. */
    public long destinationFrame() {
        return number(offset + pointerBytes);
    }

    /** Domain of the destination. */
    public int destinationDomain() {
        return unsignedShort(offset + pointerBytes + numberBytes);
    }

    /** Where in the page the destination begins. */
    public int destinationOffset() {
        return unsignedShort(offset + pointerBytes + numberBytes + Short.BYTES);
    }

    /** Length in bytes. */
    public int lengthBytes() {
        return unsignedShort(offset + 2 * pointerBytes);
    }

    /** {@code GNTCOPY_} flags. */
    public int flags() {
        return unsignedShort(offset + 2 * pointerBytes + Short.BYTES);
    }

    /** Sets the status, a {@code GNTST_} code. */
    public void status(final int status) {
        buffer.putShort(offset + 2 * pointerBytes + Integer.BYTES, (short) status);
    }

    private long number(final int at) {
        return numberBytes == Long.BYTES
                ? buffer.getLong(at)
                : Integer.toUnsignedLong(buffer.getInt(at));
    }

    private int unsignedShort(final int at) {
        return buffer.getShort(at) & 0xFFFF;
    }
}
