package io.ringside.device.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest.Status;
import io.ringside.testkit.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What qemu-img writes reads the same here, and the other way round. */
final class VhdQemuTest {
    private static final Path TOOL = Path.of("/usr/bin/qemu-img");
    private static final int SECTOR_BYTES = BlockStore.SECTOR_BYTES;

    /** Five blocks of 2 MiB, the last one not full. */
    private static final int DISK_BYTES = (9 << 20) + 3 * SECTOR_BYTES;

    private static final int DISK_SECTORS = DISK_BYTES / SECTOR_BYTES;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();

    @TempDir private Path directory;

    private Path raw;
    private Path vhd;

    @BeforeEach
    void namesFiles() {
        assumeTrue(
                Files.isExecutable(TOOL), "qemu-img is not installed: apt-get install qemu-utils");
        raw = directory.resolve("disk.raw");
        vhd = directory.resolve("disk.vhd");
    }

    private static String qemuImg(final Object... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of(TOOL.toString()));
        for (final Object each : arguments) {
            command.add(each.toString());
        }
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
        return said;
    }

    /** Random pieces in a disk of zeros, so that some blocks are never written. */
    private byte[] content() {
        final byte[] bytes = new byte[DISK_BYTES];
        for (int i = 0; i < 20; i++) {
            final byte[] piece = new byte[SECTOR_BYTES * (1 + random.nextInt(20))];
            random.nextBytes(piece);
            final int block = random.nextInt(3) == 0 ? 4 : random.nextInt(3);
            final int room = Math.min(2 << 20, DISK_BYTES - (block << 21)) - piece.length;
            final int at = (block << 21) + random.nextInt(room / SECTOR_BYTES + 1) * SECTOR_BYTES;
            System.arraycopy(piece, 0, bytes, at, piece.length);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "dynamic"})
    void readsWhatQemuConverts(final String subformat) throws Exception {
        final byte[] content = content();
        Files.write(raw, content);
        qemuImg("convert", "-f", "raw", "-O", "vpc", "-o", options(subformat), raw, vhd);
        assertThat(Arrays.equals(VhdFiles.read(vhd), content)).as("%s", seed).isTrue();
    }

    private static String options(final String subformat) {
        return "force_size=on,subformat=" + subformat;
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "dynamic"})
    void growsWhatQemuCreates(final String subformat) throws Exception {
        qemuImg("create", "-f", "vpc", "-o", options(subformat), vhd, DISK_BYTES);
        final byte[] content = new byte[DISK_BYTES];
        try (VhdImage image = VhdFiles.open(vhd, Access.READ_WRITE)) {
            assertThat(image.sectors()).isEqualTo(DISK_SECTORS);
            change(image, content);
        }
        compares(content);
    }

    /** Without force_size, qemu-img rounds the size up to a geometry, and writes both down. */
    @Test
    void hasTheSizeThatQemuRoundsTo() throws Exception {
        qemuImg("create", "-f", "vpc", vhd, 5_000_000);
        try (VhdImage image = VhdFiles.open(vhd, Access.READ_ONLY)) {
            final long sizeBytes = image.sectors() * SECTOR_BYTES;
            assertThat(sizeBytes).isGreaterThan(5_000_000);
            assertThat(qemuImg("info", "-f", "vpc", vhd)).contains("(" + sizeBytes + " bytes)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "dynamic"})
    void makesWhatQemuReads(final String type) throws Exception {
        make(type);
        assertThat(qemuImg("info", "-f", "vpc", vhd)).contains("(" + DISK_BYTES + " bytes)");
        final byte[] content = new byte[DISK_BYTES];
        compares(content);
        try (VhdImage image = VhdFiles.open(vhd, Access.READ_WRITE)) {
            change(image, content);
        }
        compares(content);
        try (VhdImage image = VhdFiles.open(vhd, Access.READ_WRITE)) {
            change(image, content);
            final StoreRig rig = new StoreRig(image);
            assertThat(rig.discard(100, 5000)).isEqualTo(Status.OK);
            Arrays.fill(content, 100 * SECTOR_BYTES, 5100 * SECTOR_BYTES, (byte) 0);
        }
        compares(content);
    }

    private void make(final String type) throws MediumRefusedException {
        if (type.equals("fixed")) {
            NewVhd.fixed(vhd, DISK_BYTES, VhdFiles.ID, VhdFiles.CREATED);
        } else {
            NewVhd.dynamic(vhd, DISK_BYTES, VhdFiles.ID, VhdFiles.CREATED);
        }
    }

    private void change(final BlockStore image, final byte[] content) {
        final StoreRig rig = new StoreRig(image);
        for (int i = 0; i < 40; i++) {
            final byte[] piece = new byte[SECTOR_BYTES * (1 + random.nextInt(200))];
            random.nextBytes(piece);
            final int sector = random.nextInt(DISK_SECTORS - piece.length / SECTOR_BYTES + 1);
            assertThat(rig.write(sector, piece)).isEqualTo(Status.OK);
            System.arraycopy(piece, 0, content, sector * SECTOR_BYTES, piece.length);
        }
        assertThat(rig.flush()).isEqualTo(Status.OK);
    }

    /** qemu-img and we find this content in the image, and a copy by qemu-img has it, too. */
    private void compares(final byte[] content) throws Exception {
        Files.write(raw, content);
        assertThat(qemuImg("compare", "-f", "raw", "-F", "vpc", raw, vhd))
                .as("%s", seed)
                .contains("Images are identical.");
        final Path copy = directory.resolve("copy.raw");
        qemuImg("convert", "-f", "vpc", "-O", "raw", vhd, copy);
        assertThat(Arrays.equals(Files.readAllBytes(copy), content)).as("%s", seed).isTrue();
        assertThat(Arrays.equals(VhdFiles.read(vhd), content)).as("%s", seed).isTrue();
    }

    /** And qemu-io, where there is one, writes into an image that we have grown. */
    @Test
    void readsWhatQemuWritesIntoAnImageThatWeHaveGrown() throws Exception {
        final Path io = Path.of("/usr/bin/qemu-io");
        assumeTrue(Files.isExecutable(io), "qemu-io is not installed: apt-get install qemu-utils");
        make("dynamic");
        final byte[] content = new byte[DISK_BYTES];
        try (VhdImage image = VhdFiles.open(vhd, Access.READ_WRITE)) {
            final byte[] piece = new byte[8192];
            random.nextBytes(piece);
            assertThat(new StoreRig(image).write(5000, piece)).isEqualTo(Status.OK);
            System.arraycopy(piece, 0, content, 5000 * SECTOR_BYTES, piece.length);
        }
        final Process process =
                new ProcessBuilder(
                                io.toString(),
                                "-f",
                                "vpc",
                                "-c",
                                "write -P 0x5a 4096 1536",
                                "-c",
                                "write -P 0xa5 " + 5001 * SECTOR_BYTES + " 512",
                                "-c",
                                "write -P 0x77 " + (8 << 20) + " 1M",
                                vhd.toString())
                        .redirectErrorStream(true)
                        .start();
        final String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        Arrays.fill(content, 4096, 4096 + 1536, (byte) 0x5a);
        Arrays.fill(content, 5001 * SECTOR_BYTES, 5002 * SECTOR_BYTES, (byte) 0xa5);
        Arrays.fill(content, 8 << 20, 9 << 20, (byte) 0x77);
        compares(content);
        try (VhdImage image = VhdFiles.open(vhd, Access.READ_WRITE)) {
            change(image, content);
        }
        compares(content);
    }
}
