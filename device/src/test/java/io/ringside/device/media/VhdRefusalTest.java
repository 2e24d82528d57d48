package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image that is torn, corrupt or hostile is refused, and the line names the place. */
final class VhdRefusalTest {
    private static final int SECTORS = 64;
    private static final int HEADER = 512;
    private static final int TABLE = HEADER + 1024;
    private static final int FIRST_BLOCK = TABLE + 512;
    private static final String BACKUP = "; restore the image from a backup";

    @TempDir private Path directory;

    private Path file;
    private byte[] bytes;

    /** Blocks 0 and 1 of eight. */
    @BeforeEach
    void makesAnImage() throws Exception {
        file = VhdFiles.dynamic(directory.resolve("disk.vhd"), SECTORS);
        VhdFiles.write(file, 0, new byte[2 * VhdFiles.BLOCK_BYTES]);
        bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(FIRST_BLOCK + 2 * (512 + VhdFiles.BLOCK_BYTES) + 512);
    }

    private void refuses(final String line) throws IOException {
        Files.write(file, bytes);
        for (final Access access : Access.values()) {
            assertThatExceptionOfType(MediumRefusedException.class)
                    .isThrownBy(() -> VhdFiles.open(file, access))
                    .withMessage(file + ": " + line);
        }
        assertThat(Files.readAllBytes(file)).as("untouched").isEqualTo(bytes);
    }

    private void refusesAs(final String part) throws IOException {
        Files.write(file, bytes);
        assertThatExceptionOfType(MediumRefusedException.class)
                .isThrownBy(() -> VhdFiles.open(file, Access.READ_WRITE))
                .withMessageContaining(part);
    }

    private void putInt(final int offset, final int value) {
        ByteBuffer.wrap(bytes).putInt(offset, value);
    }

    private void putLong(final int offset, final long value) {
        ByteBuffer.wrap(bytes).putLong(offset, value);
    }

    /** Makes the sums right again, so that the field itself is what is refused. */
    private void sums() {
        sum(0, 512, 64);
        sum(HEADER, 1024, 36);
        System.arraycopy(bytes, 0, bytes, bytes.length - 512, 512);
    }

    private void sum(final int offset, final int length, final int field) {
        int sum = 0;
        putInt(offset + field, 0);
        for (int i = 0; i < length; i++) {
            sum += bytes[offset + i] & 0xFF;
        }
        putInt(offset + field, ~sum);
    }

    @Test
    void refusesWhatIsNoVhdAtAll() throws IOException {
        bytes = new byte[4096];
        final String remedy =
                "; if it is a raw image, convert it with: qemu-img convert -f raw -O vpc"
                        + " -o force_size=on "
                        + file
                        + " disk.vhd";
        refuses("no footer, cookie: offset=3584 value=0x0" + remedy);
        bytes = new byte[100];
        refuses("too short for a VHD image, size=100" + remedy);
        bytes = new byte[0];
        refuses("too short for a VHD image, size=0" + remedy);
        Files.delete(file);
        assertThatThrownBy(() -> VhdFiles.open(file, Access.READ_ONLY))
                .hasMessage(
                        file
                                + ": no such file; make one with: qemu-img create -f vpc"
                                + " -o force_size=on,size=64M "
                                + file);
    }

    @Test
    void takesATornFooterAtTheEndAndWritesItAnew() throws Exception {
        final byte[] whole = bytes.clone();
        Arrays.fill(bytes, bytes.length - 512, bytes.length - 100, (byte) 0x11);
        Files.write(file, bytes);
        assertThat(VhdFiles.read(file)).hasSize(SECTORS * 512).containsOnly(0);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);

