package io.ringside.perf.scenario;

import io.ringside.device.host.BlockStore;
import io.ringside.device.media.Access;
import io.ringside.device.media.RamStore;
import io.ringside.perf.workload.DiskModel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the disks of a comparison: an image, in memory or in its file.
 *
 * <p>The user's image is never changed. Patterns that write to a file write to a copy beside it in
 * the directory for temporary files, which is gone when the medium is closed. In memory, every
 * device starts from the image as it is.
 *
 * <p>Threads: one. Errors: an image that cannot serve is a {@link UsageException} of one line.
 */
public final class DiskMedium implements AutoCloseable {
    private static final String SAMPLE = "sample-ext4.img.gz";
    private static final int SAMPLE_BYTES = 16 * 1024 * 1024;
    private static final long MAX_WRITTEN_BLOCKS = 1L << 28;
    private static final int CHUNK_BYTES = 1 << 20;

    /** Where the bytes are served from. */
    public enum Kind {
        /** From memory: the medium takes next to no time. */
        RAM,
        /** From the file, by real file I/O. */
        FILE
    }

    /**
     * A medium opened for one device.
     *
     * @param store what the backend drives
     * @param model what every block must hold
     */
    public record Opened(BlockStore store, DiskModel model) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
        }
    }

    private final DiskScenario scenario;
    private final String description;
    private final Arena arena = Arena.ofShared();
    private final @Nullable DiskImage image;
    private final MemorySegment original;
    private @Nullable WorkingCopy copy;
    private @Nullable Path file;
    private @Nullable DiskModel fileModel;

    private DiskMedium(
            final Kind kind,
            final DiskScenario scenario,
            final @Nullable DiskImage image,
            final RunControl control)
            throws UsageException {
        this.scenario = scenario;
        this.image = image;
        boolean opened = false;
        try {
            if (image == null) {
                original = sample(arena);
                description = "embedded ext4 image, in memory";
            } else {
                original = image.content();
                description =
                        image.file()
                                + (image.format() == ImageFormat.VHD ? ", VHD" : "")
                                + (kind == Kind.RAM ? ", in memory" : ", its file");
            }
            checkBlocks();
            if (kind == Kind.FILE && image != null) {
                openFile(image, control);
            }
            opened = true;
        } finally {
            if (!opened) {
                close(); // The working copy may be there already.
            }
        }
    }

    /**
     * Opens an image, or the embedded sample where there is none.
     *
     * @param control may end a long copy early
     */
    public static DiskMedium open(
            final @Nullable Path image,
            final Kind kind,
            final DiskScenario scenario,
            final RunControl control)
            throws UsageException {
        return open(image, null, kind, scenario, control);
    }

    /**
     * The same, of an image of a known format.
     *
     * @param format null to find it out
     */
    public static DiskMedium open(
            final @Nullable Path image,
            final @Nullable ImageFormat format,
            final Kind kind,
            final DiskScenario scenario,
            final RunControl control)
            throws UsageException {
        if (image == null) {
            if (kind == Kind.FILE) {
                throw new UsageException(
                        "--medium file needs an image: name one with --image, or use --medium ram");
            }
            return new DiskMedium(kind, scenario, null, control);
        }
        final DiskImage opened = DiskImage.open(image, format, control);
        boolean fits = false;
        try {
            if (kind == Kind.RAM) {
                checkMemory(image, opened.content().byteSize(), MachineMemory.availableBytes());
            }
            fits = true;
        } finally {
            if (!fits) {
                opened.close();
            }
        }
        return new DiskMedium(kind, scenario, opened, control);
    }

    /** Refuses an image that the machine's memory cannot hold now. */
    static void checkMemory(final Path image, final long bytes, final long availableBytes)
            throws UsageException {
        if (bytes > availableBytes) {
            throw new UsageException(
                    "image '"
                            + image
                            + "' has "
                            + Sizes.text(bytes)
                            + ", and "
                            + Sizes.text(availableBytes)
                            + " of memory are free: use --medium file");
        }
    }

    private void openFile(final DiskImage opened, final RunControl control) throws UsageException {
        file = opened.file();
        if (scenario.pattern().writes()) {
            copy = opened.workingCopy(control);
            file = copy.file();
        }
        fileModel = model();
    }

    private void checkBlocks() throws UsageException {
        final String name = image == null ? "the embedded image" : "image '" + image.file() + "'";
        final long blocks = original.byteSize() / scenario.blockBytes();
        if (blocks == 0) {
            throw new UsageException(
                    name
                            + " has "
                            + original.byteSize()
                            + " bytes, less than one block: use a smaller --block-size");
        }
        if (scenario.pattern().writes() && blocks > MAX_WRITTEN_BLOCKS) {
            throw new UsageException(
                    name
                            + " has "
                            + blocks
                            + " blocks, too many to track writes: use a larger --block-size");
        }
    }

    /** What it is, in words. */
    public String description() {
        return description;
    }

    /** Its size in bytes. */
    public long bytes() {
        return original.byteSize();
    }

    /** Opens it for one device. */
    public Opened open() throws UsageException {
        if (file != null && fileModel != null && image != null) {
            final Access access =
                    scenario.pattern().writes() ? Access.READ_WRITE : Access.READ_ONLY;
            return new Opened(image.format().open(file, access), fileModel);
        }
        try (InputStream bytes = new SegmentStream(original)) {
            return new Opened(
                    RamStore.loadedFrom(
                            bytes,
                            original.byteSize() / BlockStore.SECTOR_BYTES,
                            Access.READ_WRITE),
                    model());
        } catch (final IOException e) {
            throw new UsageException(
                    "image cannot be loaded into memory ("
                            + e.getMessage()
                            + "): use --medium file");
        }
    }

    /**
     * Reads the whole medium by a path that no device took, and holds it against the model; a file
     * is closed and read anew.
     */
    public boolean readBack(final Opened opened) throws UsageException {
        try (Arena reading = Arena.ofConfined()) {
            if (opened.store() instanceof RamStore ram) {
                return opened.model().firstMismatch(copyOut(ram, reading)) < 0;
            }
            if (file == null || image == null) {
                throw new IllegalStateException("not a file: medium=" + description);
            }
            opened.close();
            try (DiskImage found = DiskImage.open(file, image.format(), RunControl.NONE)) {
                return opened.model().firstMismatch(found.content()) < 0;
            }
        }
    }

    private MemorySegment copyOut(final RamStore store, final Arena reading) {
        final MemorySegment found = reading.allocate(original.byteSize());
        final UnsafeBuffer chunk = new UnsafeBuffer(0, 0);
        for (long at = 0; at < found.byteSize(); at += CHUNK_BYTES) {
            final int length = (int) Math.min(CHUNK_BYTES, found.byteSize() - at);
            chunk.wrap(found.address() + at, length);
            store.read(at, chunk, 0, length);
        }
        return found;
    }

    private DiskModel model() {
        return new DiskModel(
                original,
                scenario.blockBytes(),
                scenario.seed(),
                scenario.pattern().writes() ? DiskModel.Writes.PATTERN : DiskModel.Writes.NONE);
    }

    private static MemorySegment sample(final Arena arena) {
        try (InputStream resource = DiskMedium.class.getResourceAsStream(SAMPLE)) {
            if (resource == null) {
                throw new IllegalStateException("not packaged: resource=" + SAMPLE);
            }
            final MemorySegment image = arena.allocate(SAMPLE_BYTES);
            final byte[] bytes = new GZIPInputStream(resource).readNBytes(SAMPLE_BYTES + 1);
            if (bytes.length != SAMPLE_BYTES) {
                throw new IllegalStateException("sample has another size: bytes=" + bytes.length);
            }
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, image, 0, SAMPLE_BYTES);
            return image;
        } catch (final IOException e) {
            throw new IllegalStateException("sample cannot be unpacked: resource=" + SAMPLE, e);
        }
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.close();
        }
        if (image != null) {
            image.close();
        }
        arena.close();
    }
}
