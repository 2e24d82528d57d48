package io.ringside.vmbus.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A list of guest page numbers, 8 bytes each on the wire; immutable. */
public final class PageNumbers {
    /** No pages. */
    public static final PageNumbers NONE = new PageNumbers(new long[0]);

    private final long[] pages;

    private PageNumbers(final long[] pages) {
        this.pages = pages;
    }

    /** A list of frames. */
    public static PageNumbers of(final int... frames) {
        final long[] pages = new long[frames.length];
        for (int i = 0; i < frames.length; i++) {
            pages[i] = frames[i];
        }
        return new PageNumbers(pages);
    }

    /** A list of any numbers, as a hostile guest would send it. */
    public static PageNumbers ofAny(final long... numbers) {
        return new PageNumbers(numbers.clone());
    }

    /** Reads {@code count} numbers. */
    public static PageNumbers read(final DirectBuffer buffer, final int offset, final int count) {
        final long[] pages = new long[count];
        for (int i = 0; i < count; i++) {
            pages[i] = buffer.getLong(offset + i * Long.BYTES, LITTLE_ENDIAN);
        }
        return new PageNumbers(pages);
    }

    /** Writes all numbers. */
    public void write(final MutableDirectBuffer buffer, final int offset) {
        for (int i = 0; i < pages.length; i++) {
            buffer.putLong(offset + i * Long.BYTES, pages[i], LITTLE_ENDIAN);
        }
    }

    /** How many there are. */
    public int count() {
        return pages.length;
    }

    /** One of them; as a peer sent it, it may be any number. */
    public long page(final int index) {
        return pages[index];
    }

    /** A part of the list. */
    public PageNumbers part(final int from, final int to) {
        return new PageNumbers(Arrays.copyOfRange(pages, from, to));
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof PageNumbers numbers && Arrays.equals(pages, numbers.pages);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pages);
    }

    @Override
    public String toString() {
        return "PageNumbers" + Arrays.toString(pages);
    }
}
