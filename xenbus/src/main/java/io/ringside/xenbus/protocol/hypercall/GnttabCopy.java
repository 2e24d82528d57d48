package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
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

    /** Bytes of one copy of a 64-bit or a 32-bit caller. */
    public static int sizeBytes(final boolean from32Bits) {
        return from32Bits ? SIZE_BYTES_32 : SIZE_BYTES;
    }

    /** Grant reference of the source. */
    public int sourceReference() {
        return buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);
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

    /** Sets where the copy reads: a grant reference or a frame, as the flags say. */
    public GnttabCopy source(final long number, final int domain, final int offsetBytes) {
        pointer(offset, number, domain, offsetBytes);
        return this;
    }

    /** Grant reference of the destination. */
    public int destinationReference() {
        return buffer.getInt(offset + pointerBytes, ByteOrder.LITTLE_ENDIAN);
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

    /** Sets where the copy writes: a grant reference or a frame, as the flags say. */
    public GnttabCopy destination(final long number, final int domain, final int offsetBytes) {
        pointer(offset + pointerBytes, number, domain, offsetBytes);
        return this;
    }

    /** Length in bytes. */
    public int lengthBytes() {
        return unsignedShort(offset + 2 * pointerBytes);
    }

    /** Sets {@link #lengthBytes()}. */
    public GnttabCopy lengthBytes(final int lengthBytes) {
        putShort(offset + 2 * pointerBytes, lengthBytes);
        return this;
    }

    /** {@code GNTCOPY_} flags. */
    public int flags() {
        return unsignedShort(offset + 2 * pointerBytes + Short.BYTES);
    }

    /** Sets {@link #flags()}. */
    public GnttabCopy flags(final int flags) {
        putShort(offset + 2 * pointerBytes + Short.BYTES, flags);
        return this;
    }

    /** How it went: a {@code GNTST_} code. */
    public int status() {
        return (short) unsignedShort(offset + 2 * pointerBytes + Integer.BYTES);
    }

    /** Sets {@link #status()}. */
    public GnttabCopy status(final int status) {
        putShort(offset + 2 * pointerBytes + Integer.BYTES, status);
        return this;
    }

    private void pointer(final int at, final long number, final int domain, final int offsetBytes) {
        if (numberBytes == Long.BYTES) {
            buffer.putLong(at, number, ByteOrder.LITTLE_ENDIAN);
        } else {
            buffer.putInt(at, (int) number, ByteOrder.LITTLE_ENDIAN);
        }
        putShort(at + numberBytes, domain);
        putShort(at + numberBytes + Short.BYTES, offsetBytes);
    }

    private long number(final int at) {
        return numberBytes == Long.BYTES
                ? buffer.getLong(at, ByteOrder.LITTLE_ENDIAN)
                : Integer.toUnsignedLong(buffer.getInt(at, ByteOrder.LITTLE_ENDIAN));
    }

    private int unsignedShort(final int at) {
        return buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private void putShort(final int at, final int value) {
        buffer.putShort(at, (short) value, ByteOrder.LITTLE_ENDIAN);
    }
}
