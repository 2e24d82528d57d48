package io.ringside.device.media;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import io.ringside.device.host.BlockStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes VHD images.
 *
 * <p>The image's unique id and the time of its making are the caller's, so that the same call makes
 * the same bytes. The file must not exist; its bytes are on stable storage when a method returns.
 * The copy of the footer at the start goes out last, so that an image that was not finished is
 * refused.
 *
 * <p>Errors: a {@link MediumRefusedException} for a file or a parent that does not serve; an {@link
 * IllegalArgumentException} for a size that is no whole number of sectors, or not from one sector
 * to 2040 GiB.
 */
public final class NewVhd {
    /** The largest disk of a VHD image, in bytes: 2040 GiB. */
    public static final long MAX_BYTES = 2040L << 30;

    private static final int BLOCK_BYTES = 2 << 20;
    private static final UUID NO_PARENT = new UUID(0, 0);
    private static final byte UNUSED_BYTE = (byte) 0xFF;
    private static final int TABLE_OFFSET = VhdFooter.BYTES + VhdDynamicHeader.BYTES;

    private NewVhd() {}

    /** Makes an image that holds every sector: zeros, as a hole in the file. */
    public static void fixed(
            final Path file, final long sizeBytes, final UUID id, final Instant created)
            throws MediumRefusedException {
        final VhdFooter footer = footer(-1, sizeBytes, VhdFooter.FIXED, id, created);
        try (FileChannel channel = create(file)) {
            write(channel, bytesOf(footer), sizeBytes);
            channel.force(true);
        } catch (final IOException e) {
            throw notWritten(file, e);
        }
    }

    /** Makes an image that grows as it is written, in blocks of 2 MiB. */
    public static void dynamic(
            final Path file, final long sizeBytes, final UUID id, final Instant created)
            throws MediumRefusedException {
        dynamic(file, sizeBytes, BLOCK_BYTES, id, created);
    }

    /** As the other, in blocks of another size: a power of two. */
    static void dynamic(
            final Path file,
            final long sizeBytes,
            final int blockBytes,
            final UUID id,
            final Instant created)
            throws MediumRefusedException {
        final VhdFooter footer = footer(VhdFooter.BYTES, sizeBytes, VhdFooter.DYNAMIC, id, created);
        final VhdDynamicHeader header =
                new VhdDynamicHeader(
                        TABLE_OFFSET,
                        entriesFor(sizeBytes, blockBytes),
                        blockBytes,
                        NO_PARENT,
                        0,
                        "",
                        List.of());
        sparse(file, footer, header, new byte[0]);
    }

    /**
     * Makes an image that holds what will differ from a parent, of the parent's size.
     *
     * <p>The parent may be of any type, and must not be changed from then on.
     */
    public static void differencing(
            final Path file, final Path parent, final UUID id, final Instant created)
            throws MediumRefusedException {
        differencing(file, parent, BLOCK_BYTES, id, created);
    }

    /** As the other, in blocks of another size: a power of two. */
    static void differencing(
            final Path file,
            final Path parent,
            final int blockBytes,
            final UUID id,
            final Instant created)
            throws MediumRefusedException {
        final VhdFooter parentFooter;
        final long changed;
        try (VhdLayer opened = VhdImage.look(parent)) {
            parentFooter = opened.footer();
            changed = VhdParent.changedSeconds(parent);
        }
        final int entries = entriesFor(parentFooter.currentBytes(), blockBytes);
        final long locators =
                TABLE_OFFSET
                        + (long) BitUtil.align(entries * Integer.BYTES, BlockStore.SECTOR_BYTES);
        final byte[] relative = relativePath(file, parent).getBytes(UTF_16LE);
        final byte[] absolute = parent.toAbsolutePath().normalize().toString().getBytes(UTF_16LE);
        final int space = BitUtil.align(relative.length, BlockStore.SECTOR_BYTES);
        final VhdDynamicHeader header =
                new VhdDynamicHeader(
                        TABLE_OFFSET,
                        entries,
                        blockBytes,
                        parentFooter.id(),
                        changed,
                        name(parent),
                        List.of(
                                new VhdDynamicHeader.Locator(
                                        VhdDynamicHeader.Locator.RELATIVE,
                                        relative.length,
                                        locators),
                                new VhdDynamicHeader.Locator(
                                        VhdDynamicHeader.Locator.ABSOLUTE,
                                        absolute.length,
                                        locators + space)));
        final byte[] paths =
                new byte[space + BitUtil.align(absolute.length, BlockStore.SECTOR_BYTES)];
        System.arraycopy(relative, 0, paths, 0, relative.length);
        System.arraycopy(absolute, 0, paths, space, absolute.length);
        final VhdFooter footer =
                footer(
                        VhdFooter.BYTES,
                        parentFooter.currentBytes(),
                        VhdFooter.DIFFERENCING,
                        id,
                        created);
        sparse(file, footer, header, paths);
    }

