package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_query_size}: 16 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  domid  |    -    |    frame count    |
 *       +----+----+----+----+----+----+----+----+
 *    8  |    most frames    |  status |    -    |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>All but the domain is the answer.
 *
 * <p>Source: {@code gnttab_query_size}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GnttabQuerySize {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 16;

    private static final int DOMAIN_OFFSET = 0;
    private static final int FRAME_COUNT_OFFSET = 4;
    private static final int MAX_FRAME_COUNT_OFFSET = 8;
    private static final int STATUS_OFFSET = 12;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public GnttabQuerySize wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The domain whose table it is. */
    public int domain() {
        return buffer.getShort(DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #domain()}. */
    public GnttabQuerySize domain(final int domain) {
        buffer.putShort(DOMAIN_OFFSET, (short) domain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How many pages the table has. */
    public long frameCount() {
        return buffer.getInt(FRAME_COUNT_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Sets {@link #frameCount()}. */
    public GnttabQuerySize frameCount(final long frameCount) {
        buffer.putInt(FRAME_COUNT_OFFSET, (int) frameCount, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How many pages the table may have. */
    public long maxFrameCount() {
        return buffer.getInt(MAX_FRAME_COUNT_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Sets {@link #maxFrameCount()}. */
    public GnttabQuerySize maxFrameCount(final long maxFrameCount) {
        buffer.putInt(MAX_FRAME_COUNT_OFFSET, (int) maxFrameCount, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How it went: a {@code GNTST_} code. */
    public int status() {
        return buffer.getShort(STATUS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #status()}. */
    public GnttabQuerySize status(final int status) {
        buffer.putShort(STATUS_OFFSET, (short) status, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
