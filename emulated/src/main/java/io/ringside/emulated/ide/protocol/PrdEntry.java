package io.ringside.emulated.ide.protocol;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * One physical region descriptor of the bus master: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  guest address    |  bytes  |  0 |last|
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Bit 0 of address and byte count does not exist: both are even. A count of 0 is 65536 bytes. No
 * region crosses a multiple of 64 KiB. Bit 31 of the second word ends the table. The table itself
 * is at most 256 entries and crosses no multiple of 64 KiB either.
 *
 * <p>Source: {@code ata_bmdma_prd}, linux/ata.h. Threads: one flyweight per thread.
 */
public final class PrdEntry {
    /** Bytes of one entry. */
    public static final int SIZE_BYTES = 8;

    /** Most entries of one table. */
    public static final int MAX_ENTRIES = 256;

    /** No region and no table crosses a multiple of this, in bytes. */
    public static final int BOUNDARY_BYTES = 1 << 16;

    private static final int ADDRESS_OFFSET = 0;
    private static final int FLAGS_AND_BYTES_OFFSET = ADDRESS_OFFSET + Integer.BYTES;
    private static final int EVEN = ~1;
    private static final int BYTES_MASK = 0xFFFF;
    private static final int LAST = 1 << 31;

    private final MutableDirectBuffer buffer;

    /** A flyweight over memory that holds nothing but entries, one after the other. */
    public PrdEntry(final MutableDirectBuffer buffer) {
        this.buffer = buffer;
    }

    /** Guest-physical address of the region. */
    public long address(final int index) {
        final int address =
                buffer.getInt(index * SIZE_BYTES + ADDRESS_OFFSET, ByteOrder.LITTLE_ENDIAN);
        return Integer.toUnsignedLong(address & EVEN);
    }

    /** Bytes of the region: 2 to 65536. */
    public int lengthBytes(final int index) {
        final int bytes = word(index) & BYTES_MASK & EVEN;
        return bytes == 0 ? BOUNDARY_BYTES : bytes;
    }

    /** Whether the table ends here. */
    public boolean isLast(final int index) {
        return (word(index) & LAST) != 0;
    }

    /**
     * Fills an entry.
     *
     * @param index its place in the table
     * @param address guest-physical, even, below 4 GiB
     * @param lengthBytes even, 2 to 65536
     * @param isLast whether the table ends here
     */
    public void put(
            final int index, final long address, final int lengthBytes, final boolean isLast) {
        final int at = index * SIZE_BYTES;
        buffer.putInt(at + ADDRESS_OFFSET, (int) address, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(
                at + FLAGS_AND_BYTES_OFFSET,
                (lengthBytes & BYTES_MASK) | (isLast ? LAST : 0),
                ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether a range crosses a multiple of 64 KiB. */
    public static boolean crossesBoundary(final long address, final int lengthBytes) {
        return address / BOUNDARY_BYTES != (address + lengthBytes - 1) / BOUNDARY_BYTES;
    }

    private int word(final int index) {
        return buffer.getInt(index * SIZE_BYTES + FLAGS_AND_BYTES_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }
}
