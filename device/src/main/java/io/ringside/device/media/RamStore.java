package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.ringbuf.memory.SharedPages;
import java.io.IOException;
import java.io.InputStream;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory: the medium that costs nothing but the copy.
 *
 * <p>A request is carried out within {@link #submit} and handed over by the next {@link #poll}, in
 * the order of submission. A flush has nothing to do; a discard gives whole pages back to the
 * system.
 *
 * <p>Threads: one. Errors: those of {@link BlockStore}; an {@link IllegalStateException} when the
 * system refuses memory.
 */
public final class RamStore implements BlockStore {
    /** How many requests can be finished and not yet polled, unless asked otherwise. */
    public static final int DEFAULT_QUEUE_DEPTH = 1024;

    /** 128 TiB: no process can address more. */
    private static final long MAX_SECTORS = 1L << 38;

    private static final int COPY_BYTES = 1 << 16;
    private static final StoreCompletions READ_BACK = request -> {};

    private final LargeMemory memory;
    private final long sectors;
    private final Access access;
    private final @Nullable StoreRequest[] finished;
    private int firstFinished;
    private int finishedCount;
    private boolean closed;

    private RamStore(
            final LargeMemory memory,
            final long sectors,
            final Access access,
            final int queueDepth) {
        this.memory = memory;
        this.sectors = sectors;
        this.access = access;
        this.finished = new StoreRequest[queueDepth];
    }

    /** A medium full of zeros. Its memory is taken from the system as it is touched. */
    public static RamStore zeroed(final long sectors) {
        return zeroed(sectors, DEFAULT_QUEUE_DEPTH);
    }

    /** A medium full of zeros, for a backend with at most {@code queueDepth} requests in flight. */
    public static RamStore zeroed(final long sectors, final int queueDepth) {
        return new RamStore(memoryOf(sectors), sectors, Access.READ_WRITE, queueDepth);
    }

    /**
     * A medium that starts with the bytes of a stream, and with zeros behind them. The stream is
     * read to its end and left open.
     *
     * @throws IOException if the stream fails, or is longer than the medium
     */
    public static RamStore loadedFrom(
            final InputStream source, final long sectors, final Access access) throws IOException {
        return loadedFrom(source, sectors, access, DEFAULT_QUEUE_DEPTH);
    }

    /** As the other, for a backend with at most {@code queueDepth} requests in flight. */
    public static RamStore loadedFrom(
            final InputStream source, final long sectors, final Access access, final int queueDepth)
            throws IOException {
        final LargeMemory memory = memoryOf(sectors);
        try {
            load(source, memory);
        } catch (final Throwable e) {
            memory.close();
            throw e;
        }
        return new RamStore(memory, sectors, access, queueDepth);
    }

    /**
     * A medium with the content of another, which nobody else drives meanwhile.
     *
     * @throws IOException if the other cannot be read
     */
    public static RamStore copyOf(final BlockStore source, final Access access) throws IOException {
        final LargeMemory memory = memoryOf(source.sectors());
        try {
            load(source, memory);
        } catch (final Throwable e) {
            memory.close();
            throw e;
        }
        return new RamStore(memory, source.sectors(), access, DEFAULT_QUEUE_DEPTH);
    }

    @Override
    public long sectors() {
        return sectors;
    }

    @Override
    public boolean isReadOnly() {
        return access == Access.READ_ONLY;
    }

    @Override
    public int discardGranularityBytes() {
        return SharedPages.PAGE_BYTES;
    }

    @Override
    public boolean canErase() {
        return true;
    }

    @Override
    public boolean submit(final StoreRequest request) {
        if (closed) {
            throw new IllegalStateException("store is closed: tag=" + request.tag());
        }
        if (finishedCount == finished.length) {
            return false;
        }
        request.status(carryOut(request));
        int last = firstFinished + finishedCount;
        if (last >= finished.length) {
            last -= finished.length;
        }
        finished[last] = request;
        finishedCount++;
        return true;
    }

    private StoreRequest.Status carryOut(final StoreRequest request) {
        return switch (request.operation()) {
            case READ -> {
                if (!request.fitsIn(sectors)) {
                    yield StoreRequest.Status.ERROR;
                }
                long at = request.sector() * SECTOR_BYTES;
                for (int i = 0; i < request.segmentCount(); i++) {
                    final UnsafeBuffer segment = request.segment(i);
                    memory.read(at, segment, 0, segment.capacity());
                    at += segment.capacity();
                }
                yield StoreRequest.Status.OK;
            }
            case WRITE -> {
                if (access == Access.READ_ONLY) {
                    yield StoreRequest.Status.READ_ONLY;
                }
                if (!request.fitsIn(sectors)) {
                    yield StoreRequest.Status.ERROR;
                }
                long at = request.sector() * SECTOR_BYTES;
                for (int i = 0; i < request.segmentCount(); i++) {
                    final UnsafeBuffer segment = request.segment(i);
                    memory.write(at, segment, 0, segment.capacity());
                    at += segment.capacity();
                }
                yield StoreRequest.Status.OK;
            }
            case FLUSH -> StoreRequest.Status.OK;
            case DISCARD -> {
                if (access == Access.READ_ONLY) {
                    yield StoreRequest.Status.READ_ONLY;
                }
                if (!request.fitsIn(sectors)) {
                    yield StoreRequest.Status.ERROR;
                }
                memory.clear(request.sector() * SECTOR_BYTES, request.sectorCount() * SECTOR_BYTES);
                yield StoreRequest.Status.OK;
            }
            case ERASE -> {
                if (access == Access.READ_ONLY) {
                    yield StoreRequest.Status.READ_ONLY;
                }
                if (!request.fitsIn(sectors)) {
                    yield StoreRequest.Status.ERROR;
                }
                final long at = request.sector() * SECTOR_BYTES;
                memory.overwrite(at, request.sectorCount() * SECTOR_BYTES);
                memory.clear(at, request.sectorCount() * SECTOR_BYTES);
                yield StoreRequest.Status.OK;
            }
        };
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        int count = 0;
        while (count < limit && finishedCount > 0) {
            final StoreRequest request = finished[firstFinished];
            finished[firstFinished] = null;
            firstFinished = firstFinished + 1 == finished.length ? 0 : firstFinished + 1;
            finishedCount--;
            count++;
            if (request != null) {
                completions.completed(request);
            }
        }
        return count;
    }

    @Override
    public void wakeWith(final Runnable wake) {
        // Nothing ever finishes behind the backend's back.
    }

    /**
     * Reads any range of bytes as it is now, beside the requests: to verify, or to save.
     *
     * @throws IllegalArgumentException if the range does not lie within the medium, or after {@link
     *     #close}
     */
    public void read(
            final long offsetBytes,
            final MutableDirectBuffer into,
            final int index,
            final int lengthBytes) {
        if (closed
                || offsetBytes < 0
                || lengthBytes < 0
                || offsetBytes > sectors * SECTOR_BYTES - lengthBytes) {
            throw new IllegalArgumentException(
                    "no such range: offsetBytes="
                            + offsetBytes
                            + " lengthBytes="
                            + lengthBytes
                            + " sectors="
                            + sectors
                            + " closed="
                            + closed);
        }
        memory.read(offsetBytes, into, index, lengthBytes);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.close();
        }
    }

    private static LargeMemory memoryOf(final long sectors) {
        if (sectors < 1 || sectors > MAX_SECTORS) {
            throw new IllegalArgumentException("size out of range: sectors=" + sectors);
        }
        return new LargeMemory(sectors * SECTOR_BYTES);
    }

    private static void load(final InputStream source, final LargeMemory memory)
            throws IOException {
        final byte[] bytes = new byte[COPY_BYTES];
        final UnsafeBuffer piece = new UnsafeBuffer(bytes);
        long at = 0;
        int count = source.readNBytes(bytes, 0, COPY_BYTES);
        while (count > 0) {
            if (count > memory.sizeBytes() - at) {
                throw new IOException(
                        "the source is longer than the medium: sizeBytes=" + memory.sizeBytes());
            }
            memory.write(at, piece, 0, count);
            at += count;
            count = source.readNBytes(bytes, 0, COPY_BYTES);
        }
    }

    private static void load(final BlockStore source, final LargeMemory memory) throws IOException {
        final StoreRequest request = new StoreRequest(1, 0);
        try (LargeMemory piece = new LargeMemory(COPY_BYTES)) {
            long at = 0;
            while (at < memory.sizeBytes()) {
                final int count = (int) Math.min(COPY_BYTES, memory.sizeBytes() - at);
                request.reset(StoreRequest.Operation.READ, at / SECTOR_BYTES);
                piece.wrap(request.nextSegment(), 0, count);
                request.added();
                carryOut(source, request);
                memory.write(at, request.segment(0), 0, count);
                at += count;
            }
        }
    }

    private static void carryOut(final BlockStore source, final StoreRequest request)
            throws IOException {
        if (!source.submit(request)) {
            throw new IOException("the source is busy: sector=" + request.sector());
        }
        while (source.poll(READ_BACK, 1) == 0) {
            Thread.onSpinWait();
        }
        if (request.status() != StoreRequest.Status.OK) {
            throw new IOException(
                    "the source cannot be read: sector="
                            + request.sector()
                            + " status="
                            + request.status());
        }
    }
}
