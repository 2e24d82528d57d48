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
 * A disk in a VHD file, as Virtual PC, Hyper-V and qemu-img ({@code -f vpc}) make it: fixed,
 * dynamic or differencing. {@link NewVhd} makes one.
 *
 * <p>A dynamic image grows by a block whenever a sector is written that has none, and never
 * shrinks; a discard gives the storage of a range back by holes in the file, or is {@link
 * StoreRequest.Status#UNSUPPORTED} where the file system has none. A differencing image copies from
 * its parents when it gets a block; they are opened for reading only, and so it cannot erase: what
 * a parent holds would be left. The size is the footer's current size, where qemu-img may round
 * images of some creators down to a geometry.
 *
 * <p>A power cut loses nothing that was flushed, and leaves an image that opens: {@code VhdGrowth}
 * tells why.
 *
 * <p>Threads: as {@link BlockStore} says, and its own workers. Errors: an image that is torn,
 * corrupt or without its parent is a {@link MediumRefusedException} at opening, with the offset;
 * what the system fails later is {@link StoreRequest.Status#ERROR} and is counted.
 */
public final class VhdImage implements BlockStore {
    private final VhdLayer image;
    private final List<VhdWorker> workers;
    private final StorePipeline pipeline;
    private boolean closed;

    private VhdImage(
            final VhdLayer image, final List<VhdWorker> workers, final StorePipeline pipeline) {
        this.image = image;
        this.workers = workers;
        this.pipeline = pipeline;
    }

    /** Opens an image with the usual number of workers. */
    public static VhdImage open(final Path file, final Access access, final ThreadFactory threads)
            throws MediumRefusedException {
        return open(file, access, RawImage.DEFAULT_WORKERS, RawImage.DEFAULT_QUEUE_DEPTH, threads);
    }

    /**
     * Opens an image, and its parents for reading.
     *
     * @param workers how many requests are carried out at the same time
     * @param queueDepth most requests submitted and not yet polled, up to 65536
     * @param threads makes the workers' threads
     * @throws MediumRefusedException if a file is missing, not accessible as asked, in use, or no
     *     whole VHD image
     */
    public static VhdImage open(
            final Path file,
            final Access access,
            final int workers,
            final int queueDepth,
            final ThreadFactory threads)
            throws MediumRefusedException {
        return open(file, access, workers, queueDepth, threads, VhdImage::openFile);
    }

    private static FileBytes openFile(final Path file, final Access access)
            throws MediumRefusedException {
        return ImageFile.open(file, access, ImageKind.VHD);
    }

    static VhdImage open(
            final Path file,
            final Access access,
            final int workers,
            final int queueDepth,
            final ThreadFactory threads,
            final VhdOpening.Opener opener)
            throws MediumRefusedException {
        final VhdLayer image = openLayer(file, access, opener);
        final List<VhdWorker> made = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                made.add(new VhdWorker(image));
            }
            return new VhdImage(image, made, new StorePipeline(made, queueDepth, threads));
        } catch (final Throwable e) {
            close(made, image);
            throw e;
        }
    }

    private static VhdLayer openLayer(
            final Path file, final Access access, final VhdOpening.Opener opener)
            throws MediumRefusedException {
        try (VhdOpening opening = new VhdOpening(opener)) {
            return opening.open(file, access);
        }
    }

    /** Opens an image only to look at its headers. */
    static VhdLayer look(final Path file) throws MediumRefusedException {
        return openLayer(file, Access.READ_ONLY, VhdImage::openFile);
    }

    @Override
    public long sectors() {
        return image.sectors();
    }

    @Override
    public boolean isReadOnly() {
        return image.file().access() == Access.READ_ONLY;
    }

    @Override
    public int discardGranularityBytes() {
        return SharedPages.PAGE_BYTES;
    }

    @Override
    public boolean canErase() {
        return image.parent() == null;
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

    /** Whether it holds only what differs from another image. */
    public boolean hasParent() {
        return image.parent() != null;
    }

    /** How many calls on this file or a parent's the system has failed so far. Any thread. */
    public long failures() {
        long sum = 0;
        for (VhdLayer each = image; each != null; each = each.parent()) {
            sum += each.file().failures();
        }
        return sum;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pipeline.close();
            close(workers, image);
        }
    }

    private static void close(final List<VhdWorker> workers, final VhdLayer image) {
        for (final VhdWorker worker : workers) {
            worker.close();
        }
        image.close();
    }
}
