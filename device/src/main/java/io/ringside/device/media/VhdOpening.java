package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Opens a VHD image and the chain of its parents, and trusts no byte of them before it has looked.
 *
 * <p>A fixed image is known by the footer at its end, where its guest cannot write; the start of
 * its file is the guest's first sector and is not looked at. Any other image is known by the copy
 * at its start, so that a torn footer at its end, which a power cut may leave, is no loss: opened
 * for writing, it is written anew.
 *
 * <p>Threads: one for each instance.
 */
final class VhdOpening implements AutoCloseable {
    /** How files are opened: a test may put something between. */
    @FunctionalInterface
    interface Opener {
        FileBytes open(Path file, Access access) throws MediumRefusedException;
    }

    /** The longest chain: an image, its parent, and so on. */
    static final int MAX_DEPTH = 16;

    private final Opener opener;
    private final VhdScratch scratch = new VhdScratch(FileCalls.ofThisThread());
    private final List<Path> chain = new ArrayList<>();

    VhdOpening(final Opener opener) {
        this.opener = opener;
    }

    /** Opens an image and its parents; only the image itself may be writable. */
    VhdLayer open(final Path path, final Access access) throws MediumRefusedException {
        checkChain(path);
        chain.add(path);
        final FileBytes file = opener.open(path, access);
        try {
            return layerOf(path, file);
        } catch (final Throwable e) {
            file.close();
            throw e;
        }
    }

    private void checkChain(final Path path) throws MediumRefusedException {
        if (chain.size() == MAX_DEPTH) {
            throw new MediumRefusedException(
                    chain.getFirst()
                            + ": more than "
                            + MAX_DEPTH
                            + " images in its chain of parents, the next is "
                            + path
                            + "; convert one of them to a disk by itself");
        }
        for (final Path each : chain) {
            try {
                if (Files.isSameFile(each, path)) {
                    throw new MediumRefusedException(
                            chain.getFirst()
                                    + ": its chain of parents comes back to "
                                    + path
                                    + "; restore the image from a backup");
                }
            } catch (final IOException e) {
                throw new MediumRefusedException(
                        path + ": cannot be looked at (" + e.getMessage() + "); name another file");
            }
        }
    }

    private VhdLayer layerOf(final Path path, final FileBytes file) throws MediumRefusedException {
        final long size = file.sizeBytes();
        if (size < VhdFooter.BYTES) {
            throw new MediumRefusedException(
                    path + ": too short for a VHD image, size=" + size + "; " + noVhd(path));
        }
        final long lastOffset = size - VhdFooter.BYTES;
        final UnsafeBuffer last = bytes(VhdFooter.BYTES);
        read(path, file, last, VhdFooter.BYTES, lastOffset);
        final VhdFault lastFault = VhdFooter.faultOf(last, lastOffset);
        if (lastFault == null && VhdFooter.read(last).diskType() == VhdFooter.FIXED) {
            return fixed(path, file, VhdFooter.read(last), lastOffset);
        }
        final UnsafeBuffer first = bytes(VhdFooter.BYTES);
        read(path, file, first, VhdFooter.BYTES, 0);
        final VhdFault firstFault = VhdFooter.faultOf(first, 0);
        if (firstFault != null) {
            throw noStart(path, firstFault, lastFault, VhdFooter.isThere(first));
        }
        final VhdFooter footer = VhdFooter.read(first);
        if (footer.diskType() == VhdFooter.FIXED) {
            throw new VhdFault(
                            "a fixed image, and no footer at its end",
                            lastOffset,
                            last.getLong(0, ByteOrder.BIG_ENDIAN))
                    .of(path);
        }
        if (lastFault == null && !footer.agreesWith(VhdFooter.read(last))) {
            throw new VhdFault(
                            "the footers at the start and at the end are of different images",
                            lastOffset,
                            VhdFooter.read(last).currentBytes())
                    .of(path);
        }
        return dynamic(path, file, footer, first, lastFault == null ? lastOffset : size);
    }

    private static VhdLayer fixed(
            final Path path, final FileBytes file, final VhdFooter footer, final long footerOffset)
            throws MediumRefusedException {
        if (footer.currentBytes() > footerOffset) {
            throw new VhdFault(
                            "size exceeds the file of " + file.sizeBytes() + " bytes",
                            footerOffset + VhdFooter.CURRENT_SIZE_OFFSET,
                            footer.currentBytes())
                    .of(path);
        }
        return new VhdLayer(path, file, footer);
    }

