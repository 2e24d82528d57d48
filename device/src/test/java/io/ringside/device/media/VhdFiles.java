package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** Small VHD images for tests: blocks of eight sectors. */
final class VhdFiles {
    static final int BLOCK_BYTES = 4096;
    static final int BLOCK_SECTORS = BLOCK_BYTES / BlockStore.SECTOR_BYTES;
    static final Instant CREATED = Instant.parse("2010-01-01T00:00:00Z");
    static final UUID ID = new UUID(0x0011_2233_4455_6677L, 0x8899_AABB_CCDD_EEFFL);
    static final UUID CHILD_ID = new UUID(0x1011_2233_4455_6677L, 0x8899_AABB_CCDD_EEFFL);

    private VhdFiles() {}

    static VhdImage open(final Path file, final Access access) throws MediumRefusedException {
        return VhdImage.open(file, access, 1, 4, VhdFiles::worker);
    }

    static Thread worker(final Runnable loop) {
        final Thread thread = new Thread(loop, "image worker");
        thread.setDaemon(true);
        return thread;
    }

    static Path dynamic(final Path file, final int sectors) throws MediumRefusedException {
        NewVhd.dynamic(file, (long) sectors * BlockStore.SECTOR_BYTES, BLOCK_BYTES, ID, CREATED);
        return file;
    }

    static Path differencing(final Path file, final Path parent) throws MediumRefusedException {
        NewVhd.differencing(file, parent, BLOCK_BYTES, CHILD_ID, CREATED);
        return file;
    }

    /** Writes into an image from one sector on. */
    static void write(final Path file, final long sector, final byte[] bytes)
            throws MediumRefusedException {
        try (VhdImage image = open(file, Access.READ_WRITE)) {
            if (new StoreRig(image).write(sector, bytes) != StoreRequest.Status.OK) {
                throw new AssertionError("cannot write " + file);
            }
        }
    }

    /** All that an image holds. */
    static byte[] read(final Path file) throws MediumRefusedException {
        try (VhdImage image = open(file, Access.READ_ONLY)) {
            return new StoreRig(image).read(0, (int) image.sectors() * BlockStore.SECTOR_BYTES);
        }
    }
}