        VhdFiles.open(file, Access.READ_WRITE).close();
        final byte[] repaired = Files.readAllBytes(file);
        assertThat(Arrays.copyOfRange(repaired, repaired.length - 512, repaired.length))
                .isEqualTo(Arrays.copyOf(whole, 512));
        VhdFiles.open(file, Access.READ_WRITE).close();
        assertThat(Files.readAllBytes(file)).isEqualTo(repaired);
    }

    @Test
    void refusesATornFooterAtTheStart() throws IOException {
        bytes[100] ^= 1;
        final int stored = ByteBuffer.wrap(bytes).getInt(64);
        refuses(
                "wrong footer checksum: offset=64 value=0x"
                        + Integer.toHexString(stored).replaceFirst("^", "ffffffff")
                        + "; the footer at the end is whole, copy it with: tail -c 512 "
                        + file
                        + " | dd conv=notrunc of="
                        + file);
        bytes[bytes.length - 412] ^= 1;
        refuses(
                "wrong footer checksum: offset=64 value=0xffffffff"
                        + Integer.toHexString(stored)
                        + BACKUP);
    }

    @Test
    void refusesFieldsOfTheFooterThatCannotBe() throws IOException {
        putInt(12, 0x0002_0000);
        sums();
        bytes[bytes.length - 1] = 1; // The footer at the end is torn besides.
        refuses("unknown version: offset=12 value=0x20000" + BACKUP);
        putInt(12, 0x0001_0000);
        putInt(60, 7);
        sums();
        bytes[bytes.length - 1] = 1;
        refuses("unknown disk type: offset=60 value=0x7" + BACKUP);
        putInt(60, 3);
        for (final long size : new long[] {0, -512, 513, Long.MIN_VALUE}) {
            putLong(48, size);
            sums();
            bytes[bytes.length - 1] = 1;
            refuses(
                    "size of no whole number of sectors: offset=48 value=0x"
                            + Long.toHexString(size)
                            + BACKUP);
        }
        putLong(48, SECTORS * 512);
        for (final long offset : new long[] {0, 511, -1, Long.MAX_VALUE, bytes.length - 1024}) {
            putLong(16, offset);
            sums();
            refuses(
                    "dynamic header lies outside: offset=16 value=0x"
                            + Long.toHexString(offset)
                            + BACKUP);
        }
    }

    @Test
    void refusesTwoFootersThatDisagree() throws IOException {
        putLong(48, 32 * 512);
        sum(0, 512, 64);
        refuses(
                "the footers at the start and at the end are of different images: offset="
                        + (bytes.length - 512)
                        + " value=0x8000"
                        + BACKUP);
    }

    @Test
    void refusesAFixedImageThatIsLongerThanItsFile() throws Exception {
        Files.delete(file);
        NewVhd.fixed(file, 8192, VhdFiles.ID, VhdFiles.CREATED);
        bytes = Files.readAllBytes(file);
        putLong(8192 + 48, 8704);
        sum(8192, 512, 64);
        refuses("size exceeds the file of 8704 bytes: offset=8240 value=0x2200" + BACKUP);
        bytes = Arrays.copyOf(bytes, 8192 + 300);
        refusesAs("no footer, cookie: offset=7980");
    }

    /** The guest of a fixed image writes its first sector as it likes. */
    @Test
    void neverTakesTheFirstSectorOfAFixedImageForAFooter() throws Exception {
        final Path fixed = directory.resolve("fixed.vhd");
        NewVhd.fixed(fixed, 1 << 20, VhdFiles.ID, VhdFiles.CREATED);
        VhdFiles.write(fixed, 0, bytes);
        assertThat(Arrays.copyOf(VhdFiles.read(fixed), bytes.length)).isEqualTo(bytes);
        assertThat(VhdFiles.read(fixed)).hasSize(1 << 20);
    }

    @Test
    void refusesATornDynamicHeader() throws IOException {
        final int stored = ByteBuffer.wrap(bytes).getInt(HEADER + 36);
        bytes[HEADER + 900] ^= 1;
        refuses(
                "wrong dynamic header checksum: offset=548 value=0xffffffff"
                        + Integer.toHexString(stored)
                        + BACKUP);
        bytes[HEADER] = 0;
        refuses("no dynamic header, cookie: offset=512 value=0x78737061727365" + BACKUP);
    }

    @Test
    void refusesFieldsOfTheDynamicHeaderThatCannotBe() throws IOException {
        for (final int size : new int[] {0, 256, 4097, 1 << 29, 1 << 31, -1}) {
            putInt(HEADER + 32, size);
            sums();
            refuses(
                    "block size is no power of two from 512 to 2^28: offset=544 value=0x"
                            + Integer.toHexString(size)
                            + BACKUP);
        }
        putInt(HEADER + 32, VhdFiles.BLOCK_BYTES);
        for (final int entries : new int[] {0, 7, -1, 1 << 31, (1 << 22) + 1}) {
            putInt(HEADER + 28, entries);
            sums();
            refuses(
                    "table entries do not fit a disk of 32768 bytes in blocks of 4096: offset=540"
                            + " value=0x"
                            + Integer.toHexString(entries)
                            + BACKUP);
        }
        putInt(HEADER + 28, 8);
        final long[] offsets = {
            0,
            511,
            512,
            1024,
            1100,
            -1,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 511,
            bytes.length,
            bytes.length - 512
        };
        for (final long offset : offsets) {
            putLong(HEADER + 16, offset);
            sums();
            refuses(
                    "table offset is not a place for a table of 32 bytes: offset=528 value=0x"
                            + Long.toHexString(offset)
                            + BACKUP);
        }
        putInt(HEADER + 28, 1 << 22);
        putLong(HEADER + 16, TABLE);
        sums();
        refuses(
                "table offset is not a place for a table of 16777216 bytes: offset=528 value=0x600"
                        + BACKUP);
    }

    @Test
    void refusesAnEntryThatLeavesTheFileOrLiesOnSomethingElse() throws IOException {
        final int second = (FIRST_BLOCK + 512 + VhdFiles.BLOCK_BYTES) / 512;
        putInt(TABLE + 8, second + 1);
        refuses(entry(2, "leaves the file", second + 1));
        putInt(TABLE + 8, 0xFFFF_FFFE);
        refuses(entry(2, "leaves the file", 0xFFFF_FFFE));
        for (final int sector : new int[] {0, 1, 2, 3}) {
            putInt(TABLE + 8, sector);
            refuses(entry(2, "lies on a header", sector));
        }
        putInt(TABLE + 8, second);
        refuses(entry(2, "lies on block 1", second));
        putInt(TABLE + 8, second - 1);
        refuses(entry(2, "lies on block 0", second - 1));
    }

    private static String entry(final int block, final String what, final int sector) {
        return "block "
                + block
                + " "
                + what
                + ", table entry: offset="
                + (TABLE + 4 * block)
                + " value=0x"
                + Integer.toHexString(sector)
                + BACKUP;
    }

    @Test
    void refusesAFileThatWasCutShort() throws IOException {
        bytes = Arrays.copyOf(bytes, bytes.length - 600);
        refuses(
                "block 1 leaves the file, table entry: offset=1540 value=0x"
                        + Integer.toHexString((FIRST_BLOCK + 512 + VhdFiles.BLOCK_BYTES) / 512)
                        + BACKUP);
        bytes = Arrays.copyOf(bytes, 1700);
        refusesAs("leaves the file, table entry");
    }

    /** Whatever the bytes are, the answer is an image or a refusal. */
    @Test
    void opensOrRefusesWhateverBitsAreFlipped() throws Exception {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final byte[] whole = bytes;
        for (int round = 0; round < 300; round++) {
            bytes = whole.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                bytes[random.nextInt(FIRST_BLOCK)] = (byte) random.nextInt();
                final int field = random.nextInt(FIRST_BLOCK / 4) * 4;
                putInt(field, random.nextInt() >>> random.nextInt(32));
            }
            if (random.nextBoolean()) {
                sums();
            }
            Files.write(file, bytes);
            assertThatCode(this::readsSome)
                    .as("round=%d, %s", round, seed)
                    .doesNotThrowAnyException();
        }
    }

    private void readsSome() throws MediumRefusedException {
        try (VhdImage image = VhdFiles.open(file, Access.READ_ONLY)) {
            new StoreRig(image).read(0, 512);
        } catch (final MediumRefusedException e) {
            if (!String.valueOf(e.getMessage()).startsWith(file + ": ")) {
                throw e;
            }
        }
    }

    @Test
    void refusesToMakeAnImageOverAFileOrOfAnImpossibleSize() throws Exception {
        assertThatThrownBy(() -> VhdFiles.dynamic(file, 8))
                .isInstanceOf(MediumRefusedException.class)
                .hasMessage(file + ": is there already; name a file that is not, or remove it");
        final Path other = directory.resolve("other.vhd");
        for (final long size : new long[] {0, -512, 513, NewVhd.MAX_BYTES + 512}) {
            assertThatThrownBy(() -> NewVhd.fixed(other, size, VhdFiles.ID, VhdFiles.CREATED))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("size out of range: sizeBytes=" + size);
        }
        assertThat(other).doesNotExist();
    }
}
