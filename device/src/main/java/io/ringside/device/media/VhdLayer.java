package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One open VHD file: a disk by itself, or what changed since the parent behind it.
 *
 * <pre>
 *   fixed          | sector 0 ... sector n-1                                     | footer |
 *
 *   dynamic,       | footer | dynamic | block allocation | bitmap | data | ...   | footer |
 *   differencing   |  copy  | header  |      table       |  of one block |
 * </pre>
 *
 * <p>A sector without a bit in its block's bitmap, or without a block, is the parent's; without a
 * parent, or behind its end, it is zero. (qemu-img looks at no bitmap, but sets all its bits; so do
 * we, and both read the same.)
 *
 * <p>Threads: any, each with a scratch of its own; changes hold the lock of {@link VhdGrowth}.
 */
final class VhdLayer implements AutoCloseable {
    private final Path path;
    private final FileBytes file;
    private final VhdFooter footer;
    private final @Nullable VhdDynamicHeader header;
    private final @Nullable BlockAllocationTable table;
    private final @Nullable VhdLayer parent;
    private final @Nullable VhdGrowth growth;
    private final long sectors;
    private final int blockShift;

    /** A fixed image. */
    VhdLayer(final Path path, final FileBytes file, final VhdFooter footer) {
        this.path = path;
        this.file = file;
        this.footer = footer;
        this.header = null;
        this.table = null;
        this.parent = null;
        this.growth = null;
        this.sectors = footer.currentBytes() / BlockStore.SECTOR_BYTES;
        this.blockShift = Long.SIZE - 1;
    }

    /**
     * A dynamic image, or a differencing one if it has a parent.
     *
     * @param footerBytes the footer as the file has it, to be written wherever the file ends
     * @param end where the footer lies, and where the next block will
     */
    VhdLayer(
            final Path path,
            final FileBytes file,
            final VhdFooter footer,
            final VhdDynamicHeader header,
            final BlockAllocationTable table,
            final @Nullable VhdLayer parent,
            final UnsafeBuffer footerBytes,
            final long end) {
        this.path = path;
        this.file = file;
        this.footer = footer;
        this.header = header;
        this.table = table;
        this.parent = parent;
        this.sectors = footer.currentBytes() / BlockStore.SECTOR_BYTES;
        this.blockShift =
                Integer.numberOfTrailingZeros(header.blockBytes() / BlockStore.SECTOR_BYTES);
        this.growth = new VhdGrowth(this, header, table, footerBytes, end);
    }

    Path path() {
        return path;
    }

    FileBytes file() {
        return file;
    }

    VhdFooter footer() {
        return footer;
    }

    @Nullable VhdLayer parent() {
        return parent;
    }

    long sectors() {
        return sectors;
    }

    /** Whether there are no blocks, and so nothing to allocate. */
    boolean isFixed() {
        return table == null;
    }

    /** The block of a sector. */
    int blockOf(final long sector) {
        return (int) (sector >>> blockShift);
    }

    /** First sector of a block. */
    long firstSectorOf(final int block) {
        return (long) block << blockShift;
    }

    /** How many sectors from one on are in the same block of the disk. */
    long sectorsInBlockFrom(final long sector) {
        return isFixed()
                ? sectors - sector
                : Math.min(sectors, firstSectorOf(blockOf(sector) + 1)) - sector;
    }

    /** Whether a sector has no block here, whatever the parent has. */
    boolean isUnallocated(final long sector) {
        return table != null && table.isUnused(blockOf(sector));
    }

    /** Where a sector lies in the file; its block must be allocated. */
    long offsetOf(final long sector) {
        if (table == null || header == null) {
            return sector * BlockStore.SECTOR_BYTES;
        }
        final int block = blockOf(sector);
        return table.offsetOf(block)
                + header.bitmapBytes()
                + (sector - firstSectorOf(block)) * BlockStore.SECTOR_BYTES;
    }

    /**
     * Makes the block of a sector one that holds every sector, so that it can be written in place.
     *
     * @param keepsContent false if every sector of the block is about to be discarded
     * @return false if the system failed it; then what was read before still is
     */
    boolean makeWhole(final VhdScratch scratch, final long sector, final boolean keepsContent) {
        return growth == null || growth.makeWhole(scratch, blockOf(sector), keepsContent);
    }

    /**
     * Finds where a run of sectors, at most so many, really is: in this file, in that of a parent,
     * or nowhere. The answer is in the scratch.
     *
     * @return false if a bitmap could not be read
     */
    boolean find(final VhdScratch scratch, final long sector, final long maxSectors) {
        long count = maxSectors;
        VhdLayer layer = this;
        while (layer != null && sector < layer.sectors) {
            count = Math.min(count, layer.sectorsInBlockFrom(sector));
            final long held = layer.held(scratch, sector, (int) Math.min(count, 1 << 30));
            if (held > 0) {
                scratch.foundIn = layer;
                scratch.foundOffset = layer.offsetOf(sector);
                scratch.foundSectors = held;
                return true;
            }
            if (held == 0) {
                return false;
            }
            count = -held;
            layer = layer.parent;
        }
        scratch.foundIn = null;
        scratch.foundSectors = count;
        return true;
    }

    /** How many sectors are held here, or negative how many are not, or 0 for a failure. */
    private long held(final VhdScratch scratch, final long sector, final int count) {
        if (table == null || header == null) {
            return count;
        }
        final int block = blockOf(sector);
        if (table.isUnused(block)) {
            return -count;
        }
        if (table.isWhole(block)) {
            return count;
        }
        if (!scratch.read(file, scratch.bitmap, header.bitmapBytes(), table.offsetOf(block))) {
            return 0;
        }
        final long first = firstSectorOf(block);
        final int inBlock = (int) sectorsInBlockFrom(first);
        if (VhdBitmap.isSet(scratch.bitmap, 0)
                && VhdBitmap.run(scratch.bitmap, 0, inBlock) == inBlock) {
            table.setWhole(block);
            return count;
        }
        final int within = (int) (sector - first);
        final int run = VhdBitmap.run(scratch.bitmap, within, within + count);
        return VhdBitmap.isSet(scratch.bitmap, within) ? run : -run;
    }

    @Override
    public void close() {
        file.close();
        if (parent != null) {
            parent.close();
        }
    }
}
