package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real filesystems by other people's tools: mkfs makes them, fsck and debugfs judge our copy. */
class RealImageTest {
    private static final long SECTOR_BYTES = 512;
    private static final long DISK_BYTES = 1L << 30;
    private static final long ROOT_SECTOR = 67_584; // Behind a first partition of 32 MiB.

    /** A multiple of ext4's blocks that ends before the second copy of the partition table. */
    private static final long ROOT_BYTES = DISK_BYTES - ROOT_SECTOR * SECTOR_BYTES - (1 << 20);

    private static final String PATH = System.getenv("PATH") + ":/usr/sbin:/sbin";

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void needsE2fsprogs() {
        for (final String tool : List.of("mkfs.ext4", "fsck.ext4", "debugfs")) {
            assumeThat(isInstalled(tool))
                    .as("%s is not installed (package e2fsprogs)", tool)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xen-blkfront", "storvsc", "ide-dma", "ide-pio"})
    void writesAFilesystemThatIsCleanAndWhole(final String device) throws Exception {
        final Path files = Files.createDirectories(directory.resolve("files/deep/er"));
        final SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 40; i++) {
            final byte[] content = new byte[random.nextInt(60_000)];
            random.nextBytes(content);
            Files.write(files.resolve("file" + i), content);
        }
        final Path image = directory.resolve("disk.img");
        run("mkfs.ext4", "-q", "-d", directory.resolve("files").toString(), image.toString(), "8M");
        final Path copy = directory.resolve("copy.img");
        final Invocation copied =
                Invocation.of("copy", image.toString(), copy.toString(), "--device", device);
        assertThat(copied.exitCode()).as("%s", copied).isZero();
        assertThat(copied.out()).contains("read back ok");

        assertThat(Files.mismatch(image, copy)).isEqualTo(-1);
        run("fsck.ext4", "-fn", copy.toString());
        final Path dumped = Files.createDirectory(directory.resolve("dumped"));
        run("debugfs", "-R", "rdump /deep " + dumped, copy.toString());
        for (int i = 0; i < 40; i++) {
            assertThat(
                            Files.mismatch(
                                    files.resolve("file" + i), dumped.resolve("deep/er/file" + i)))
                    .isEqualTo(-1);
        }
    }

    /** qemu-img makes the source, rounded to a geometry or not, and judges what became of it. */
    @ParameterizedTest
    @CsvSource({
        "on, xen-blkfront",
        "on, xen-blkfront+persistent",
        "on, xen-blkfront+indirect",
        "off, xen-blkfront+ring4",
        "off, xen-blkfront+2q",
        "off, xen-blkfront+all",
        "on, storvsc",
        "off, storvsc+subchannels"
    })
    void carriesAFilesystemFromOneVhdToAnother(final String forceSize, final String device)
            throws Exception {
        QemuImg.mustBeInstalled();
        final Path files = Files.createDirectories(directory.resolve("files"));
        final SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 20; i++) {
            final byte[] content = new byte[random.nextInt(200_000)];
            random.nextBytes(content);
            Files.write(files.resolve("file" + i), content);
        }
        final Path image = directory.resolve("disk.img");
        run("mkfs.ext4", "-q", "-d", files.toString(), image.toString(), "16M");
        final Path source = directory.resolve("source.vhd");
        QemuImg.run(
                "convert",
                "-f",
                "raw",
                "-O",
                "vpc",
                "-o",
                "subformat=dynamic,force_size=" + forceSize,
                image,
                source);
        final Path target = directory.resolve("target.vhd");
        final Invocation copied =
                Invocation.of(
                        "copy",
                        source.toString(),
                        target.toString(),
                        "--discard",
                        "--device",
                        device);
        assertThat(copied.exitCode()).as("%s", copied).isZero();
        assertThat(copied.out()).containsPattern("[1-9][0-9]* discards").contains("read back ok");

        assertThat(QemuImg.run("compare", "-f", "vpc", "-F", "vpc", source, target))
                .contains("Images are identical.")
                .doesNotContain("size mismatch");
        QemuImg.assertSameDisk(image, target);
        final Path back = directory.resolve("back.img");
        QemuImg.run("convert", "-f", "vpc", "-O", "raw", target, back);
        run("fsck.ext4", "-fn", back.toString());
        final Path dumped = Files.createDirectory(directory.resolve("dumped"));
        run("debugfs", "-R", "rdump / " + dumped, back.toString());
        for (int i = 0; i < 20; i++) {
            assertThat(Files.mismatch(files.resolve("file" + i), dumped.resolve("file" + i)))
                    .isEqualTo(-1);
        }
    }

