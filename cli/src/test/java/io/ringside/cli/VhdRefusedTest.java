package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.NewVhd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A VHD that is not whole is refused in one line that names the place: exit code 2. */
class VhdRefusedTest {
    private static final int DISK_BYTES = 4 << 20;
    private static final int CHECKSUM_OFFSET = 64;
    private static final int TABLE_OFFSET = 1536;

    @TempDir private Path directory = Path.of("");

    private Path vhd = Path.of("");

    @BeforeEach
    void makesAGoodOne() throws Exception {
        vhd = directory.resolve("disk.vhd");
        NewVhd.dynamic(vhd, DISK_BYTES, UUID.randomUUID(), Instant.now());
        assertThat(compare().exitCode()).isZero();
    }

    @Test
    void refusesAWrongChecksum() throws IOException {
        final byte[] bytes = Files.readAllBytes(vhd);
        bytes[CHECKSUM_OFFSET]++;
        bytes[bytes.length - 512 + CHECKSUM_OFFSET]++;
        Files.write(vhd, bytes);
        assertRefused("checksum", "offset=64");
    }

    @Test
    void refusesABlockThatLiesOutside() throws IOException {
        final byte[] bytes = Files.readAllBytes(vhd);
        Arrays.fill(bytes, TABLE_OFFSET, TABLE_OFFSET + 4, (byte) 0x7f);
        Files.write(vhd, bytes);
        assertRefused("offset=1536", "0x7f7f7f7f");
    }

    @Test
    void refusesAnImageThatWasCutOff() throws IOException {
        Files.write(vhd, Arrays.copyOf(Files.readAllBytes(vhd), 1024));
        assertRefused("offset=");
    }

    @Test
    void refusesAChildWithoutItsParent() throws Exception {
        final Path parent = Files.move(vhd, directory.resolve("parent.vhd"));
        NewVhd.differencing(vhd, parent, UUID.randomUUID(), Instant.now());
        Files.delete(parent);
        assertRefused("parent is not there", "parent.vhd");
    }

    @Test
    void refusesARawImageThatIsSaidToBeAVhd() throws IOException {
        Files.write(vhd, new byte[DISK_BYTES]);
        assertThat(compare().exitCode()).as("as raw").isZero();
        assertRefused(compare("--format", "vhd"), "no footer", "qemu-img convert");
    }

    @Test
    void refusesFormatsThatDoNotExist() {
        final String source = vhd.toString();
        final String target = directory.resolve("copy").toString();
        assertRefused(compare("--format", "qcow2"), "qcow2", "raw or vhd");
        assertRefused(
                Invocation.of("copy", source, target, "--format", "vmdk"), "vmdk", "raw or vhd");
        assertRefused(
                Invocation.of("copy", source, target, "--target-format", "qed"),
                "qed",
                "raw, vhd or vhd-fixed");
        assertRefused(Invocation.of("compare", "--format", "vhd"), "--format vhd", "--image");
    }

    @Test
    void refusesATargetThatExists() throws IOException {
        final Path target = Files.writeString(directory.resolve("kept.vhd"), "precious");
        assertRefused(
                Invocation.of("copy", vhd.toString(), target.toString()),
                target.toString(),
                "is there");
        assertThat(target).hasContent("precious");
    }

    private Invocation compare(final String... options) {
        final String[] words = {
            "compare",
            "disk",
            "--image",
            vhd.toString(),
            "--devices",
            "ide-dma",
            "--ops",
            "20",
            "--output",
            "-"
        };
        final String[] all = Arrays.copyOf(words, words.length + options.length);
        System.arraycopy(options, 0, all, words.length, options.length);
        return Invocation.of(all);
    }

    private void assertRefused(final String... words) {
        assertRefused(compare(), words);
        final Path target = directory.resolve("copy.img");
        assertRefused(Invocation.of("copy", vhd.toString(), target.toString()), words);
        assertThat(target).doesNotExist();
    }

    private static void assertRefused(final Invocation invocation, final String... words) {
        assertThat(invocation.err()).contains(words);
        assertThat(invocation.err().strip().lines()).as("%s", invocation.err()).hasSize(1);
        assertThat(invocation.err()).startsWith("ringside: ").doesNotContain("Exception");
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.exitCode()).isEqualTo(2);
    }
}
