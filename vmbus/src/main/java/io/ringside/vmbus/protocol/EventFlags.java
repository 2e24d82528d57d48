package io.ringside.vmbus.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A row of 2048 bits that one side sets and the other clears: the event flags of one SINT, or one
 * half of the interrupt page.
 *
 * <pre>
 *   event flag page (4096)      SINT 0: 256 bytes | SINT 1 | ... | SINT 15
 *   interrupt page (4096)       0: host to guest, 256 bytes | 2048: guest to host, 256 bytes
 * </pre>
 *
 * <p>Bit n is bit {@code n & 7} of byte {@code n >> 3}: that of the channel with relid n. Source:
 * {@code hv_synic_event_flags}, asm-generic/hyperv-tlfs.h. Threads: any; every change is one atomic
 * exchange in full order.
 */
public final class EventFlags {
    /** Bits of a row. */
    public static final int COUNT = 2048;

    /** Bytes of a row. */
    public static final int BYTES = COUNT / Byte.SIZE;

    /** Words of 64 bits of a row. */
    public static final int WORDS = COUNT / Long.SIZE;

    /** Where the guest-to-host row of the interrupt page starts. */
    public static final int GUEST_TO_HOST_OFFSET = 2048;

    private final UnsafeBuffer row = new UnsafeBuffer(0, 0);

    /** Lays the view over the row that starts at {@code offset}, a multiple of 8. */
    public EventFlags wrap(final UnsafeBuffer page, final int offset) {
        row.wrap(page, offset, BYTES);
        return this;
    }

    /** Sets a bit; true if it was not set. Pairs with {@link #takeWordVolatile}. */
    public boolean setVolatile(final int flag) {
        final int offset = flag / Long.SIZE * Long.BYTES;
        final long bit = 1L << flag;
        long word = row.getLongVolatile(offset);
        while (!row.compareAndSetLong(offset, word, word | bit)) {
            word = row.getLongVolatile(offset);
        }
        return (word & bit) == 0;
    }

    /** Takes 64 bits and leaves none of them set. Pairs with {@link #setVolatile}. */
    public long takeWordVolatile(final int word) {
        final int offset = word * Long.BYTES;
        // Most words are empty: a load leaves the line with the other side.
        return row.getLongVolatile(offset) == 0 ? 0 : row.getAndSetLong(offset, 0);
    }

    /** Whether a bit is set. */
    public boolean isSetVolatile(final int flag) {
        return (row.getLongVolatile(flag / Long.SIZE * Long.BYTES) & 1L << flag) != 0;
    }
}