    /**
     * A disk of the size that systems boot from: a GPT by sgdisk, an empty EFI partition, an ext4
     * with holes between its files. It is written and trimmed through the device, to a file that
     * starts as one hole.
     */
    @ParameterizedTest
    @ValueSource(strings = {"storvsc", "storvsc+subchannels", "xen-blkfront"})
    void writesAndTrimsABootableDiskThatSgdiskAndFsckFindWhole(final String device)
            throws Exception {
        assumeThat(isInstalled("sgdisk")).as("sgdisk is not installed (package gdisk)").isTrue();
        final Path files = Files.createDirectories(directory.resolve("files/boot"));
        final SplittableRandom random = new SplittableRandom(13);
        for (int i = 0; i < 30; i++) {
            final byte[] content = new byte[random.nextInt(400_000)];
            random.nextBytes(content);
            Files.write(files.resolve("file" + i), content);
        }
        final Path image = directory.resolve("disk.img");
        makeBootableDisk(image, directory.resolve("files"));
        final Path copy = directory.resolve("copy.img");
        final Invocation copied =
                Invocation.of(
                        "copy", image.toString(), copy.toString(), "--discard", "--device", device);
        assertThat(copied.exitCode()).as("%s", copied).isZero();
        assertThat(copied.out())
                .containsPattern("[1-9][0-9]* writes and [1-9][0-9,]* discards")
                .contains("through " + device + " ")
                .contains("read back ok");

        assertThat(Files.mismatch(image, copy)).isEqualTo(-1);
        run("sgdisk", "-v", copy.toString());
        assertThat(log()).contains("No problems found");
        final Path root = directory.resolve("root.img");
        cutRoot(copy, root);
        run("fsck.ext4", "-fn", root.toString());
        final Path dumped = Files.createDirectory(directory.resolve("dumped"));
        run("debugfs", "-R", "rdump /boot " + dumped, root.toString());
        for (int i = 0; i < 30; i++) {
            assertThat(Files.mismatch(files.resolve("file" + i), dumped.resolve("boot/file" + i)))
                    .isEqualTo(-1);
        }
    }

    private void makeBootableDisk(final Path image, final Path files) throws Exception {
        try (RandomAccessFile disk = new RandomAccessFile(image.toFile(), "rw")) {
            disk.setLength(DISK_BYTES);
        }
        run(
                "sgdisk",
                "-n1:2048:+32M",
                "-t1:ef00",
                "-n2:" + ROOT_SECTOR + ":0",
                "-t2:8300",
                image.toString());
        run(
                "mkfs.ext4",
                "-q",
                "-F",
                "-E",
                "offset=" + ROOT_SECTOR * SECTOR_BYTES,
                "-d",
                files.toString(),
                image.toString(),
                ROOT_BYTES / 1024 + "k");
    }

    /** What fsck needs for itself: the file system without the disk around it. */
    private static void cutRoot(final Path disk, final Path root) throws IOException {
        try (FileChannel from = FileChannel.open(disk, StandardOpenOption.READ);
                FileChannel to =
                        FileChannel.open(
                                root, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            final long start = ROOT_SECTOR * SECTOR_BYTES;
            for (long at = 0; at < ROOT_BYTES; ) {
                at += from.transferTo(start + at, ROOT_BYTES - at, to);
            }
        }
    }

    private static boolean isInstalled(final String tool) {
        for (final String place : PATH.split(":")) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return true;
            }
        }
        return false;
    }

    private void run(final String... command) throws IOException, InterruptedException {
        final List<String> words = new ArrayList<>(List.of("env", "PATH=" + PATH));
        words.addAll(List.of(command));
        final Process process =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start();
        final int exit = process.waitFor();
        assertThat(exit).as("%s: %s", words, log()).isZero();
    }

    /** What the tool that ran last said. */
    private String log() throws IOException {
        return Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
    }
}
