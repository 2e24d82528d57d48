package io.ringside.perf.scenario;

import io.ringside.device.media.MediumRefusedException;
import io.ringside.device.media.NewVhd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;

/**
 * A copy of a user's image that may be written to, in the directory for temporary files; closing it
 * removes it.
 */
final class WorkingCopy implements AutoCloseable {
    private static final int CHUNK_BYTES = 4 << 20;

    private final Path file;

    private WorkingCopy(final Path file) {
        this.file = file;
    }

    /**
     * Copies the image's file, with progress; an interrupted copy is removed and refused.
     *
     * @param bytes all of the file
     */
    static WorkingCopy of(final Path image, final MemorySegment bytes, final RunControl control)
            throws UsageException {
        final Path file = newFile(image);
        final WorkingCopy copy = new WorkingCopy(file);
        boolean whole = false;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            final long total = bytes.byteSize();
            for (long at = 0; at < total && !control.isInterrupted(); at += CHUNK_BYTES) {
                final ByteBuffer chunk =
                        bytes.asSlice(at, Math.min(CHUNK_BYTES, total - at)).asByteBuffer();
                while (chunk.hasRemaining()) {
                    out.write(chunk);
                }
                control.progress("copying the image", (at + CHUNK_BYTES) / (double) total);
            }
            whole = !control.isInterrupted();
        } catch (final IOException e) {
            throw refusal(image, e);
        } finally {
            if (!whole) {
                copy.close();
            }
        }
        if (!whole) {
            throw new UsageException("interrupted while copying the image: nothing was measured");
        }
        return copy;
    }

    /** A differencing image whose parent is the image: it has room for what is written. */
    static WorkingCopy childOf(final Path image) throws UsageException {
        final WorkingCopy copy = new WorkingCopy(newFile(image));
        boolean whole = false;
        try {
            Files.delete(copy.file); // It must not be there; nobody else knows its name.
            NewVhd.differencing(copy.file, image, UUID.randomUUID(), Instant.now());
            whole = true;
            return copy;
        } catch (final IOException e) {
            throw refusal(image, e);
        } catch (final MediumRefusedException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        } finally {
            if (!whole) {
                copy.close();
            }
        }
    }

    private static Path newFile(final Path image) throws UsageException {
        try {
            final Path file = Files.createTempFile("ringside-", ".img");
            file.toFile().deleteOnExit(); // Should the run be abandoned before it can be closed.
            return file;
        } catch (final IOException e) {
            throw refusal(image, e);
        }
    }

    Path file() {
        return file;
    }

    private static UsageException refusal(final Path image, final IOException e) {
        return new UsageException(
                "no working copy of '"
                        + image
                        + "' can be made in '"
                        + System.getProperty("java.io.tmpdir")
                        + "' ("
                        + e.getMessage()
                        + "): make room there, or use --medium ram");
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException e) {
            throw new IllegalStateException("cannot remove: file=" + file, e);
        }
    }
}
