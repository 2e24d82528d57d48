package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class VhdDynamicTest extends VhdContract {
    private static final int SECTOR_BYTES = BlockStore.SECTOR_BYTES;

    /** The header, the table, and the footer behind them. */
    private static final int EMPTY_BYTES = 512 + 1024 + 512 + 512;

    private static final int GROWTH_BYTES = 512 + VhdFiles.BLOCK_BYTES;

    @Override
    Path image(final byte[] bytes) throws Exception {
        final Path file =
                VhdFiles.dynamic(
                        directory.resolve("dynamic.vhd"), bytes.length / BlockStore.SECTOR_BYTES);
        VhdFiles.write(file, 0, bytes);
        return file;
    }

    @Test
    void growsByOneBlockForEachThatIsWrittenAndNeverForARead() throws Exception {
        final Path file = VhdFiles.dynamic(directory.resolve("grows.vhd"), 1024);
        assertThat(file).hasSize(EMPTY_BYTES);
        try (VhdImage image = VhdFiles.open(file, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(image);
            assertThat(rig.read(0, 1024 * SECTOR_BYTES)).containsOnly(0);
            assertThat(file).hasSize(EMPTY_BYTES);
            rig.write(1000, ones(1));
            assertThat(file).hasSize(EMPTY_BYTES + GROWTH_BYTES);
            rig.write(1001, ones(1));
            assertThat(file).hasSize(EMPTY_BYTES + GROWTH_BYTES);
            rig.write(7, ones(10));
            assertThat(file).hasSize(EMPTY_BYTES + 4 * GROWTH_BYTES);
        }
        final byte[] expected = new byte[1024 * SECTOR_BYTES];
        Arrays.fill(expected, 1000 * SECTOR_BYTES, 1002 * SECTOR_BYTES, (byte) 1);
        Arrays.fill(expected, 7 * SECTOR_BYTES, 17 * SECTOR_BYTES, (byte) 1);
        assertThat(VhdFiles.read(file)).isEqualTo(expected);
    }

    private static byte[] ones(final int sectors) {
        final byte[] bytes = new byte[sectors * SECTOR_BYTES];
        Arrays.fill(bytes, (byte) 1);
        return bytes;
    }

    @Test
    void neitherGrowsNorShrinksForADiscard() throws Exception {
        final Path file = VhdFiles.dynamic(directory.resolve("grows.vhd"), 1024);
        try (VhdImage image = VhdFiles.open(file, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(image);
            rig.write(16, ones(8));
            assertThat(rig.discard(0, 1024)).isEqualTo(Status.OK);
            assertThat(file).hasSize(EMPTY_BYTES + GROWTH_BYTES);
            assertThat(rig.read(0, 1024 * SECTOR_BYTES)).containsOnly(0);
        }
    }

    /** Images of other programs may have a bit for the sectors only that were written. */
    @Test
    void readsASectorWithoutABitAsZerosAndGivesItOneWhenItIsWritten() throws Exception {
        final Path file = VhdFiles.dynamic(directory.resolve("bits.vhd"), 16);
        VhdFiles.write(file, 0, ones(16));
        final byte[] bytes = Files.readAllBytes(file);
        final int bitmap = EMPTY_BYTES - 512;
        assertThat(bytes[bitmap]).isEqualTo((byte) 0xFF);
        bytes[bitmap] = 0b0110_0001;
        Files.write(file, bytes);

        final byte[] expected = ones(16);
        for (final int sector : new int[] {0, 3, 4, 5, 6}) {
            Arrays.fill(expected, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES, (byte) 0);
        }
        assertThat(VhdFiles.read(file)).isEqualTo(expected);

        VhdFiles.write(file, 4, ones(1));
        Arrays.fill(expected, 4 * SECTOR_BYTES, 5 * SECTOR_BYTES, (byte) 1);
        assertThat(VhdFiles.read(file)).isEqualTo(expected);
        assertThat(Files.readAllBytes(file)[bitmap]).isEqualTo((byte) 0xFF);
    }

    @Test
    void holdsADiskWhoseLastBlockIsNotFull() throws Exception {
        final Path file = VhdFiles.dynamic(directory.resolve("odd.vhd"), 13);
        VhdFiles.write(file, 12, ones(1));
        final byte[] expected = new byte[13 * SECTOR_BYTES];
        Arrays.fill(expected, 12 * SECTOR_BYTES, expected.length, (byte) 1);
        assertThat(VhdFiles.read(file)).isEqualTo(expected);
    }

    @Test
    void takesADiskAsLargeAsTheFormatHasIt() throws Exception {
        final Path file = directory.resolve("large.vhd");
        NewVhd.dynamic(file, NewVhd.MAX_BYTES, VhdFiles.ID, VhdFiles.CREATED);
        final long last = NewVhd.MAX_BYTES / SECTOR_BYTES - 1;
        try (VhdImage image = VhdFiles.open(file, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(image);
            assertThat(image.sectors()).isEqualTo(last + 1);
            assertThat(rig.write(last, ones(1))).isEqualTo(Status.OK);
            assertThat(rig.write(last, ones(2))).isEqualTo(Status.ERROR);
            assertThat(rig.read(last, SECTOR_BYTES)).isEqualTo(ones(1));
            assertThat(rig.read(last - 1, SECTOR_BYTES)).containsOnly(0);
            assertThat(image.failures()).isZero();
        }
    }
}
