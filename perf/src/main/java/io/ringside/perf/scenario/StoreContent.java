package io.ringside.perf.scenario;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * Everything that a store holds, as memory: read without any device, and kept in a file that has
 * lost its name already, so that nothing is left whatever happens. Zeros become holes.
 */
final class StoreContent {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final long LONGEST_WAIT_NANOS = 1_000_000;
    private static final StoreCompletions READ = request -> {};

    private StoreContent() {}

    /**
     * Reads a store that nobody else drives.
     *
     * @param image the name that a refusal tells
     */
    static MemorySegment unfold(
            final BlockStore store, final Path image, final Arena arena, final RunControl control)
            throws UsageException {
        final Path file;
        try {
            file = Files.createTempFile("ringside-", ".img");
        } catch (final IOException e) {
            throw noRoom(image, e);
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Files.delete(file);
            final long bytes = store.sectors() * BlockStore.SECTOR_BYTES;
            copy(store, image, channel, control);
            return channel.map(MapMode.READ_WRITE, 0, bytes, arena).asReadOnly();
        } catch (final IOException e) {
            throw noRoom(image, e);
        }
    }

    private static void copy(
            final BlockStore store,
            final Path image,
            final FileChannel channel,
            final RunControl control)
            throws IOException, UsageException {
        final Thread reader = Thread.currentThread();
        store.wakeWith(() -> LockSupport.unpark(reader));
        final long total = store.sectors() * BlockStore.SECTOR_BYTES;
        final StoreRequest request = new StoreRequest(1, 0);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment chunk = arena.allocate(CHUNK_BYTES, PIECE_BYTES);
            final MemorySegment zeros = arena.allocate(PIECE_BYTES);
            for (long at = 0; at < total; at += CHUNK_BYTES) {
                if (control.isInterrupted()) {
                    throw new UsageException(
                            "interrupted while reading the image: nothing was measured");
                }
                final int length = (int) Math.min(CHUNK_BYTES, total - at);
                read(store, request, at, chunk.asSlice(0, length), image);
                for (int from = 0; from < length; from += PIECE_BYTES) {
                    final MemorySegment piece =
                            chunk.asSlice(from, Math.min(PIECE_BYTES, length - from));
                    if (piece.mismatch(zeros.asSlice(0, piece.byteSize())) >= 0) {
                        write(channel, piece, at + from);
                    }
                }
                control.progress("reading the image", (at + length) / (double) total);
            }
        }
    }

    private static void read(
            final BlockStore store,
            final StoreRequest request,
            final long at,
            final MemorySegment into,
            final Path image)
            throws UsageException {
        request.reset(StoreRequest.Operation.READ, at / BlockStore.SECTOR_BYTES);
        request.nextSegment().wrap(into.address(), (int) into.byteSize());
        request.added();
        if (!store.submit(request)) {
            throw new IllegalStateException("store is in use: sector=" + request.sector());
        }
        while (store.poll(READ, 1) == 0) {
            LockSupport.parkNanos(LONGEST_WAIT_NANOS);
        }
        if (request.status() != StoreRequest.Status.OK) {
            throw new UsageException(
                    "image '"
                            + image
                            + "' cannot be read at byte "
                            + at
                            + " of its disk: restore it from a backup");
        }
    }

    private static void write(final FileChannel channel, final MemorySegment bytes, final long at)
            throws IOException {
        final ByteBuffer rest = bytes.asByteBuffer();
        while (rest.hasRemaining()) {
            channel.write(rest, at + rest.position());
        }
    }

    private static UsageException noRoom(final Path image, final IOException e) {
        return new UsageException(
                "the disk in '"
                        + image
                        + "' cannot be written out to '"
                        + System.getProperty("java.io.tmpdir")
                        + "' ("
                        + e.getMessage()
                        + "): make room there, or name another place with"
                        + " JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=...");
    }
}
