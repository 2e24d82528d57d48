package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_get_version}: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  domid  |    -    |      version      |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The version is the answer.
 *
 * <p>Source: {@code gnttab_get_version}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GnttabGetVersion {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 8;

    private static final int DOMAIN_OFFSET = 0;
    private static final int VERSION_OFFSET = 4;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public GnttabGetVersion wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** The domain whose table it is. */
    public int domain() {
        return buffer.getShort(DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #domain()}. */
    public GnttabGetVersion domain(final int domain) {
        buffer.putShort(DOMAIN_OFFSET, (short) domain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The version of the table. */
    public long version() {
        return buffer.getInt(VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    /** Sets {@link #version()}. */
    public GnttabGetVersion version(final long version) {
        buffer.putInt(VERSION_OFFSET, (int) version, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
