package io.ringside.perf.scenario;

import io.ringside.device.media.Access;
import io.ringside.device.media.MediumRefusedException;
import io.ringside.device.media.VhdImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A user's image, opened to know what its disk holds; the file is never changed.
 *
 * <p>A raw image is mapped as it is. A VHD is read once, and its disk written out to a file without
 * a name in the directory for temporary files, with holes for its zeros, which is mapped then.
 *
 * <p>Threads: one. Errors: an image that cannot serve is a {@link UsageException} of one line.
 */
public final class DiskImage implements AutoCloseable {
    private final Path file;
    private final ImageFormat format;
    private final boolean hasParent;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment content;

    private DiskImage(final Path file, final ImageFormat format, final RunControl control)
            throws UsageException {
        this.file = file;
        this.format = format;
        boolean opened = false;
        try {
            if (format == ImageFormat.RAW) {
                hasParent = false;
                content = Images.map(file, arena);
            } else {
                try (VhdImage image = VhdImage.open(file, Access.READ_ONLY, Thread::new)) {
                    hasParent = image.hasParent();
                    content = StoreContent.unfold(image, file, arena, control);
                } catch (final MediumRefusedException e) {
                    throw new UsageException(String.valueOf(e.getMessage()));
                }
            }
            opened = true;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /**
     * Opens an image.
     *
     * @param forced its format; null to find it out by the cookie of a VHD's footer
     * @param control may end a long reading early
     */
    public static DiskImage open(
            final Path file, final @Nullable ImageFormat forced, final RunControl control)
            throws UsageException {
        Images.check(file);
        return new DiskImage(file, forced == null ? Images.formatOf(file) : forced, control);
    }

    /** The image's own file. */
    public Path file() {
        return file;
    }

    /** How the disk lies in the file. */
    public ImageFormat format() {
        return format;
    }

    /** The disk's bytes, readable until {@link #close}. */
    public MemorySegment content() {
        return content;
    }

    /** A copy that may be written to; of a differencing image, a child of it. */
    WorkingCopy workingCopy(final RunControl control) throws UsageException {
        if (hasParent) {
            return WorkingCopy.childOf(file);
        }
        try (Arena copying = Arena.ofConfined()) {
            return WorkingCopy.of(file, Images.mapWhole(file, copying), control);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
