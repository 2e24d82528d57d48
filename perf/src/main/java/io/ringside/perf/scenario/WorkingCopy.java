package io.ringside.perf.scenario;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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

    /** Copies the image, with progress; an interrupted copy is removed and refused. */
    static WorkingCopy of(final Path image, final MemorySegment bytes, final RunControl control)
            throws UsageException {
        final Path file;
        try {
            file = Files.createTempFile("ringside-", ".img");
            file.toFile().deleteOnExit(); // Should the run be abandoned before it can be closed.
        } catch (final IOException e) {
            throw refusal(image, e);
        }
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
