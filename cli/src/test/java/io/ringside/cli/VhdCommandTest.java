package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.Access;
import io.ringside.device.media.NewVhd;
import io.ringside.device.media.RawImage;
import io.ringside.device.media.VhdImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** VHD images through the command line, made and judged by qemu-img. */
class VhdCommandTest {
    /** Three blocks of 2 MiB, the last one not full. */
    private static final int DISK_BYTES = (5 << 20) + 24 * 512;

    @TempDir private Path directory = Path.of("");

    private Path raw = Path.of("");
    private byte[] content = new byte[0];

    @BeforeEach
    void makesADiskWithHoles() throws IOException {
        content = new byte[DISK_BYTES];
        final SplittableRandom random = new SplittableRandom(21);
        for (final int at : new int[] {0, 1 << 20, 3 << 20, DISK_BYTES - 70_000}) {
            final byte[] piece = new byte[70_000];
            random.nextBytes(piece);
            System.arraycopy(piece, 0, content, at, piece.length);
        }
        raw = Files.write(directory.resolve("disk.img"), content);
    }

    @ParameterizedTest
    @CsvSource({"fixed, read", "fixed, randrw", "dynamic, randread", "dynamic, write"})
    void comparesOnAnImageThatQemuMadeAndNeverChangesIt(
            final String subformat, final String pattern) throws Exception {
        QemuImg.mustBeInstalled();
        final Path vhd = QemuImg.convert(raw, directory.resolve("disk.vhd"), subformat);
        final byte[] before = Files.readAllBytes(vhd);
        final Invocation run = compare(vhd, "--pattern", pattern);
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out()).contains(vhd + ", VHD, its file").doesNotContain("WRONG");
        assertThat(vhd).hasBinaryContent(before);
    }

    @Test
    void comparesOnAnImageInMemory() throws Exception {
        QemuImg.mustBeInstalled();
        final Path vhd = QemuImg.convert(raw, directory.resolve("disk.vhd"), "dynamic");
        final Invocation run = compare(vhd, "--pattern", "randrw", "--medium", "ram");
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out()).contains(vhd + ", VHD, in memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vhd", "vhd-fixed"})
    void writesAnImageThatQemuReads(final String format) throws Exception {
        QemuImg.mustBeInstalled();
        final Path target = directory.resolve("copy.image");
        assertCopied(
                Invocation.of(
                        "copy", raw.toString(), target.toString(), "--target-format", format));
        QemuImg.assertSameDisk(raw, target);
        assertThat(QemuImg.run("info", "-f", "vpc", target)).contains("(" + DISK_BYTES + " bytes)");
    }

    @Test
    void copiesFromVhdToVhdAndBack() throws Exception {
        QemuImg.mustBeInstalled();
        final Path vhd = QemuImg.convert(raw, directory.resolve("disk.vhd"), "dynamic");
        final Path second = directory.resolve("second.VHD");
        final Path back = directory.resolve("back.img");
        assertCopied(Invocation.of("copy", vhd.toString(), second.toString()));
        QemuImg.assertSameDisk(raw, second);
        assertCopied(Invocation.of("copy", second.toString(), back.toString()));
        assertThat(Files.mismatch(raw, back)).isEqualTo(-1);
    }

    /** Without force_size the disk gets the size of a geometry: no multiple of 4 KiB. */
    @Test
    void copiesADiskWhoseSizeQemuRounded() throws Exception {
        QemuImg.mustBeInstalled();
        final Path vhd = directory.resolve("disk.vhd");
        QemuImg.run("convert", "-f", "raw", "-O", "vpc", raw, vhd);
        final Path back = directory.resolve("back.img");
        assertCopied(Invocation.of("copy", vhd.toString(), back.toString()));
        assertThat(QemuImg.run("info", "-f", "vpc", vhd))
                .contains("(" + Files.size(back) + " bytes)");
        final byte[] found = Files.readAllBytes(back);
        assertThat(Arrays.equals(found, 0, DISK_BYTES, content, 0, DISK_BYTES)).isTrue();
        assertThat(
                        Arrays.equals(
                                found,
                                DISK_BYTES,
                                found.length,
                                new byte[found.length],
                                0,
                                found.length - DISK_BYTES))
                .as("zeros behind the disk")
                .isTrue();
    }

    @Test
    void readsADifferencingImageThroughItsParentAndChangesNeither() throws Exception {
        final Path parent = directory.resolve("parent.vhd");
        assertCopied(Invocation.of("copy", raw.toString(), parent.toString()));
        final Path child = directory.resolve("child.vhd");
        NewVhd.differencing(child, parent, UUID.randomUUID(), Instant.now());
        final byte[] before = Files.readAllBytes(parent);
        final byte[] beforeOfChild = Files.readAllBytes(child);

        final Invocation run = compare(child, "--pattern", "randrw");
        assertThat(run.exitCode()).as("%s", run).isZero();
        final Path flat = directory.resolve("flat.img");
        assertCopied(Invocation.of("copy", child.toString(), flat.toString()));
        assertThat(Files.mismatch(raw, flat)).isEqualTo(-1);
        assertThat(parent).hasBinaryContent(before);
        assertThat(child).hasBinaryContent(beforeOfChild);
    }

    @Test
    void takesAFileForWhatItIsToldToBe() throws Exception {
        final Path vhd = directory.resolve("disk.vhd");
        assertCopied(
                Invocation.of(
                        "copy", raw.toString(), vhd.toString(), "--target-format", "vhd-fixed"));
        final Path bytes = directory.resolve("bytes.img");
        assertCopied(Invocation.of("copy", vhd.toString(), bytes.toString(), "--format", "raw"));
        assertThat(Files.mismatch(vhd, bytes)).as("the footer is a sector of it").isEqualTo(-1);
        try (VhdImage asVhd = VhdImage.open(vhd, Access.READ_ONLY, Thread::new);
                RawImage asRaw = RawImage.open(bytes, Access.READ_ONLY, Thread::new)) {
            assertThat(asRaw.sectors()).isEqualTo(asVhd.sectors() + 1);
        }
    }

    private static Invocation compare(final Path image, final String... options) {
        final String[] words = {
            "compare", "disk", "--image", image.toString(), "--ops", "300", "--output", "-"
        };
        final String[] all = Arrays.copyOf(words, words.length + options.length);
        System.arraycopy(options, 0, all, words.length, options.length);
        return Invocation.of(all);
    }

    private static void assertCopied(final Invocation copied) {
        assertThat(copied.exitCode()).as("%s", copied).isZero();
        assertThat(copied.out()).contains("read back ok");
    }
}
