package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_unmap_and_replace}: 24 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |              host address             |
 *       +----+----+----+----+----+----+----+----+
 *    8  |              new address              |
 *       +----+----+----+----+----+----+----+----+
 *   16  |       handle      |  status |    -    |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The status is the answer.
 *
 * <p>Source: {@code gnttab_unmap_and_replace}, xen/grant_table.h. Threads: one flyweight per
 * thread.
 */
public final class GnttabUnmapAndReplace {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 24;

    private static final int HOST_ADDRESS_OFFSET = 0;
    private static final int NEW_ADDRESS_OFFSET = 8;
    private static final int HANDLE_OFFSET = 16;
    private static final int STATUS_OFFSET = 20;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public GnttabUnmapAndReplace wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** Where the page is mapped. */
    public long hostAddress() {
        return buffer.getLong(HOST_ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #hostAddress()}. */
    public GnttabUnmapAndReplace hostAddress(final long hostAddress) {
        buffer.putLong(HOST_ADDRESS_OFFSET, hostAddress, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** What goes in its place; 0 is nothing. */
    public long newAddress() {
        return buffer.getLong(NEW_ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #newAddress()}. */
    public GnttabUnmapAndReplace newAddress(final long newAddress) {
        buffer.putLong(NEW_ADDRESS_OFFSET, newAddress, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The number that mapping gave. */
    public int handle() {
        return buffer.getInt(HANDLE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #handle()}. */
    public GnttabUnmapAndReplace handle(final int handle) {
        buffer.putInt(HANDLE_OFFSET, handle, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How it went: a {@code GNTST_} code. */
    public int status() {
        return buffer.getShort(STATUS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #status()}. */
    public GnttabUnmapAndReplace status(final int status) {
        buffer.putShort(STATUS_OFFSET, (short) status, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
