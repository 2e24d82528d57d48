package io.ringside.perf.scenario;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Image files, read-only, by the JDK alone: the path that no device takes. */
public final class Images {
    private static final int SECTOR_BYTES = 512;

    /** A VHD's footer is a sector; versions of Virtual PC before 2004 left its last byte out. */
    private static final int SHORTEST_FOOTER_BYTES = 511;

    /** "conectix", with which a VHD's footer begins. */
    private static final long VHD_COOKIE = 0x636F_6E65_6374_6978L;

    private Images() {}

    /** Refuses in one line what is no file. */
    public static void check(final Path image) throws UsageException {
        if (!Files.exists(image)) {
            throw new UsageException("image '" + image + "' does not exist: check its path");
        }
        if (!Files.isRegularFile(image)) {
            throw new UsageException(
                    "image '" + image + "' is not a regular file: name a disk image");
        }
    }

    /**
     * What format a file is of: VHD where a footer's cookie lies at its end or at its start.
     *
     * <p>Whoever writes a raw disk can write a cookie there: the format of a stranger's image is
     * better named than found out.
     */
    public static ImageFormat formatOf(final Path image) throws UsageException {
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            final long bytes = channel.size();
            return hasCookie(channel, bytes - SECTOR_BYTES)
                            || hasCookie(channel, bytes - SHORTEST_FOOTER_BYTES)
                            || hasCookie(channel, 0)
                    ? ImageFormat.VHD
                    : ImageFormat.RAW;
        } catch (final IOException e) {
            throw unreadable(image, e);
        }
    }

    private static boolean hasCookie(final FileChannel channel, final long offset)
            throws IOException {
        final ByteBuffer cookie = ByteBuffer.allocate(Long.BYTES);
        int count = 0;
        while (offset >= 0 && count >= 0 && cookie.hasRemaining()) {
            count = channel.read(cookie, offset + cookie.position());
        }
        return !cookie.hasRemaining() && cookie.getLong(0) == VHD_COOKIE;
    }

    /** Maps a raw image, or refuses it in one line. */
    public static MemorySegment map(final Path image, final Arena arena) throws UsageException {
        check(image);
        final MemorySegment whole = mapWhole(image, arena);
        if (whole.byteSize() == 0) {
            throw new UsageException(
                    "image '" + image + "' is empty: make one, for example with mkfs.ext4");
        }
        if (whole.byteSize() % SECTOR_BYTES != 0) {
            throw new UsageException(
                    "image '"
                            + image
                            + "' has "
                            + whole.byteSize()
                            + " bytes, not a multiple of 512: use a raw image, padded with"
                            + " 'truncate -s %512'");
        }
        return whole;
    }

    /** Maps a file as it is, whatever its size. */
    static MemorySegment mapWhole(final Path image, final Arena arena) throws UsageException {
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (final IOException e) {
            throw unreadable(image, e);
        }
    }

    private static UsageException unreadable(final Path image, final IOException e) {
        return new UsageException(
                "image '"
                        + image
                        + "' cannot be read ("
                        + e.getClass().getSimpleName()
                        + "): check its permissions");
    }
}
