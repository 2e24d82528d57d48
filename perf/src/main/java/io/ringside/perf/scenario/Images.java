package io.ringside.perf.scenario;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Raw image files as memory, read-only, by the JDK alone: the path that no device takes. */
public final class Images {
    private static final int SECTOR_BYTES = 512;

    private Images() {}

    /** Maps an image, or refuses it in one line. */
    public static MemorySegment map(final Path image, final Arena arena) throws UsageException {
        if (!Files.exists(image)) {
            throw new UsageException("image '" + image + "' does not exist: check its path");
        }
        if (!Files.isRegularFile(image)) {
            throw new UsageException(
                    "image '" + image + "' is not a regular file: name a raw disk image");
        }
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            final long bytes = channel.size();
            if (bytes == 0) {
                throw new UsageException(
                        "image '" + image + "' is empty: make one, for example with mkfs.ext4");
            }
            if (bytes % SECTOR_BYTES != 0) {
                throw new UsageException(
                        "image '"
                                + image
                                + "' has "
                                + bytes
                                + " bytes, not a multiple of 512: use a raw image, padded with"
                                + " 'truncate -s %512'");
            }
            return channel.map(MapMode.READ_ONLY, 0, bytes, arena);
        } catch (final IOException e) {
            throw new UsageException(
                    "image '"
                            + image
                            + "' cannot be read ("
                            + e.getClass().getSimpleName()
                            + "): check its permissions");
        }
    }
}
