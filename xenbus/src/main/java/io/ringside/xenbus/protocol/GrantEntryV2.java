package io.ringside.xenbus.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One entry of a grant table, version 2: 16 bytes, little-endian, in one of three forms.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  flags  |  domid  |         -         |  a full page
 *    8  |                 frame                 |
 *       +----+----+----+----+----+----+----+----+
 *    0  |  flags  |  domid  | offset  | length  |  a part of a page (SUB_PAGE)
 *    8  |                 frame                 |
 *       +----+----+----+----+----+----+----+----+
 *    0  |  flags  |  domid  | target  |    -    |  another domain's entry (TRANSITIVE)
 *    8  |  target reference |         -         |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The flags are those of {@link GrantEntry} without its in-use bits, which are in {@link
 * GrantStatusWords}: the hypervisor never writes an entry. The granting domain writes what comes
 * after the header, then the header; it takes the entry back by a header of 0, and then looks at
 * the status word.
 *
 * <p>Source: {@code grant_entry_v2}, xen/grant_table.h. Threads: one flyweight per thread.
 */
public final class GrantEntryV2 {
    /** Bytes of an entry. */
    public static final int SIZE_BYTES = 16;

    /** Entries of one page of a table. */
    public static final int ENTRIES_PER_PAGE = 256;

    private static final int HEADER_OFFSET = 0;
    private static final int SUB_PAGE_OFFSET_OFFSET = HEADER_OFFSET + Integer.BYTES;
    private static final int SUB_PAGE_LENGTH_OFFSET = SUB_PAGE_OFFSET_OFFSET + Short.BYTES;
    private static final int TARGET_DOMAIN_OFFSET = HEADER_OFFSET + Integer.BYTES;
    private static final int FRAME_OFFSET = HEADER_OFFSET + Long.BYTES;
    private static final int TARGET_REFERENCE_OFFSET = HEADER_OFFSET + Long.BYTES;

    private UnsafeBuffer table = new UnsafeBuffer(0, 0);
    private int offset;

    /** Lays the flyweight over one entry of one page of a table. */
    public GrantEntryV2 wrap(final UnsafeBuffer page, final int index) {
        table = page;
        offset = index * SIZE_BYTES;
        return this;
    }

    /** Flags and domain in one word; pairs with {@link #headerVolatile(int)}. */
    public int headerVolatile() {
        return table.getIntVolatile(offset + HEADER_OFFSET);
    }

    /**
     * Publishes or takes back the entry, in full order: what comes after is done after. Pairs with
     * {@link #headerVolatile()}; the word is made by {@link GrantEntry#header}.
     */
    public void headerVolatile(final int header) {
        table.putIntVolatile(offset + HEADER_OFFSET, header);
    }

    /** Number of the frame, as it stands. */
    public long frame() {
        return table.getLong(offset + FRAME_OFFSET);
    }

    /** Sets the number of the frame, before the header is published. */
    public void frame(final long frame) {
        table.putLong(offset + FRAME_OFFSET, frame);
    }

    /** Where in the page the part begins, in bytes, unsigned. */
    public int subPageOffset() {
        return table.getShort(offset + SUB_PAGE_OFFSET_OFFSET) & 0xFFFF;
    }

    /** Length of the part in bytes, unsigned. */
    public int subPageLength() {
        return table.getShort(offset + SUB_PAGE_LENGTH_OFFSET) & 0xFFFF;
    }

    /** Sets the part of the page, before the header is published. */
    public void subPage(final int offsetBytes, final int lengthBytes) {
        table.putShort(offset + SUB_PAGE_OFFSET_OFFSET, (short) offsetBytes);
        table.putShort(offset + SUB_PAGE_LENGTH_OFFSET, (short) lengthBytes);
    }

    /** The domain that has the entry which this one stands for. */
    public int targetDomain() {
        return table.getShort(offset + TARGET_DOMAIN_OFFSET) & 0xFFFF;
    }

    /** The reference which this entry stands for, as that domain numbers it. */
    public int targetReference() {
        return table.getInt(offset + TARGET_REFERENCE_OFFSET);
    }

    /** Sets the entry that this one stands for, before the header is published. */
    public void target(final int domain, final int reference) {
        table.putShort(offset + TARGET_DOMAIN_OFFSET, (short) domain);
        table.putInt(offset + TARGET_REFERENCE_OFFSET, reference);
    }

    /** Zeroes all but the header: nothing of the entry's last use stays. */
    public void clearBody() {
        table.putInt(offset + SUB_PAGE_OFFSET_OFFSET, 0);
        table.putLong(offset + FRAME_OFFSET, 0);
    }
}
