package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_get_status_frames}: 16 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |    frame count    |  domid  |  status |
 *       +----+----+----+----+----+----+----+----+
 *    8  |               frame list              |
 *       +----+----+----+----+----+----+----+----+
 *
 *       +----+----+----+----+----+----+----+----+
 *    0  |    frame count    |  domid  |  status |  from a 32-bit caller
 *       +----+----+----+----+----+----+----+----+
 *    8  |     frame list    |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>The status is the answer, and the list that is pointed to.
 *
 * <p>Source: {@code gnttab_get_status_frames}, xen/grant_table.h. Threads: one flyweight per
 * thread.
 */
public final class GnttabGetStatusFrames {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 16;

    /** Bytes of the argument of a 32-bit caller. */
    public static final int SIZE_BYTES_32 = 12;

    private static final int FRAME_COUNT_OFFSET = 0;
    private static final int DOMAIN_OFFSET = 4;
    private static final int STATUS_OFFSET = 6;
    private static final int FRAME_LIST_OFFSET = 8;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private boolean from32Bits;

    /** Lays the flyweight over one argument, in the layout of a 64-bit or a 32-bit caller. */
    public GnttabGetStatusFrames wrap(
            final UnsafeBuffer source, final int offset, final boolean callerHas32Bits) {
        from32Bits = callerHas32Bits;
        buffer.wrap(source, offset, sizeBytes(callerHas32Bits));
        return this;
    }

    /** Bytes of one argument of a 64-bit or a 32-bit caller. */
    public static int sizeBytes(final boolean callerHas32Bits) {
        return callerHas32Bits ? SIZE_BYTES_32 : SIZE_BYTES;
    }

    /** How many frames are wanted. */
    public long frameCount() {
        return buffer.getInt(FRAME_COUNT_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Sets {@link #frameCount()}. */
    public GnttabGetStatusFrames frameCount(final long frameCount) {
        buffer.putInt(FRAME_COUNT_OFFSET, (int) frameCount, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The domain whose table it is. */
    public int domain() {
        return buffer.getShort(DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #domain()}. */
    public GnttabGetStatusFrames domain(final int domain) {
        buffer.putShort(DOMAIN_OFFSET, (short) domain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How it went: a {@code GNTST_} code. */
    public int status() {
        return buffer.getShort(STATUS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #status()}. */
    public GnttabGetStatusFrames status(final int status) {
        buffer.putShort(STATUS_OFFSET, (short) status, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Address of the list of frames: 8 bytes each, whoever calls. */
    public long frameList() {
        return from32Bits
                ? buffer.getInt(FRAME_LIST_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL
                : buffer.getLong(FRAME_LIST_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #frameList()}. */
    public GnttabGetStatusFrames frameList(final long frameList) {
        if (from32Bits) {
            buffer.putInt(FRAME_LIST_OFFSET, (int) frameList, ByteOrder.LITTLE_ENDIAN);
        } else {
            buffer.putLong(FRAME_LIST_OFFSET, frameList, ByteOrder.LITTLE_ENDIAN);
        }
        return this;
    }
}
