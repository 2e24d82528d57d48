package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.ringbuf.memory.SharedPages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * A disk in a file that holds its sectors, one after the other, and nothing else.
 *
 * <p>The file is read and written by workers, through the system's page cache; a flush returns when
 * fdatasync(2) has. A discard punches a hole in the file, or is {@link
 * StoreRequest.Status#UNSUPPORTED} where the file system has no holes; an erasure overwrites the
 * range first and waits for fdatasync(2), so that a file system that writes in place keeps none of
 * it. While it is open for writing nobody else can open it here, in this process or in another;
 * while it is open for reading, others can read it too.
 *
 * <p>Threads: as {@link BlockStore} says, and its own workers. Errors: a file that cannot serve is
 * a {@link MediumRefusedException} at opening; what the system fails later, or a file that somebody
 * has shortened, is {@link StoreRequest.Status#ERROR} and is counted.
 */
public final class RawImage implements BlockStore {
    /** How many workers there are, unless asked otherwise. */
    public static final int DEFAULT_WORKERS = 2;

    /** How many requests can be in flight, unless asked otherwise. */
    public static final int DEFAULT_QUEUE_DEPTH = 256;

    private final ImageFile file;
    private final List<RawImageWorker> workers;
    private final StorePipeline pipeline;
    private boolean closed;

    private RawImage(
            final ImageFile file,
            final List<RawImageWorker> workers,
            final StorePipeline pipeline) {
        this.file = file;
        this.workers = workers;
        this.pipeline = pipeline;
    }

    /** Opens a file with the usual number of workers. */
    public static RawImage open(final Path file, final Access access, final ThreadFactory threads)
            throws MediumRefusedException {
        return open(file, access, DEFAULT_WORKERS, DEFAULT_QUEUE_DEPTH, threads);
    }

    /**
     * Opens a file.
     *
     * @param workers how many requests are carried out at the same time
     * @param queueDepth most requests submitted and not yet polled, up to 65536
     * @param threads makes the workers' threads
     * @throws MediumRefusedException if the file is missing, a directory, not accessible as asked,
     *     in use, empty, or not a whole number of sectors long
     */
    public static RawImage open(
            final Path file,
            final Access access,
            final int workers,
            final int queueDepth,
            final ThreadFactory threads)
            throws MediumRefusedException {
        final ImageFile image = ImageFile.open(file, access);
        final List<RawImageWorker> made = new ArrayList<>();
        try {
            checkSize(file, image.sizeBytes());
            for (int i = 0; i < workers; i++) {
                made.add(new RawImageWorker(image, image.sizeBytes() / SECTOR_BYTES));
            }
            return new RawImage(image, made, new StorePipeline(made, queueDepth, threads));
        } catch (final Throwable e) {
            close(made, image);
            throw e;
        }
    }

    private static void checkSize(final Path file, final long sizeBytes)
            throws MediumRefusedException {
        if (sizeBytes == 0) {
            throw new MediumRefusedException(
                    file + ": empty, size=0; give it a size with: truncate -s 64M " + file);
        }
        if (sizeBytes % SECTOR_BYTES != 0) {
            throw new MediumRefusedException(
                    file
                            + ": size="
                            + sizeBytes
                            + " bytes is not a multiple of 512; pad it with: truncate -s %512 "
                            + file);
        }
    }

    @Override
    public long sectors() {
        return file.sizeBytes() / SECTOR_BYTES;
    }

    @Override
    public boolean isReadOnly() {
        return file.access() == Access.READ_ONLY;
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
        return pipeline.submit(request);
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        return pipeline.poll(completions, limit);
    }

    @Override
    public void wakeWith(final Runnable wake) {
        pipeline.wakeWith(wake);
    }

    /** How many requests the system has failed so far. Any thread. */
    public long failures() {
        return file.failures();
    }

    /** The errno of the last of {@link #failures}; 0 if the file ended too early. Any thread. */
    public int lastErrno() {
        return file.lastErrno();
    }

    /** How many flushes have reached stable storage. Any thread. */
    public long syncs() {
        return file.syncs();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pipeline.close();
            close(workers, file);
        }
    }

    private static void close(final List<RawImageWorker> workers, final ImageFile file) {
        for (final RawImageWorker worker : workers) {
            worker.close();
        }
        file.close();
    }
}
