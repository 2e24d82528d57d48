package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_transfer}: 24 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |                 frame                 |
 *       +----+----+----+----+----+----+----+----+
 *    8  |  domid  |    -    |     reference     |
 *       +----+----+----+----+----+----+----+----+
 *   16  |  status |              -              |
 *       +----+----+----+----+----+----+----+----+
 *
 *       +----+----+----+----+----+----+----+----+
 *    0  |       frame       |  domid  |    -    |  from a 32-bit caller
 *       +----+----+----+----+----+----+----+----+
 *    8  |     reference     |  status |    -    |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The status is the answer.
 *
 * <p>Source: {@code gnttab_transfer}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GnttabTransfer {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 24;

    /** Bytes of the argument of a 32-bit caller. */
    public static final int SIZE_BYTES_32 = 16;

    private static final int FRAME_OFFSET = 0;
    private static final int DOMAIN_OFFSET = 8;
    private static final int DOMAIN_OFFSET_32 = 4;
    private static final int REFERENCE_OFFSET = 12;
    private static final int REFERENCE_OFFSET_32 = 8;
    private static final int STATUS_OFFSET = 16;
    private static final int STATUS_OFFSET_32 = 12;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private boolean from32Bits;

    /** Lays the flyweight over one argument, in the layout of a 64-bit or a 32-bit caller. */
    public GnttabTransfer wrap(
            final UnsafeBuffer source, final int offset, final boolean callerHas32Bits) {
        from32Bits = callerHas32Bits;
        buffer.wrap(source, offset, sizeBytes(callerHas32Bits));
        return this;
    }

    /** Bytes of one argument of a 64-bit or a 32-bit caller. */
    public static int sizeBytes(final boolean callerHas32Bits) {
        return callerHas32Bits ? SIZE_BYTES_32 : SIZE_BYTES;
    }

    /** The frame that is given away. */
    public long frame() {
        return from32Bits
                ? buffer.getInt(FRAME_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL
                : buffer.getLong(FRAME_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #frame()}. */
    public GnttabTransfer frame(final long frame) {
        if (from32Bits) {
            buffer.putInt(FRAME_OFFSET, (int) frame, ByteOrder.LITTLE_ENDIAN);
        } else {
            buffer.putLong(FRAME_OFFSET, frame, ByteOrder.LITTLE_ENDIAN);
        }
        return this;
    }

    /** Who gets it. */
    public int domain() {
        return buffer.getShort(
                        from32Bits ? DOMAIN_OFFSET_32 : DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN)
                & 0xFFFF;
    }

    /** Sets {@link #domain()}. */
    public GnttabTransfer domain(final int domain) {
        buffer.putShort(
                from32Bits ? DOMAIN_OFFSET_32 : DOMAIN_OFFSET,
                (short) domain,
                ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The entry that waits for it. */
    public int reference() {
        return buffer.getInt(
                from32Bits ? REFERENCE_OFFSET_32 : REFERENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #reference()}. */
    public GnttabTransfer reference(final int reference) {
        buffer.putInt(
                from32Bits ? REFERENCE_OFFSET_32 : REFERENCE_OFFSET,
                reference,
                ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How it went: a {@code GNTST_} code. */
    public int status() {
        return buffer.getShort(
                from32Bits ? STATUS_OFFSET_32 : STATUS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #status()}. */
    public GnttabTransfer status(final int status) {
        buffer.putShort(
                from32Bits ? STATUS_OFFSET_32 : STATUS_OFFSET,
                (short) status,
                ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
