package io.ringside.storvsc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.Access;
import io.ringside.device.media.RamStore;
import io.ringside.storvsc.backend.scsi.LogicalUnit;
import io.ringside.storvsc.backend.scsi.UnitIdentity;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drive with an ISO 9660 image in it, as the guest reads it; the image is genisoimage's. */
final class IsoImageTest {
    private static final int BLOCK_BYTES = 2048;
    private static final int BLOCK_SECTORS = 4;
    private static final int DESCRIPTOR_BLOCK = 16;
    private static final int ROOT_OFFSET = 156;
    private static final int FRAME = 2000;
    private static final String TEXT = "A small disc, read through storvsc.\n";

    @TempDir private Path directory = Path.of("");

    private static byte[] pattern() {
        final byte[] bytes = new byte[5000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7 + (i >> 8));
        }
        return bytes;
    }

    @Test
    void readsTheFilesOfAnImage() throws IOException {
        try (InputStream packed =
                new GZIPInputStream(
                        Objects.requireNonNull(
                                IsoImageTest.class.getResourceAsStream("/iso/ringside.iso.gz")))) {
            check(packed.readAllBytes());
        }
    }

    /** Skipped where genisoimage is not there. */
    @Test
    void readsTheFilesOfAnImageThatIsMadeNow() throws IOException, InterruptedException {
        final Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("README.TXT"), TEXT);
        Files.write(tree.resolve("DATA.BIN"), pattern());
        final Path image = directory.resolve("made.iso");
        final ProcessBuilder tool =
                new ProcessBuilder(
                                "genisoimage",
                                "-quiet",
                                "-R",
                                "-J",
                                "-V",
                                "RINGSIDE",
                                "-o",
                                image.toString(),
                                tree.toString())
                        .redirectErrorStream(true);
        final Process process;
        try {
            process = tool.start();
        } catch (final IOException e) {
            assumeTrue(false, "genisoimage is not there: " + e.getMessage());
            return;
        }
        final byte[] said = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(new String(said, US_ASCII)).isZero();
        check(Files.readAllBytes(image));
    }

    private static void check(final byte[] image) throws IOException {
        try (StorBench bench = StorBench.usual();
                RamStore store =
                        RamStore.loadedFrom(
                                new ByteArrayInputStream(image),
                                image.length / 512,
                                Access.READ_ONLY)) {
            bench.host.add(
                    0,
                    0,
                    new LogicalUnit(
                            UnitIdentity.disc("disc", 9),
                            store,
                            bench.hostOptions.maxTransferBytes()));
            bench.join(StorvscOptions.DEFAULTS);
            final StorvscDisk drive = bench.diskOf(0, 0);
            assertThat(drive.limits().sectors()).isEqualTo(image.length / 512);
            assertThat(drive.limits().logicalBlockBytes()).isEqualTo(BLOCK_BYTES);
            assertThat(drive.limits().readOnly()).isTrue();

            assertThat(read(bench, drive, 0, image.length)).isEqualTo(image);

            final UnsafeBuffer volume =
                    new UnsafeBuffer(read(bench, drive, DESCRIPTOR_BLOCK, BLOCK_BYTES));
            assertThat(volume.getStringWithoutLengthAscii(1, 5)).isEqualTo("CD001");
            assertThat(volume.getStringWithoutLengthAscii(40, 8)).isEqualTo("RINGSIDE");
            final UnsafeBuffer root =
                    new UnsafeBuffer(
                            read(
                                    bench,
                                    drive,
                                    volume.getInt(ROOT_OFFSET + 2),
                                    volume.getInt(ROOT_OFFSET + 10)));
            assertThat(file(bench, drive, root, "README.TXT;1")).isEqualTo(TEXT.getBytes(US_ASCII));
            assertThat(file(bench, drive, root, "DATA.BIN;1")).isEqualTo(pattern());
        }
    }

    /** The bytes of a file, by its record in a directory. */
    private static byte[] file(
            final StorBench bench,
            final StorvscDisk drive,
            final UnsafeBuffer records,
            final String name) {
        int at = 0;
        while (records.getByte(at) != 0) {
            final int nameBytes = records.getByte(at + 32);
            if (records.getStringWithoutLengthAscii(at + 33, nameBytes).equals(name)) {
                return read(bench, drive, records.getInt(at + 2), records.getInt(at + 10));
            }
            at += records.getByte(at) & 0xff;
        }
        throw new IllegalStateException("no such file: name=" + name);
    }

    private static byte[] read(
            final StorBench bench,
            final StorvscDisk drive,
            final long block,
            final int lengthBytes) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
            final long sector = (block + at / BLOCK_BYTES) * BLOCK_SECTORS;
            assertThat(bench.run(drive, BlockOperation.READ, sector, FRAME, BLOCK_BYTES))
                    .isEqualTo(BlockStatus.OK);
            final byte[] got = new byte[Math.min(BLOCK_BYTES, lengthBytes - at)];
            bench.page(FRAME).getBytes(0, got);
            bytes.writeBytes(got);
        }
        return bytes.toByteArray();
    }
}
