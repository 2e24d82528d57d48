package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_cache_flush}: 16 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |              bus address              |
 *       +----+----+----+----+----+----+----+----+
 *    8  |  offset |  length |     operation     |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The hypercall itself answers how it went.
 *
 * <p>Source: {@code gnttab_cache_flush}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GnttabCacheFlush {
    /** Writes back: {@code GNTTAB_CACHE_CLEAN}. */
    public static final int CLEAN = 1;

    /** Drops what is cached: {@code GNTTAB_CACHE_INVAL}. */
    public static final int INVALIDATE = 2;

    /** The page is a grant reference: {@code GNTTAB_CACHE_SOURCE_GREF}. */
    public static final int SOURCE_GRANT = 1 << 31;

    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 16;

    private static final int BUS_ADDRESS_OFFSET = 0;
    private static final int REFERENCE_OFFSET = 0;
    private static final int OFFSET_OFFSET = 8;
    private static final int LENGTH_OFFSET = 10;
    private static final int OPERATION_OFFSET = 12;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public GnttabCacheFlush wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** Address of the page, if it is no grant reference. */
    public long busAddress() {
        return buffer.getLong(BUS_ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #busAddress()}. */
    public GnttabCacheFlush busAddress(final long busAddress) {
        buffer.putLong(BUS_ADDRESS_OFFSET, busAddress, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The grant reference in the same place, if it is one. */
    public int reference() {
        return buffer.getInt(REFERENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #reference()}. */
    public GnttabCacheFlush reference(final int reference) {
        buffer.putInt(REFERENCE_OFFSET, reference, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Where in the page the part begins. */
    public int offset() {
        return buffer.getShort(OFFSET_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #offset()}. */
    public GnttabCacheFlush offset(final int offset) {
        buffer.putShort(OFFSET_OFFSET, (short) offset, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How long the part is, in bytes. */
    public int length() {
        return buffer.getShort(LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #length()}. */
    public GnttabCacheFlush length(final int length) {
        buffer.putShort(LENGTH_OFFSET, (short) length, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** A set of {@code GNTTAB_CACHE_} bits. */
    public int operation() {
        return buffer.getInt(OPERATION_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #operation()}. */
    public GnttabCacheFlush operation(final int operation) {
        buffer.putInt(OPERATION_OFFSET, operation, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
