package io.ringside.xenbus.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One page of the status words of a grant table, version 2: 2048 words of 16 bits.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  | entry 0 | entry 1 | entry 2 | entry 3 |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The hypervisor writes them ({@link GrantEntry#READING}, {@link GrantEntry#WRITING}), the
 * granting domain reads them. Two words share what one atomic exchange changes, so that a bit is
 * set and cleared without touching the neighbour.
 *
 * <p>Source: {@code grant_status_t}, xen/grant_table.h. Threads: any number.
 */
public final class GrantStatusWords {
    /** Words of one page. */
    public static final int WORDS_PER_PAGE = 2048;

    /** After so many tries somebody else writes here all the time, who has no business to. */
    private static final int EXCHANGE_TRIES = 1000;

    private final UnsafeBuffer page;

    /** Lays the view over one page of status words. */
    public GrantStatusWords(final UnsafeBuffer page) {
        this.page = page;
    }

    /** One status word; pairs with {@link #setVolatile} and {@link #clearVolatile}. */
    public int statusVolatile(final int index) {
        return (page.getIntVolatile(offset(index)) >>> shift(index)) & 0xFFFF;
    }

    /** Sets bits of one word, in full order; pairs with {@link #statusVolatile}. */
    public void setVolatile(final int index, final int bits) {
        final int offset = offset(index);
        final int change = bits << shift(index);
        for (int tries = 0; tries < EXCHANGE_TRIES; tries++) {
            final int before = page.getIntVolatile(offset);
            if (page.compareAndSetInt(offset, before, before | change)) {
                return;
            }
        }
        page.putIntVolatile(offset, page.getIntVolatile(offset) | change);
    }

    /** Clears bits of one word, in full order; pairs with {@link #statusVolatile}. */
    public void clearVolatile(final int index, final int bits) {
        final int offset = offset(index);
        final int change = bits << shift(index);
        for (int tries = 0; tries < EXCHANGE_TRIES; tries++) {
            final int before = page.getIntVolatile(offset);
            if (page.compareAndSetInt(offset, before, before & ~change)) {
                return;
            }
        }
        page.putIntVolatile(offset, page.getIntVolatile(offset) & ~change);
    }

    private static int offset(final int index) {
        return (index >>> 1) * Integer.BYTES;
    }

    private static int shift(final int index) {
        return (index & 1) * Short.SIZE;
    }
}
