package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_unmap_grant_ref}: 24 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |              host address             |
 *       +----+----+----+----+----+----+----+----+
 *    8  |              bus address              |
 *       +----+----+----+----+----+----+----+----+
 *   16  |       handle      |  status |    -    |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The status is the answer.
 *
 * <p>Source: {@code gnttab_unmap_grant_ref}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GnttabUnmapGrantRef {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 24;

    private static final int HOST_ADDRESS_OFFSET = 0;
    private static final int BUS_ADDRESS_OFFSET = 8;
    private static final int HANDLE_OFFSET = 16;
    private static final int STATUS_OFFSET = 20;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public GnttabUnmapGrantRef wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** Where the page is mapped. */
    public long hostAddress() {
        return buffer.getLong(HOST_ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #hostAddress()}. */
    public GnttabUnmapGrantRef hostAddress(final long hostAddress) {
        buffer.putLong(HOST_ADDRESS_OFFSET, hostAddress, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Where a device finds the page; 0 says nothing. */
    public long busAddress() {
        return buffer.getLong(BUS_ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #busAddress()}. */
    public GnttabUnmapGrantRef busAddress(final long busAddress) {
        buffer.putLong(BUS_ADDRESS_OFFSET, busAddress, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The number that mapping gave. */
    public int handle() {
        return buffer.getInt(HANDLE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #handle()}. */
    public GnttabUnmapGrantRef handle(final int handle) {
        buffer.putInt(HANDLE_OFFSET, handle, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How it went: a {@code GNTST_} code. */
    public int status() {
        return buffer.getShort(STATUS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #status()}. */
    public GnttabUnmapGrantRef status(final int status) {
        buffer.putShort(STATUS_OFFSET, (short) status, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
