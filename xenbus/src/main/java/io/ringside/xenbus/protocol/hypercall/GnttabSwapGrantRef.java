package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_swap_grant_ref}: 12 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |       first       |       second      |
 *       +----+----+----+----+----+----+----+----+
 *    8  |  status |    -    |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>The status is the answer.
 *
 * <p>Source: {@code gnttab_swap_grant_ref}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GnttabSwapGrantRef {
    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 12;

    private static final int FIRST_OFFSET = 0;
    private static final int SECOND_OFFSET = 4;
    private static final int STATUS_OFFSET = 8;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public GnttabSwapGrantRef wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** One grant reference. */
    public int first() {
        return buffer.getInt(FIRST_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #first()}. */
    public GnttabSwapGrantRef first(final int first) {
        buffer.putInt(FIRST_OFFSET, first, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The other grant reference. */
    public int second() {
        return buffer.getInt(SECOND_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #second()}. */
    public GnttabSwapGrantRef second(final int second) {
        buffer.putInt(SECOND_OFFSET, second, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How it went: a {@code GNTST_} code. */
    public int status() {
        return buffer.getShort(STATUS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #status()}. */
    public GnttabSwapGrantRef status(final int status) {
        buffer.putShort(STATUS_OFFSET, (short) status, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
