package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.StoreRequest.Status;
import io.ringside.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupted write never loses a sector that was flushed, and never the image. */
final class VhdPowerCutTest {
    private static final int SECTORS = 5 * VhdFiles.BLOCK_SECTORS - 3;
    private static final int SECTOR_BYTES = 512;

    /** What the disk may hold from some point of the record on. */
    private record Step(int changesBefore, int sector, int count, byte mark) {
        private boolean isFlush() {
            return count == 0;
        }
    }

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();

    @TempDir private Path directory;

    @Test
    void losesNothingThatWasFlushedToADynamicImage() throws Exception {
        final Path file = VhdFiles.dynamic(directory.resolve("disk.vhd"), SECTORS);
        cutsEverywhere(file, new byte[SECTORS]);
    }

    @Test
    void losesNothingThatWasFlushedToADynamicImageWithGaps() throws Exception {
        final Path file = VhdFiles.dynamic(directory.resolve("disk.vhd"), SECTORS);
        VhdFiles.write(file, 0, marked(0, SECTORS, (byte) 99));
        final byte[] held = gaps(file, 5, (byte) 99, new byte[SECTORS]);
        cutsEverywhere(file, held);
    }

    @Test
    void losesNothingThatWasFlushedOrInherited() throws Exception {
        final Path parent = VhdFiles.dynamic(directory.resolve("parent.vhd"), SECTORS);
        final byte[] held = new byte[SECTORS];
        VhdFiles.write(parent, 3, marked(3, 20, (byte) 55));
        Arrays.fill(held, 3, 23, (byte) 55);
        final Path file = VhdFiles.differencing(directory.resolve("disk.vhd"), parent);
        VhdFiles.write(file, 8, marked(8, 8, (byte) 99));
        Arrays.fill(held, 8, 16, (byte) 99);
        final byte[] inherited = new byte[SECTORS];
        Arrays.fill(inherited, 3, 23, (byte) 55);
        cutsEverywhere(file, gaps(file, 1, (byte) 99, inherited));
    }

    /** Takes bits out of the bitmaps of the first blocks in the file. */
    private byte[] gaps(final Path file, final int blocks, final byte mark, final byte[] inherited)
            throws Exception {
        final byte[] bytes = Files.readAllBytes(file);
        final int block = 512 + VhdFiles.BLOCK_BYTES;
        final int first = bytes.length - 512 - blocks * block;
        for (int i = 0; i < blocks; i++) {
            bytes[first + i * block] = (byte) random.nextInt(1, 255);
        }
        Files.write(file, bytes);
        final byte[] content = VhdFiles.read(file);
        final byte[] held = new byte[SECTORS];
        for (int sector = 0; sector < SECTORS; sector++) {
            held[sector] = content[sector * SECTOR_BYTES + 8];
            assertThat(held[sector]).isIn(mark, inherited[sector]);
        }
        return held;
    }

    /** Sectors that name themselves, and who wrote them. */
    private static byte[] marked(final int sector, final int count, final byte mark) {
        final byte[] bytes = new byte[count * SECTOR_BYTES];
        for (int i = 0; i < count; i++) {
            Arrays.fill(bytes, i * SECTOR_BYTES, (i + 1) * SECTOR_BYTES, mark);
            bytes[i * SECTOR_BYTES] = mark == 0 ? 0 : (byte) (sector + i);
        }
        return bytes;
    }

    private void cutsEverywhere(final Path file, final byte[] held) throws Exception {
        final byte[] original = Files.readAllBytes(file);
        final RecordedFile[] recorded = new RecordedFile[1];
        final List<Step> steps = new ArrayList<>();
        try (VhdImage image = record(file, recorded)) {
            drive(new StoreRig(image), recorded[0], steps);
        }
        assertThat(recorded[0].afterStop(recorded[0].changes()))
                .as("the record is complete")
                .isEqualTo(Files.readAllBytes(file));
        for (int cut = 0; cut <= recorded[0].changes(); cut++) {
            reopens(file, recorded[0].afterStop(cut), cut, steps, held);
            for (int i = 0; i < 4; i++) {
                reopens(file, recorded[0].afterCut(cut, random), cut, steps, held);
            }
        }
        Files.write(file, original);
    }

    private static VhdImage record(final Path file, final RecordedFile[] recorded)
            throws MediumRefusedException {
        return VhdImage.open(
                file,
                Access.READ_WRITE,
                1,
                4,
                VhdFiles::worker,
                (path, access) -> {
                    final RecordedFile opened = RecordedFile.open(path, access);
                    if (access == Access.READ_WRITE) {
                        recorded[0] = opened;
                    }
                    return opened;
                });
    }