    private static String relativePath(final Path child, final Path parent)
            throws MediumRefusedException {
        final Path directory = child.toAbsolutePath().normalize().getParent();
        final Path absolute = parent.toAbsolutePath().normalize();
        final String path = (directory == null ? absolute : directory.relativize(absolute)) + "";
        if (path.indexOf('\\') >= 0) {
            throw new MediumRefusedException(
                    parent + ": a backslash in the name of a parent means a directory; rename it");
        }
        return ".\\" + path.replace('/', '\\');
    }

    private static String name(final Path parent) throws MediumRefusedException {
        final String name = String.valueOf(parent.toAbsolutePath().normalize().getFileName());
        if (name.getBytes(UTF_16BE).length > VhdDynamicHeader.NAME_BYTES) {
            throw new MediumRefusedException(
                    parent + ": its name has more than 256 characters; rename it");
        }
        return name;
    }

    private static VhdFooter footer(
            final long dataOffset,
            final long sizeBytes,
            final int diskType,
            final UUID id,
            final Instant created) {
        if (sizeBytes < BlockStore.SECTOR_BYTES
                || sizeBytes > MAX_BYTES
                || sizeBytes % BlockStore.SECTOR_BYTES != 0) {
            throw new IllegalArgumentException("size out of range: sizeBytes=" + sizeBytes);
        }
        return new VhdFooter(
                dataOffset,
                created.getEpochSecond() - VhdParent.EPOCH_SECONDS,
                VhdFooter.OURS,
                sizeBytes,
                diskType,
                id);
    }

    private static int entriesFor(final long sizeBytes, final int blockBytes) {
        return (int) ((sizeBytes + blockBytes - 1) / blockBytes);
    }

    private static void sparse(
            final Path file,
            final VhdFooter footer,
            final VhdDynamicHeader header,
            final byte[] paths)
            throws MediumRefusedException {
        final byte[] headerBytes = new byte[VhdDynamicHeader.BYTES];
        header.write(new UnsafeBuffer(headerBytes));
        final byte[] table = new byte[header.tableBytes()];
        Arrays.fill(table, UNUSED_BYTE);
        final byte[] footerBytes = bytesOf(footer);
        final long pathsOffset = header.tableOffset() + table.length;
        try (FileChannel channel = create(file)) {
            write(channel, headerBytes, VhdFooter.BYTES);
            write(channel, table, header.tableOffset());
            write(channel, paths, pathsOffset);
            write(channel, footerBytes, pathsOffset + paths.length);
            channel.force(true);
            write(channel, footerBytes, 0);
            channel.force(true);
        } catch (final IOException e) {
            throw notWritten(file, e);
        }
    }

    private static byte[] bytesOf(final VhdFooter footer) {
        final byte[] bytes = new byte[VhdFooter.BYTES];
        footer.write(new UnsafeBuffer(bytes));
        return bytes;
    }

    private static FileChannel create(final Path file) throws MediumRefusedException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (final FileAlreadyExistsException e) {
            throw new MediumRefusedException(
                    file + ": is there already; name a file that is not, or remove it");
        } catch (final IOException e) {
            throw new MediumRefusedException(
                    file + ": cannot be made (" + e + "); name a place that can be written");
        }
    }

    private static void write(final FileChannel channel, final byte[] bytes, final long offset)
            throws IOException {
        final ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest, offset + rest.position());
        }
    }

    private static MediumRefusedException notWritten(final Path file, final IOException cause) {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException e) {
            cause.addSuppressed(e);
        }
        return new MediumRefusedException(
                file + ": cannot be written (" + cause + "); make room and try again");
    }
}
