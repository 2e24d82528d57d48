package io.ringside.xenbus.protocol.hypercall;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The argument of {@code GNTTABOP_map_grant_ref}: 32 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |              host address             |
 *       +----+----+----+----+----+----+----+----+
 *    8  |       flags       |     reference     |
 *       +----+----+----+----+----+----+----+----+
 *   16  |  domid  |  status |       handle      |
 *       +----+----+----+----+----+----+----+----+
 *   24  |              bus address              |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Status, handle and bus address are the answer.
 *
 * <p>Source: {@code gnttab_map_grant_ref}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GnttabMapGrantRef {
    /** The page is for a device: {@code GNTMAP_device_map}. */
    public static final int DEVICE_MAP = 1;

    /** The page is for the caller: {@code GNTMAP_host_map}. */
    public static final int HOST_MAP = 2;

    /** For reading only: {@code GNTMAP_readonly}. */
    public static final int READ_ONLY = 4;

    /** For an application: {@code GNTMAP_application_map}. */
    public static final int APPLICATION_MAP = 8;

    /** The host address is that of a page table entry: {@code GNTMAP_contains_pte}. */
    public static final int CONTAINS_PTE = 16;

    /** Bytes of the argument. */
    public static final int SIZE_BYTES = 32;

    private static final int HOST_ADDRESS_OFFSET = 0;
    private static final int FLAGS_OFFSET = 8;
    private static final int REFERENCE_OFFSET = 12;
    private static final int DOMAIN_OFFSET = 16;
    private static final int STATUS_OFFSET = 18;
    private static final int HANDLE_OFFSET = 20;
    private static final int BUS_ADDRESS_OFFSET = 24;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over one argument. */
    public GnttabMapGrantRef wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, SIZE_BYTES);
        return this;
    }

    /** Where in the address space of the caller the page goes. */
    public long hostAddress() {
        return buffer.getLong(HOST_ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #hostAddress()}. */
    public GnttabMapGrantRef hostAddress(final long hostAddress) {
        buffer.putLong(HOST_ADDRESS_OFFSET, hostAddress, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** A set of {@code GNTMAP_} bits. */
    public int flags() {
        return buffer.getInt(FLAGS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #flags()}. */
    public GnttabMapGrantRef flags(final int flags) {
        buffer.putInt(FLAGS_OFFSET, flags, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The grant reference. */
    public int reference() {
        return buffer.getInt(REFERENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #reference()}. */
    public GnttabMapGrantRef reference(final int reference) {
        buffer.putInt(REFERENCE_OFFSET, reference, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The domain that granted the page. */
    public int domain() {
        return buffer.getShort(DOMAIN_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets {@link #domain()}. */
    public GnttabMapGrantRef domain(final int domain) {
        buffer.putShort(DOMAIN_OFFSET, (short) domain, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** How it went: a {@code GNTST_} code. */
    public int status() {
        return buffer.getShort(STATUS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #status()}. */
    public GnttabMapGrantRef status(final int status) {
        buffer.putShort(STATUS_OFFSET, (short) status, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** The number by which the page is unmapped. */
    public int handle() {
        return buffer.getInt(HANDLE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #handle()}. */
    public GnttabMapGrantRef handle(final int handle) {
        buffer.putInt(HANDLE_OFFSET, handle, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Where a device finds the page. */
    public long busAddress() {
        return buffer.getLong(BUS_ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets {@link #busAddress()}. */
    public GnttabMapGrantRef busAddress(final long busAddress) {
        buffer.putLong(BUS_ADDRESS_OFFSET, busAddress, ByteOrder.LITTLE_ENDIAN);
        return this;
    }
}
