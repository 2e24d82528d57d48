package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, for VHD images of whatever type. */
abstract class VhdContract extends DiscardContract {
    @TempDir Path directory;

    private final List<Thread> workers = new ArrayList<>();

    /** Makes an image that holds these bytes. */
    abstract Path image(byte[] bytes) throws Exception;

    @Override
    BlockStore open(final byte[] bytes, final Access access) throws Exception {
        directory = Files.createTempDirectory(directory, "image");
        final Path file = image(bytes);
        return VhdImage.open(file, access, RawImage.DEFAULT_WORKERS, DEPTH, this::worker);
    }

    private Thread worker(final Runnable loop) {
        final Thread thread = VhdFiles.worker(loop);
        workers.add(thread);
        return thread;
    }

    @Override
    List<Thread> workers() {
        return workers;
    }
}
