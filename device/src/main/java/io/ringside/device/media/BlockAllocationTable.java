package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Where each block of a dynamic or differencing VHD image lies, and whether it is whole.
 *
 * <pre>
 *  byte   0    1    2    3
 *       +----+----+----+----+
 *    0  |  sector of block  |   one entry for each block, big-endian: the sector of the file where
 *       +----+----+----+----+   its bitmap starts, its data behind it; 0xFFFFFFFF: no such block yet
 * </pre>
 *
 * <p>A block is <em>whole</em> when its bitmap has a bit for every sector, so that nobody needs to
 * look at the bitmap again. Whole blocks stay whole, and blocks stay where they are.
 *
 * <p>Source: Microsoft, Virtual Hard Disk Image Format Specification, version 1.0. Threads: any
 * read; those that change an entry hold the lock of their {@link VhdLayer}.
 */
final class BlockAllocationTable {
    /** The entry of a block that is not there yet. */
    static final int UNUSED = -1;

    private static final int INDEX_BITS = 22;
    private static final int WORD_SHIFT = 5;

    private final AtomicIntegerArray sectors;
    private final AtomicIntegerArray whole;

    BlockAllocationTable(final int entries) {
        sectors = new AtomicIntegerArray(entries);
        whole = new AtomicIntegerArray((entries + Integer.SIZE - 1) >>> WORD_SHIFT);
    }

    int entries() {
        return sectors.length();
    }

    boolean isUnused(final int block) {
        return sectors.get(block) == UNUSED;
    }

    /** Where the bitmap of a block starts, in bytes. */
    long offsetOf(final int block) {
        return Integer.toUnsignedLong(sectors.get(block)) * BlockStore.SECTOR_BYTES;
    }

    /** Sets an entry as the file has it. */
    void set(final int block, final int sector) {
        sectors.set(block, sector);
    }

    boolean isWhole(final int block) {
        return (whole.get(block >>> WORD_SHIFT) & (1 << block)) != 0;
    }

    /** Marks a block whose bitmap is known to be full. */
    void setWhole(final int block) {
        final int word = block >>> WORD_SHIFT;
        int old;
        do {
            old = whole.get(word);
        } while (!whole.compareAndSet(word, old, old | (1 << block)));
    }

    /**
     * Refuses a table in which a block leaves the file, or lies on a header or on another block.
     *
     * @param header the header that names the table
     * @param headerOffset where that header lies
     * @param end where the last block has to end, in bytes
     */
    void check(
            final Path file, final VhdDynamicHeader header, final long headerOffset, final long end)
            throws MediumRefusedException {
        final long length = (long) header.bitmapBytes() + header.blockBytes();
        final long[] used = new long[entries()];
        int count = 0;
        for (int block = 0; block < entries(); block++) {
            if (isUnused(block)) {
                continue;
            }
            final long from = offsetOf(block);
            if (from > end - length) {
                throw fault("block " + block + " leaves the file", header, block).of(file);
            }
            if (liesOnHeaders(header, headerOffset, from, from + length)) {
                throw fault("block " + block + " lies on a header", header, block).of(file);
            }
            used[count++] = ((from / BlockStore.SECTOR_BYTES) << INDEX_BITS) | block;
        }
        Arrays.sort(used, 0, count);
        for (int i = 1; i < count; i++) {
            final int block = (int) used[i] & ((1 << INDEX_BITS) - 1);
            final int other = (int) used[i - 1] & ((1 << INDEX_BITS) - 1);
            if (offsetOf(block) - offsetOf(other) < length) {
                throw fault("block " + block + " lies on block " + other, header, block).of(file);
            }
        }
    }

    private static boolean liesOnHeaders(
            final VhdDynamicHeader header,
            final long headerOffset,
            final long from,
            final long to) {
        boolean lies =
                from < VhdFooter.BYTES
                        || overlap(from, to, headerOffset, VhdDynamicHeader.BYTES)
                        || overlap(from, to, header.tableOffset(), header.tableBytes());
        for (final VhdDynamicHeader.Locator each : header.locators()) {
            lies |= overlap(from, to, each.offset(), each.lengthBytes());
        }
        return lies;
    }

    private static boolean overlap(
            final long from, final long to, final long offset, final int lengthBytes) {
        return from < offset + lengthBytes && offset < to;
    }

    private VhdFault fault(final String what, final VhdDynamicHeader header, final int block) {
        return new VhdFault(
                what + ", table entry",
                header.tableOffset() + (long) block * Integer.BYTES,
                Integer.toUnsignedLong(sectors.get(block)));
    }
}