    private static MediumRefusedException noStart(
            final Path path,
            final VhdFault firstFault,
            final @Nullable VhdFault lastFault,
            final boolean firstIsThere) {
        if (lastFault == null) {
            return firstFault.of(
                    path,
                    "the footer at the end is whole, copy it with: tail -c 512 "
                            + path
                            + " | dd conv=notrunc of="
                            + path);
        }
        return firstIsThere ? firstFault.of(path) : lastFault.of(path, noVhd(path));
    }

    private static String noVhd(final Path path) {
        return "if it is a raw image, convert it with: qemu-img convert -f raw -O vpc"
                + " -o force_size=on "
                + path
                + " disk.vhd";
    }

    private VhdLayer dynamic(
            final Path path,
            final FileBytes file,
            final VhdFooter footer,
            final UnsafeBuffer footerBytes,
            final long end)
            throws MediumRefusedException {
        final long headerOffset = footer.dataOffset();
        if (headerOffset < VhdFooter.BYTES || headerOffset > end - VhdDynamicHeader.BYTES) {
            throw new VhdFault(
                            "dynamic header lies outside",
                            VhdFooter.DATA_OFFSET_OFFSET,
                            headerOffset)
                    .of(path);
        }
        final UnsafeBuffer bytes = bytes(VhdDynamicHeader.BYTES);
        read(path, file, bytes, VhdDynamicHeader.BYTES, headerOffset);
        final VhdDynamicHeader header =
                VhdDynamicHeader.read(path, bytes, headerOffset, end, footer);
        final BlockAllocationTable table = table(path, file, header);
        table.check(path, header, headerOffset, end);
        final VhdLayer parent =
                footer.diskType() == VhdFooter.DIFFERENCING
                        ? parent(path, file, footer, header)
                        : null;
        try {
            if (end == file.sizeBytes() && file.access() == Access.READ_WRITE) {
                repairEnd(path, file, footerBytes, end);
            }
            return new VhdLayer(path, file, footer, header, table, parent, footerBytes, end);
        } catch (final Throwable e) {
            if (parent != null) {
                parent.close();
            }
            throw e;
        }
    }

    private BlockAllocationTable table(
            final Path path, final FileBytes file, final VhdDynamicHeader header)
            throws MediumRefusedException {
        final BlockAllocationTable table = new BlockAllocationTable(header.entries());
        final int perPiece = VhdScratch.PIECE_BYTES / Integer.BYTES;
        for (int block = 0; block < header.entries(); block += perPiece) {
            final int count = Math.min(perPiece, header.entries() - block);
            final long offset = header.tableOffset() + (long) block * Integer.BYTES;
            read(path, file, scratch.piece, count * Integer.BYTES, offset);
            for (int i = 0; i < count; i++) {
                table.set(block + i, scratch.piece.getInt(i * Integer.BYTES, ByteOrder.BIG_ENDIAN));
            }
        }
        return table;
    }

    private VhdLayer parent(
            final Path path,
            final FileBytes file,
            final VhdFooter footer,
            final VhdDynamicHeader header)
            throws MediumRefusedException {
        final Path found = VhdParent.locate(path, file, header, scratch);
        final VhdLayer parent = open(found, Access.READ_ONLY);
        try {
            VhdParent.check(path, footer, header, found, parent.footer());
            return parent;
        } catch (final Throwable e) {
            parent.close();
            throw e;
        }
    }

    /** The end was torn: the footer goes there again, behind all that the file has. */
    private void repairEnd(
            final Path path, final FileBytes file, final UnsafeBuffer footer, final long end)
            throws MediumRefusedException {
        final long offset = BitUtil.align(end, BlockStore.SECTOR_BYTES);
        if (!scratch.write(file, footer, 0, VhdFooter.BYTES, offset) || !file.sync(scratch.calls)) {
            throw new MediumRefusedException(
                    path
                            + ": its torn footer cannot be written anew, offset="
                            + offset
                            + " errno="
                            + file.lastErrno()
                            + "; open it read-only, or make room");
        }
    }

    private void read(
            final Path path,
            final FileBytes file,
            final UnsafeBuffer into,
            final int lengthBytes,
            final long offset)
            throws MediumRefusedException {
        if (!scratch.read(file, into, lengthBytes, offset)) {
            throw new MediumRefusedException(
                    path
                            + ": cannot be read, offset="
                            + offset
                            + " errno="
                            + file.lastErrno()
                            + "; restore the image from a backup");
        }
    }

    private static UnsafeBuffer bytes(final int lengthBytes) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(lengthBytes, Long.BYTES));
    }

    @Override
    public void close() {
        scratch.close();
    }
}
