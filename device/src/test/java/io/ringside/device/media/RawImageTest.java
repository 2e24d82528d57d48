package io.ringside.device.media;

import static io.ringside.device.media.StoreRig.memory;
import static io.ringside.device.media.StoreRig.request;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;
import io.ringside.device.host.StoreRequest.Operation;
import io.ringside.device.host.StoreRequest.Status;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RawImageTest extends DiscardContract {
    private static final int EFAULT = 14;

    /** The first page is never mapped. */
    private static final long UNMAPPED_ADDRESS = 512;

    @TempDir private Path directory;

    private final List<Thread> workers = new ArrayList<>();

    private Thread worker(final Runnable loop) {
        final Thread thread = new Thread(loop, "image worker");
        thread.setDaemon(true);
        workers.add(thread);
        return thread;
    }

    @Override
    List<Thread> workers() {
        return workers;
    }

    @Override
    BlockStore open(final byte[] bytes, final Access access) throws Exception {
        return RawImage.open(image(bytes), access, RawImage.DEFAULT_WORKERS, DEPTH, this::worker);
    }

    private Path image(final byte[] bytes) throws IOException {
        return Files.write(directory.resolve("disk.img"), bytes);
    }

    private RawImage openImage(final int sectors) throws Exception {
        return RawImage.open(
                image(new byte[sectors * BlockStore.SECTOR_BYTES]),
                Access.READ_WRITE,
                this::worker);
    }

    @Test
    void leavesTheSectorsInTheFileAsTheyWereWritten() throws Exception {
        final byte[] expected = new byte[16 * BlockStore.SECTOR_BYTES];
        try (RawImage store = openImage(16)) {
            final StoreRig rig = new StoreRig(store);
            for (int sector = 3; sector < 14; sector++) {
                final byte[] bytes = new byte[BlockStore.SECTOR_BYTES];
                Arrays.fill(bytes, (byte) sector);
                System.arraycopy(bytes, 0, expected, sector * bytes.length, bytes.length);
                assertThat(rig.write(sector, bytes)).isEqualTo(Status.OK);
            }
        }
        assertThat(Files.readAllBytes(directory.resolve("disk.img"))).isEqualTo(expected);
    }

    @Test
    void synchronisesTheFileOnceForEachFlushAndNeverForAWrite() throws Exception {
        try (RawImage store = openImage(8)) {
            final StoreRig rig = new StoreRig(store);
            rig.write(0, new byte[512]);
            assertThat(store.syncs()).isZero();
            for (int flushes = 1; flushes <= 3; flushes++) {
                assertThat(rig.flush()).isEqualTo(Status.OK);
                assertThat(store.syncs()).isEqualTo(flushes);
            }
        }
    }

    @Test
    void doesNotSynchroniseWhatItOnlyReads() throws Exception {
        final Path file = image(new byte[512]);
        try (RawImage store = RawImage.open(file, Access.READ_ONLY, this::worker)) {
            assertThat(new StoreRig(store).flush()).isEqualTo(Status.OK);
            assertThat(store.syncs()).isZero();
        }
    }

    @Test
    void givesTheStorageOfADiscardedRangeBackAndKeepsTheLength() throws Exception {
        final int sectors = 8192;
        final Path file = directory.resolve("disk.img");
        try (RawImage store = openImage(sectors)) {
            final long before = storedBytes(file);
            assertThat(new StoreRig(store).discard(8, sectors - 16)).isEqualTo(Status.OK);
            assertThat(storedBytes(file)).isLessThan(before - sectors / 2 * 512);
        }
        assertThat(file).hasSize(sectors * 512L);
    }

    /** What the file takes up, by stat(1). */
    private static long storedBytes(final Path file) throws Exception {
        final Process stat =
                new ProcessBuilder("stat", "-c", "%b", file.toString())
                        .redirectErrorStream(true)
                        .start();
        final String blocks = new String(stat.getInputStream().readAllBytes(), US_ASCII).strip();
        assertThat(stat.waitFor()).as(blocks).isZero();
        return Long.parseLong(blocks) * 512;
    }

    @Test
    void movesMorePiecesThanOneCallTakes() throws Exception {
        final int pieces = 2 * IoVectors.MAX_COUNT + 7;
        final byte[] bytes = new byte[pieces * BlockStore.SECTOR_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i / 7);
        }
        try (RawImage store = openImage(pieces)) {
            final UnsafeBuffer from = memory(bytes.length);
            from.putBytes(0, bytes);
            final StoreRequest request = new StoreRequest(pieces, 0);
            request.reset(Operation.WRITE, 0);
            for (int i = 0; i < pieces; i++) {
                request.nextSegment().wrap(from, i * 512, 512);
                request.added();
            }
            final StoreRig rig = new StoreRig(store);
            assertThat(rig.run(request)).isEqualTo(Status.OK);
            assertThat(rig.read(0, bytes.length)).isEqualTo(bytes);
        }
    }

    @Test
    void failsARequestWhenTheFileWasCutShortAndGoesOnWhenItIsWholeAgain() throws Exception {
        try (RawImage store = openImage(16);
                RandomAccessFile other =
                        new RandomAccessFile(directory.resolve("disk.img").toFile(), "rw")) {
            final StoreRig rig = new StoreRig(store);
            other.setLength(10 * 512 + 100);

            assertThat(rig.run(request(Operation.READ, 8, memory(2048)))).isEqualTo(Status.ERROR);
            assertThat(rig.run(request(Operation.READ, 15, memory(512)))).isEqualTo(Status.ERROR);
            assertThat(rig.run(request(Operation.READ, 9, memory(512)))).isEqualTo(Status.OK);
            assertThat(store.failures()).isEqualTo(2);
            assertThat(store.lastErrno()).isZero();

            other.setLength(16 * 512);
            for (int i = 0; i < 2 * RawImage.DEFAULT_WORKERS; i++) {
                assertThat(rig.run(request(Operation.READ, 8, memory(2048)))).isEqualTo(Status.OK);
            }
            assertThat(store.sectors()).isEqualTo(16);
        }
    }

    @Test
    void takesTheNewLengthOfAFileThatWasMadeLongerOrShorter() throws Exception {
        try (RawImage store = openImage(16);
                RandomAccessFile other =
                        new RandomAccessFile(directory.resolve("disk.img").toFile(), "rw")) {
            final StoreRig rig = new StoreRig(store);
            other.setLength(20 * 512 + 100);
            assertThat(store.sectors()).isEqualTo(16);
            assertThat(rig.write(19, new byte[512])).isEqualTo(Status.ERROR);
            store.measureAgain();
            assertThat(store.sectors()).isEqualTo(20);
            assertThat(rig.write(19, new byte[512])).isEqualTo(Status.OK);
            assertThat(rig.write(20, new byte[512])).isEqualTo(Status.ERROR);
            other.setLength(8 * 512);
            store.measureAgain();
            assertThat(store.sectors()).isEqualTo(8);
            assertThat(rig.discard(0, 9)).isEqualTo(Status.ERROR);
        }
    }

    @Test
    void failsARequestWhoseMemoryIsGoneAndGoesOn() throws Exception {
        try (RawImage store = openImage(16)) {
            final StoreRig rig = new StoreRig(store);
            final UnsafeBuffer gone = new UnsafeBuffer(UNMAPPED_ADDRESS, 512);
            assertThat(rig.run(request(Operation.READ, 0, gone))).isEqualTo(Status.ERROR);
            assertThat(rig.run(request(Operation.WRITE, 0, memory(512), gone)))
                    .isEqualTo(Status.ERROR);
            assertThat(store.failures()).isEqualTo(2);
            assertThat(store.lastErrno()).isEqualTo(EFAULT);
            assertThat(rig.read(0, 512)).isEqualTo(new byte[512]);
        }
    }

    @Test
    void losesNothingWhenItsThreadsAreInterrupted() throws Exception {
        try (RawImage store = openImage(16)) {
            final StoreRig rig = new StoreRig(store);
            for (int i = 0; i < 500; i++) {
                workers.forEach(Thread::interrupt);
                assertThat(rig.run(request(Operation.READ, 0, memory(512)))).isEqualTo(Status.OK);
            }
        }
        assertThat(workers).noneMatch(Thread::isAlive);
    }

    @Test
    void wakesTheBackendOnlyWhenThereIsACompletionToPoll() throws Exception {
        try (RawImage store = openImage(16)) {
            final Semaphore rung = new Semaphore(0);
            store.wakeWith(rung::release);
            final StoreRig rig = new StoreRig(store);
            for (int i = 1; i <= 2_000; i++) {
                assertThat(store.submit(request(Operation.READ, 0, memory(512)))).isTrue();
                rung.acquire();
                assertThat(store.poll(rig, 8)).as("request %d", i).isEqualTo(1);
            }
        }
    }

    @Test
    void endsItsThreadsWhenItCloses() throws Exception {
        final RawImage store =
                RawImage.open(image(new byte[512]), Access.READ_WRITE, 3, 4, this::worker);
        assertThat(workers).hasSize(3).allMatch(Thread::isAlive);
        store.close();
        assertThat(workers).noneMatch(Thread::isAlive);
    }
}
