package io.ringside.xen.blkfront;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.Access;
import io.ringside.device.media.VhdImage;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A VHD that qemu-img made is filled through both ends, and judged by other people's tools. */
final class RealDiskTest {
    private static final String QEMU_IMG = "/usr/bin/qemu-img";
    private static final String MKFS = "/usr/sbin/mkfs.ext4";
    private static final String FSCK = "/usr/sbin/fsck.ext4";
    private static final int PIECE_PAGES = 8;
    private static final int PIECE_BYTES = PIECE_PAGES * GuestMemory.PAGE_BYTES;
    private static final int PIECE_SECTORS = PIECE_BYTES / BlockRequest.SECTOR_BYTES;
    private static final int PIECES_TO_A_FLUSH = 50;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final TestBench bench = new TestBench();
    private final BlockRequest request = new BlockRequest(PIECE_PAGES);
    private final long memory = TestDomain.address(bench.guest().frames().allocate(PIECE_PAGES));
    private int ended;

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void needsTools() {
        for (final String tool : List.of(QEMU_IMG, MKFS, FSCK)) {
            assumeTrue(
                    Files.isExecutable(Path.of(tool)),
                    tool + " is not installed: apt-get install qemu-utils e2fsprogs");
        }
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({"on, false", "on, true", "off, true"})
    void fillsAVhdOfQemuImgsWithAFilesystem(final String forceSize, final boolean everyFeature)
            throws Exception {
        final Path raw = filesystem();
        final Path vhd = directory.resolve("disk.vhd");
        final String options = "subformat=dynamic,force_size=" + forceSize;
        run(QEMU_IMG, "create", "-f", "vpc", "-o", options, vhd, Files.size(raw));
        fill(vhd, Files.readAllBytes(raw), everyFeature);

        assertThat(run(QEMU_IMG, "compare", "-f", "raw", "-F", "vpc", raw, vhd))
                .as("%s", seed)
                .contains("Images are identical.");
        final Path back = directory.resolve("back.img");
        run(QEMU_IMG, "convert", "-f", "vpc", "-O", "raw", vhd, back);
        run(FSCK, "-fn", back);
    }

    private Path filesystem() throws Exception {
        final Path files = Files.createDirectory(directory.resolve("files"));
        for (int i = 0; i < 30; i++) {
            final byte[] content = new byte[random.nextInt(150_000)];
            random.nextBytes(content);
            Files.write(files.resolve("file" + i), content);
        }
        final Path raw = directory.resolve("disk.img");
        run(MKFS, "-q", "-d", files, raw, "16M");
        return raw;
    }

    /** Writes over all of the disk first, so that what is discarded then was something. */
    private void fill(final Path vhd, final byte[] content, final boolean everyFeature)
            throws Exception {
        try (VhdImage image = VhdImage.open(vhd, Access.READ_WRITE, RealDiskTest::worker)) {
            final Blkback back = bench.newBackend(image, Wakeups.ARMED);
            final Blkfront front =
                    bench.newFrontend(
                            Wakeups.ARMED,
                            everyFeature ? BlkfrontOptions.LINUX : BlkfrontOptions.PLAIN);
            front.completionsTo(done -> ended++);
            bench.connect(front, back);
            assertThat(front.limits().sectors() * BlockRequest.SECTOR_BYTES)
                    .isGreaterThanOrEqualTo(content.length);
            final byte[] before = new byte[content.length];
            random.nextBytes(before);
            put(front, back, before);
            put(front, back, content);
            assertThat(front.counters().discards()).as("%s", seed).isGreaterThan(100);
            assertThat(front.counters().flushes()).as("%s", seed).isGreaterThan(10);
            front.shutdown();
            bench.settle(front, back);
        }
    }

    private void put(final Blkfront front, final Blkback back, final byte[] content) {
        for (int piece = 0; piece * PIECE_BYTES < content.length; piece++) {
            final long sector = (long) piece * PIECE_SECTORS;
            if (isZero(content, piece * PIECE_BYTES)) {
                request.resetToDiscard(BlockOperation.DISCARD, sector, PIECE_SECTORS);
            } else {
                bench.guest()
                        .view(memory, PIECE_BYTES)
                        .putBytes(0, content, piece * PIECE_BYTES, PIECE_BYTES);
                request.reset(BlockOperation.WRITE, sector);
                for (int page = 0; page < PIECE_PAGES; page++) {
                    request.addSegment(
                            memory + page * GuestMemory.PAGE_BYTES, GuestMemory.PAGE_BYTES);
                }
            }
            carry(front, back);
            if (piece % PIECES_TO_A_FLUSH == PIECES_TO_A_FLUSH - 1) {
                request.reset(BlockOperation.FLUSH, 0);
                carry(front, back);
            }
        }
        request.reset(BlockOperation.FLUSH, 0);
        carry(front, back);
    }

    private static boolean isZero(final byte[] content, final int from) {
        for (int i = from; i < from + PIECE_BYTES; i++) {
            if (content[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void carry(final Blkfront front, final Blkback back) {
        final int before = ended;
        assertThat(front.submit(request)).as("%s", seed).isTrue();
        front.commit();
        while (ended == before) {
            if (bench.step(back) + bench.step(front) == 0) {
                Thread.onSpinWait();
            }
        }
        assertThat(request.status()).as("%s", seed).isEqualTo(BlockStatus.OK);
    }

    private static Thread worker(final Runnable loop) {
        final Thread thread = new Thread(loop, "image worker");
        thread.setDaemon(true);
        return thread;
    }

    private static String run(final Object... command) throws Exception {
        final List<String> words = new ArrayList<>();
        for (final Object each : command) {
            words.add(each.toString());
        }
        final Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("%s: %s", words, said).isZero();
        return said;
    }
}
