package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How a dynamic or differencing VHD image grows, so that a power cut at any point loses nothing
 * that was flushed.
 *
 * <p>Data is written into whole blocks only, in place; nothing but the sector itself can be torn by
 * that. A block becomes whole in an order in which every prefix, and everything that the system
 * makes of the writes since the last sync, is an image that reads as before:
 *
 * <pre>
 *   a block that is not there               a block with gaps
 *   1  the footer, behind the new block     1  what the parent has in the gaps, or zeros
 *   2  a bitmap full of ones, over the      2  sync
 *      old footer, and what the parent      3  a bitmap full of ones
 *      has; the rest is a hole of zeros
 *   3  sync
 *   4  the entry of the table
 * </pre>
 *
 * <p>If the footer at the end is torn, the copy at the start of the file, which is never written
 * again, tells all that it did. A block that was written and has no entry yet is lost space, and
 * nothing else.
 *
 * <p>Threads: any, one at a time behind the lock.
 */
final class VhdGrowth {
    private static final int EFBIG = 27;

    /** The last sector at which a block can start: the one above it means none. */
    private static final long LAST_SECTOR = 0xFFFF_FFFEL;

    private final VhdLayer layer;
    private final VhdDynamicHeader header;
    private final BlockAllocationTable table;
    private final UnsafeBuffer footer;
    private final UnsafeBuffer fullBitmap;
    private final UnsafeBuffer entry =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
    private long end;

    VhdGrowth(
            final VhdLayer layer,
            final VhdDynamicHeader header,
            final BlockAllocationTable table,
            final UnsafeBuffer footer,
            final long end) {
        this.layer = layer;
        this.header = header;
        this.table = table;
        this.footer = footer;
        this.end = BitUtil.align(end, BlockStore.SECTOR_BYTES);
        this.fullBitmap =
                new UnsafeBuffer(
                        BufferUtil.allocateDirectAligned(header.bitmapBytes(), Long.BYTES));
        fullBitmap.setMemory(0, fullBitmap.capacity(), (byte) 0xFF);
    }

    /** Makes a block whole, and returns false if the system failed it. */
    boolean makeWhole(final VhdScratch scratch, final int block, final boolean keepsContent) {
        if (table.isWhole(block)) {
            return true;
        }
        synchronized (this) {
            if (table.isWhole(block)) {
                return true;
            }
            return table.isUnused(block)
                    ? allocate(scratch, block, keepsContent)
                    : complete(scratch, block);
        }
    }

    private boolean allocate(
            final VhdScratch scratch, final int block, final boolean keepsContent) {
        final FileBytes file = layer.file();
        final long at = end;
        final long data = at + header.bitmapBytes();
        final long newEnd = data + header.blockBytes();
        if (at / BlockStore.SECTOR_BYTES > LAST_SECTOR) {
            file.failed(EFBIG);
            return false;
        }
        if (!scratch.write(file, footer, 0, VhdFooter.BYTES, newEnd)) {
            return false;
        }
        // From here on the place is used up, even if the rest fails: it may not be zero any more.
        end = newEnd;
        if (!scratch.write(file, fullBitmap, 0, fullBitmap.capacity(), at)
                || (keepsContent && !copyFromParent(scratch, block, data))
                || !file.sync(scratch.calls)) {
            return false;
        }
        final int sector = (int) (at / BlockStore.SECTOR_BYTES);
        entry.putInt(0, sector, ByteOrder.BIG_ENDIAN);
        final long entryOffset = header.tableOffset() + (long) block * Integer.BYTES;
        if (!scratch.write(file, entry, 0, Integer.BYTES, entryOffset)) {
            return false;
        }
        table.set(block, sector);
        table.setWhole(block);
        return true;
    }

    private boolean copyFromParent(final VhdScratch scratch, final int block, final long data) {
        final VhdLayer parent = layer.parent();
        if (parent == null) {
            return true;
        }
        final long first = layer.firstSectorOf(block);
        return copy(scratch, first, first + layer.sectorsInBlockFrom(first), data, false);
    }

    private boolean complete(final VhdScratch scratch, final int block) {
        final FileBytes file = layer.file();
        final long at = table.offsetOf(block);
        final long data = at + header.bitmapBytes();
        if (!scratch.read(file, scratch.ownBitmap, header.bitmapBytes(), at)) {
            return false;
        }
        final long first = layer.firstSectorOf(block);
        final int count = (int) layer.sectorsInBlockFrom(first);
        boolean hasGaps = false;
        int within = 0;
        while (within < count) {
            final int run = VhdBitmap.run(scratch.ownBitmap, within, count);
            final long sector = first + within;
            final long offset = data + (long) within * BlockStore.SECTOR_BYTES;
            final boolean gap = !VhdBitmap.isSet(scratch.ownBitmap, within);
            if (gap && !copy(scratch, sector, sector + run, offset, true)) {
                return false;
            }
            hasGaps |= gap;
            within += run;
        }
        if (hasGaps
                && !(file.sync(scratch.calls)
                        && scratch.write(file, fullBitmap, 0, fullBitmap.capacity(), at))) {
            return false;
        }
        table.setWhole(block);
        return true;
    }

    /** Copies a range as the parent has it; zeros only if they must be written. */
    private boolean copy(
            final VhdScratch scratch,
            final long from,
            final long to,
            final long offset,
            final boolean writesZeros) {
        final VhdLayer parent = layer.parent();
        long sector = from;
        long at = offset;
        while (sector < to) {
            final long most =
                    Math.min(to - sector, VhdScratch.PIECE_BYTES / BlockStore.SECTOR_BYTES);
            long count = most;
            boolean zeros = true;
            if (parent != null) {
                if (!parent.find(scratch, sector, most)) {
                    return false;
                }
                count = scratch.foundSectors;
                zeros = scratch.foundIn == null;
            }
            final int lengthBytes = (int) count * BlockStore.SECTOR_BYTES;
            if (!zeros || writesZeros) {
                if (!fetch(scratch, lengthBytes, zeros)
                        || !scratch.write(layer.file(), scratch.piece, 0, lengthBytes, at)) {
                    return false;
                }
            }
            sector += count;
            at += lengthBytes;
        }
        return true;
    }

    private static boolean fetch(
            final VhdScratch scratch, final int lengthBytes, final boolean zeros) {
        final VhdLayer found = scratch.foundIn;
        if (zeros || found == null) {
            scratch.piece.setMemory(0, lengthBytes, (byte) 0);
            return true;
        }
        return scratch.read(found.file(), scratch.piece, lengthBytes, scratch.foundOffset);
    }
}