    /** Writes, discards and flushes, with a step for each that was asked for. */
    private void drive(final StoreRig rig, final RecordedFile recorded, final List<Step> steps) {
        for (int mark = 1; mark <= 16; mark++) {
            final int kind = random.nextInt(5);
            final int sector = random.nextInt(SECTORS);
            final int count = 1 + random.nextInt(Math.min(12, SECTORS - sector));
            final int before = recorded.changes();
            if (kind == 0) {
                assertThat(rig.flush()).isEqualTo(Status.OK);
                steps.add(new Step(recorded.changes(), 0, 0, (byte) 0));
            } else if (kind == 1) {
                steps.add(new Step(before, sector, count, (byte) 0));
                assertThat(rig.discard(sector, count)).isEqualTo(Status.OK);
            } else {
                steps.add(new Step(before, sector, count, (byte) mark));
                assertThat(rig.write(sector, marked(sector, count, (byte) mark)))
                        .isEqualTo(Status.OK);
            }
        }
    }

    private void reopens(
            final Path file,
            final byte[] bytes,
            final int cut,
            final List<Step> steps,
            final byte[] held)
            throws IOException, MediumRefusedException {
        Files.write(file, bytes);
        final byte[] content = VhdFiles.read(file);
        checks(content, cut, steps, held);
        // Opened for writing it is repaired, has lost nothing else, and grows on.
        final int sector = random.nextInt(SECTORS);
        final byte[] one = marked(sector, 1, (byte) 77);
        try (VhdImage image = record(file, new RecordedFile[1])) {
            assertThat(new StoreRig(image).write(sector, one)).isEqualTo(Status.OK);
        }
        System.arraycopy(one, 0, content, sector * SECTOR_BYTES, SECTOR_BYTES);
        assertThat(VhdFiles.read(file)).as("cut=%d, %s", cut, seed).isEqualTo(content);
    }

    /** Every sector is as the last flush left it, or as some later write did. */
    private void checks(
            final byte[] content, final int cut, final List<Step> steps, final byte[] held) {
        for (int sector = 0; sector < SECTORS; sector++) {
            final List<Byte> allowed = new ArrayList<>(List.of(held[sector]));
            for (final Step step : steps) {
                if (step.changesBefore > cut || (step.changesBefore == cut && !step.isFlush())) {
                    break;
                }
                if (step.isFlush()) {
                    allowed.subList(0, allowed.size() - 1).clear();
                } else if (step.sector <= sector && sector < step.sector + step.count) {
                    allowed.add(step.mark);
                }
            }
            final byte mark = content[sector * SECTOR_BYTES + 8];
            assertThat(allowed).as("sector=%d cut=%d, %s", sector, cut, seed).contains(mark);
            assertThat(
                            Arrays.copyOfRange(
                                    content, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES))
                    .as("sector=%d cut=%d, %s", sector, cut, seed)
                    .isEqualTo(marked(sector, 1, mark));
        }
    }

    /** The system may fail any change, and the rest still is what it was. */
    @Test
    void goesOnAfterAnyChangeThatTheSystemFails() throws Exception {
        for (int fails = 0; fails < 8; fails++) {
            final Path file = VhdFiles.dynamic(directory.resolve(fails + ".vhd"), SECTORS);
            VhdFiles.write(file, 0, marked(0, 8, (byte) 1));
            final RecordedFile[] recorded = new RecordedFile[1];
            try (VhdImage image = record(file, recorded)) {
                final StoreRig rig = new StoreRig(image);
                recorded[0].failAfter(fails);
                final Status status = rig.write(6, marked(6, 6, (byte) 2));
                assertThat(status).isEqualTo(fails < 6 ? Status.ERROR : Status.OK);
                recorded[0].failAfter(Integer.MAX_VALUE);
                assertThat(rig.read(0, 6 * SECTOR_BYTES)).isEqualTo(marked(0, 6, (byte) 1));
                assertThat(rig.write(6, marked(6, 6, (byte) 3))).isEqualTo(Status.OK);
                assertThat(rig.read(6, 6 * SECTOR_BYTES)).isEqualTo(marked(6, 6, (byte) 3));
            }
            final byte[] content = VhdFiles.read(file);
            assertThat(Arrays.copyOf(content, 6 * SECTOR_BYTES)).isEqualTo(marked(0, 6, (byte) 1));
            assertThat(Arrays.copyOfRange(content, 6 * SECTOR_BYTES, 12 * SECTOR_BYTES))
                    .isEqualTo(marked(6, 6, (byte) 3));
        }
    }

    @Test
    void saysSoWhereTheFileSystemCannotDiscard() throws Exception {
        final Path file = VhdFiles.dynamic(directory.resolve("disk.vhd"), SECTORS);
        final RecordedFile[] recorded = new RecordedFile[1];
        try (VhdImage image = record(file, recorded)) {
            recorded[0].refuseHoles();
            final StoreRig rig = new StoreRig(image);
            assertThat(rig.write(0, marked(0, 8, (byte) 1))).isEqualTo(Status.OK);
            assertThat(rig.discard(0, 8)).isEqualTo(Status.UNSUPPORTED);
            assertThat(rig.discard(8, 8)).as("no block, nothing to do").isEqualTo(Status.OK);
            assertThat(rig.read(0, 8 * SECTOR_BYTES)).isEqualTo(marked(0, 8, (byte) 1));
        }
    }
}
