package io.ringside.perf.scenario;

import io.ringside.device.media.MediumRefusedException;
import io.ringside.device.media.NewVhd;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The kinds of image files that can be made, all zero at first. */
public enum NewImage {
    /** A raw image, one hole. */
    RAW(ImageFormat.RAW),
    /** A VHD that grows as it is written. */
    VHD_DYNAMIC(ImageFormat.VHD),
    /** A VHD that has room for every sector. */
    VHD_FIXED(ImageFormat.VHD);

    private final ImageFormat format;

    NewImage(final ImageFormat format) {
        this.format = format;
    }

    /**
     * The kind of a name, or where none is given, of the file's name: a dynamic VHD for one that
     * ends in {@code .vhd}, raw for any other.
     */
    public static NewImage of(final @Nullable String name, final Path file) throws UsageException {
        if (name == null) {
            final String fileName = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            return fileName.endsWith(".vhd") ? VHD_DYNAMIC : RAW;
        }
        return switch (name) {
            case "raw" -> RAW;
            case "vhd" -> VHD_DYNAMIC;
            case "vhd-fixed" -> VHD_FIXED;
            default ->
                    throw new UsageException(
                            "unknown target format '" + name + "': use raw, vhd or vhd-fixed");
        };
    }

    /** How the disk lies in the file. */
    public ImageFormat format() {
        return format;
    }

    /** Makes the file, which must not exist. */
    public void make(final Path file, final long diskBytes) throws UsageException {
        if (format == ImageFormat.VHD && diskBytes > NewVhd.MAX_BYTES) {
            throw new UsageException(
                    "target '"
                            + file
                            + "' cannot hold "
                            + Sizes.text(diskBytes)
                            + ", a VHD holds at most 2040 GiB: make it raw");
        }
        try {
            switch (this) {
                case RAW -> makeRaw(file, diskBytes);
                case VHD_DYNAMIC ->
                        NewVhd.dynamic(file, diskBytes, UUID.randomUUID(), Instant.now());
                case VHD_FIXED -> NewVhd.fixed(file, diskBytes, UUID.randomUUID(), Instant.now());
            }
        } catch (final MediumRefusedException e) {
            throw new UsageException("target " + e.getMessage());
        }
    }

    private static void makeRaw(final Path file, final long diskBytes) throws UsageException {
        try {
            Files.createFile(file);
        } catch (final FileAlreadyExistsException e) {
            throw new UsageException(
                    "target '" + file + "' exists: name a new file, or remove it first");
        } catch (final IOException e) {
            throw new UsageException(
                    "target '"
                            + file
                            + "' cannot be made ("
                            + e.getClass().getSimpleName()
                            + "): check its directory");
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(diskBytes);
        } catch (final IOException e) {
            throw new UsageException(
                    "target '" + file + "' cannot be sized (" + e.getMessage() + "): make room");
        }
    }
}
