package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_set_version}: 4 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+
 *    0  |      version      |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>The version is the answer as well.
 *
 * <p>Source: {@code gnttab_set_version}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GnttabSetVersion {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 4;

    private static final int VERSION_OFFSET = 0;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public GnttabSetVersion wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The version that is wanted; then the one there is. */
    public long version() {
        return buffer.getInt(VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Sets {@link #version()}. */
    public GnttabSetVersion version(final long version) {
        buffer.putInt(VERSION_OFFSET, (int) version, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
