package io.ringside.xenbus.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One entry of a grant table, version 1: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  flags  |  domid  |       frame       |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The first four bytes are the header: one word, so that they change together. The granting
 * domain writes the frame, then the header; the hypervisor adds {@link #READING} and {@link
 * #WRITING} while the page is mapped; the granting domain takes the entry back by exchanging a
 * header without them for one whose flags are 0.
 *
 * <p>Source: {@code grant_entry_v1}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GrantEntry {
    /** Bytes of an entry. */
    public static final int SIZE_BYTES = 8;

    /** Entries of one page of a table. */
    public static final int ENTRIES_PER_PAGE = 512;

    /** The first entries are for the console, the store and the like. */
    public static final int RESERVED_ENTRIES = 8;

    /** The reserved entry that lends the console's page. */
    public static final int CONSOLE_REFERENCE = 0;

    /** The reserved entry that lends the store's page. */
    public static final int STORE_REFERENCE = 1;

    /** The bits of the flags that say what the entry is. */
    public static final int TYPE_MASK = 3;

    /** The entry grants nothing. */
    public static final int INVALID = 0;

    /** The entry lets its domain map the frame. */
    public static final int PERMIT_ACCESS = 1;

    /** The entry waits for a page that its domain gives away. */
    public static final int ACCEPT_TRANSFER = 2;

    /** The entry stands for an entry of another domain; version 2 only. */
    public static final int TRANSITIVE = 3;

    /** Of a transfer: the hypervisor has taken the entry. The same bit as {@link #READ_ONLY}. */
    public static final int TRANSFER_COMMITTED = 4;

    /** Of a transfer: the page is there. The same bit as {@link #READING}. */
    public static final int TRANSFER_COMPLETED = 8;

    /** The frame may be mapped for reading only. */
    public static final int READ_ONLY = 4;

    /** The frame is mapped. */
    public static final int READING = 8;

    /** The frame is mapped, and may be written. */
    public static final int WRITING = 16;

    /** The entry grants a part of the frame, for copying only. */
    public static final int SUB_PAGE = 256;

    private static final int HEADER_OFFSET = 0;
    private static final int FRAME_OFFSET = HEADER_OFFSET + Integer.BYTES;

    private UnsafeBuffer table = new UnsafeBuffer(0, 0);
    private int offset;

    /** Lays the flyweight over one entry of one page of a table. */
    public GrantEntry wrap(final UnsafeBuffer page, final int index) {
        if (table != page) { // A store of a reference costs more than to look.
            table = page;
        }
        offset = index * SIZE_BYTES;
        return this;
    }

    /** Flags and domain in one word; pairs with {@link #headerRelease}. */
    public int headerAcquire() {
        return table.getIntAcquire(offset + HEADER_OFFSET);
    }

    /** Publishes the entry: the frame was written before; pairs with {@link #headerAcquire}. */
    public void headerRelease(final int header) {
        table.putIntRelease(offset + HEADER_OFFSET, header);
    }

    /** Exchanges the header, in full order, if it still is what was expected. */
    public boolean compareAndSetHeaderVolatile(final int expected, final int header) {
        return table.compareAndSetInt(offset + HEADER_OFFSET, expected, header);
    }

    /** Number of the frame, unsigned: read after the header, written before it. */
    public long frame() {
        return Integer.toUnsignedLong(table.getInt(offset + FRAME_OFFSET));
    }

    /** Sets the number of the frame, before the header is published. */
    public void frame(final long frame) {
        table.putInt(offset + FRAME_OFFSET, (int) frame);
    }

    /** The header of these flags and this domain. */
    public static int header(final int flags, final int domain) {
        return (domain << Short.SIZE) | (flags & 0xFFFF);
    }

    /** The flags of a header. */
    public static int flags(final int header) {
        return header & 0xFFFF;
    }

    /** The domain of a header. */
    public static int domain(final int header) {
        return header >>> Short.SIZE;
    }
}
