package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.host.StoreRequest.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A differencing image and the images behind it. */
final class VhdParentTest {
    private static final int SECTORS = 64;
    private static final int TABLE = 512 + 1024;
    private static final int LOCATORS = TABLE + 512;

    @TempDir private Path directory;

    private Path parent;
    private Path child;

    @BeforeEach
    void makesBoth() throws Exception {
        parent = VhdFiles.dynamic(directory.resolve("parent.vhd"), SECTORS);
        VhdFiles.write(parent, 4, filled(8, 1));
        Files.setLastModifiedTime(parent, FileTime.from(VhdFiles.CREATED.plusSeconds(1000)));
        child = VhdFiles.differencing(directory.resolve("child.vhd"), parent);
    }

    private static byte[] filled(final int sectors, final int value) {
        final byte[] bytes = new byte[sectors * 512];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private void refuses(final Path file, final String part) {
        assertThatThrownBy(() -> VhdFiles.open(file, Access.READ_WRITE))
                .isInstanceOf(MediumRefusedException.class)
                .hasMessageContaining(part);
    }

    @Test
    void laysTheParentDownAsTheSpecificationSays() throws Exception {
        final byte[] array = Files.readAllBytes(child);
        final ByteBuffer bytes = ByteBuffer.wrap(array);
        assertThat(bytes.getInt(60)).as("disk type").isEqualTo(4);
        assertThat(new UUID(bytes.getLong(512 + 40), bytes.getLong(512 + 48)))
                .isEqualTo(VhdFiles.ID);
        assertThat(bytes.getInt(512 + 56))
                .as("2010-01-01 and 1000 s, in seconds since 2000")
                .isEqualTo(3653 * 86_400 + 1000);
        assertThat(text(array, 512 + 64, 20, StandardCharsets.UTF_16BE)).isEqualTo("parent.vhd");
        assertThat(bytes.getShort(512 + 64 + 20)).isZero();

        final String relative = ".\\parent.vhd";
        assertThat(text(array, 512 + 576, 4, StandardCharsets.US_ASCII)).isEqualTo("W2ru");
        assertThat(bytes.getInt(512 + 580)).as("sectors").isEqualTo(1);
        assertThat(bytes.getInt(512 + 584)).isEqualTo(2 * relative.length());
        assertThat(bytes.getLong(512 + 592)).isEqualTo(LOCATORS);
        assertThat(text(array, LOCATORS, 2 * relative.length(), StandardCharsets.UTF_16LE))
                .isEqualTo(relative);

        final String absolute = parent.toString();
        assertThat(text(array, 512 + 600, 4, StandardCharsets.US_ASCII)).isEqualTo("W2ku");
        assertThat(bytes.getInt(512 + 608)).isEqualTo(2 * absolute.length());
        assertThat(bytes.getLong(512 + 616)).isEqualTo(LOCATORS + 512);
        assertThat(text(array, LOCATORS + 512, 2 * absolute.length(), StandardCharsets.UTF_16LE))
                .isEqualTo(absolute);
    }

    private static String text(
            final byte[] bytes, final int offset, final int length, final Charset charset) {
        return new String(bytes, offset, length, charset);
    }

    @Test
    void readsThroughTheBitmapsAndLeavesTheParentAlone() throws Exception {
        final byte[] parentBytes = Files.readAllBytes(parent);
        VhdFiles.write(child, 6, filled(3, 2));
        final byte[] expected = new byte[SECTORS * 512];
        Arrays.fill(expected, 4 * 512, 12 * 512, (byte) 1);
        Arrays.fill(expected, 6 * 512, 9 * 512, (byte) 2);
        assertThat(VhdFiles.read(child)).isEqualTo(expected);

        // Sector 5 of block 0, and 6, become the parent's again: theirs are the bits 0x06.
        final byte[] bytes = Files.readAllBytes(child);
        final int bitmap = ByteBuffer.wrap(bytes).getInt(TABLE) * 512;
        assertThat(bytes[bitmap]).isEqualTo((byte) 0xFF);
        bytes[bitmap] = (byte) ~0b0000_0110;
        Arrays.fill(bytes, bitmap + 512 + 5 * 512, bitmap + 512 + 7 * 512, (byte) 9);
        Files.write(child, bytes);
        Arrays.fill(expected, 5 * 512, 7 * 512, (byte) 1);
        assertThat(VhdFiles.read(child)).isEqualTo(expected);

        VhdFiles.write(child, 0, filled(1, 3));
        Arrays.fill(expected, 0, 512, (byte) 3);
        assertThat(VhdFiles.read(child)).isEqualTo(expected);
        assertThat(Files.readAllBytes(parent)).isEqualTo(parentBytes);
    }

    @Test
    void readsADiscardedRangeAsZerosAndNotAsTheParents() throws Exception {
        try (VhdImage image = VhdFiles.open(child, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(image);
            assertThat(rig.discard(5, 2)).isEqualTo(Status.OK);
            assertThat(rig.discard(8, 56)).isEqualTo(Status.OK);
        }
        final byte[] expected = new byte[SECTORS * 512];
        Arrays.fill(expected, 4 * 512, 5 * 512, (byte) 1);
        Arrays.fill(expected, 7 * 512, 8 * 512, (byte) 1);
        assertThat(VhdFiles.read(child)).isEqualTo(expected);
    }

    @Test
    void letsChildrenShareAParentThatNobodyWrites() throws Exception {
        final Path second = directory.resolve("second.vhd");
        NewVhd.differencing(second, parent, new UUID(1, 2), VhdFiles.CREATED);
        try (VhdImage one = VhdFiles.open(child, Access.READ_WRITE);
                VhdImage other = VhdFiles.open(second, Access.READ_WRITE)) {
            assertThat(one.sectors()).isEqualTo(other.sectors());
            refuses(parent, "in use elsewhere");
        }
        try (VhdImage writer = VhdFiles.open(parent, Access.READ_WRITE)) {
            assertThat(writer.isReadOnly()).isFalse();
            refuses(child, parent + ": open for writing elsewhere");
        }
    }

    @Test
    void findsTheParentByTheRelativePathTheAbsoluteOneOrItsName() throws Exception {
        final Path moved = Files.createDirectories(directory.resolve("a/b"));
        final Path elsewhere = moved.resolve("child.vhd");
        Files.move(child, elsewhere);
        assertThat(VhdFiles.read(elsewhere)).as("absolute").hasSize(SECTORS * 512);

        final Path beside = moved.resolve("parent.vhd");
        Files.move(parent, beside);
        assertThat(VhdFiles.read(elsewhere)).as("relative").hasSize(SECTORS * 512);

        final Path up = moved.resolve("up.vhd");
        final Path far = directory.resolve("far.vhd");
        Files.copy(beside, far);
        NewVhd.differencing(up, far, new UUID(1, 2), VhdFiles.CREATED);
        assertThat(VhdFiles.read(up)).as("..\\..\\far.vhd").hasSize(SECTORS * 512);
        Files.move(far, moved.resolve("far.vhd"));
        assertThat(VhdFiles.read(up)).as("by its name").hasSize(SECTORS * 512);

        Files.delete(moved.resolve("far.vhd"));
        refuses(up, "its parent is not there, looked for [./../../far.vhd, " + far + ", far.vhd]");
    }

    @Test
    void refusesAParentThatIsAnotherOrHasChanged() throws Exception {
        Files.setLastModifiedTime(parent, FileTime.from(VhdFiles.CREATED.plusSeconds(1001)));
        refuses(child, "has changed since, changed=315620201 expected=315620200");
        refuses(child, "touch -d @" + VhdFiles.CREATED.plusSeconds(1000).getEpochSecond());
        Files.delete(parent);
        NewVhd.dynamic(parent, SECTORS * 512, new UUID(3, 4), VhdFiles.CREATED);
        refuses(child, "is not its parent, id=00000000-0000-0003-0000-000000000004");
        Files.write(parent, new byte[4096]);
        refuses(child, parent + ": no footer, cookie");
    }

    /** Other programs note when the parent was made. */
    @Test
    void takesTheTimeOfMakingFromOtherCreators() throws Exception {
        final byte[] bytes = Files.readAllBytes(child);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        ByteBuffer.wrap(bytes).putInt(512 + 56, 3653 * 86_400);
        sum(buffer, 512, 1024, 36);
        Files.write(child, bytes);
        refuses(child, "has changed since");
        for (final int footer : new int[] {0, bytes.length - 512}) {
            buffer.putStringWithoutLengthAscii(footer + 28, "win ");
            sum(buffer, footer, 512, 64);
        }
        Files.write(child, bytes);
        assertThat(VhdFiles.read(child)).hasSize(SECTORS * 512);
    }

    private static void sum(
            final UnsafeBuffer bytes, final int offset, final int length, final int field) {
        final UnsafeBuffer part = new UnsafeBuffer(bytes, offset, length);
        part.putInt(field, VhdChecksum.of(part, length, field), ByteOrder.BIG_ENDIAN);
    }

    @Test
    void refusesAChainThatIsTooLongOrComesBack() throws Exception {
        Path last = parent;
        for (int depth = 2; depth <= VhdOpening.MAX_DEPTH; depth++) {
            final Path next = directory.resolve(depth + ".vhd");
            NewVhd.differencing(next, last, new UUID(0, depth), VhdFiles.CREATED);
            last = next;
        }
        assertThat(VhdFiles.read(last)).hasSize(SECTORS * 512);
        final Path tooLong = directory.resolve("more.vhd");
        NewVhd.differencing(tooLong, last, new UUID(0, 99), VhdFiles.CREATED);
        refuses(tooLong, tooLong + ": more than 16 images in its chain of parents");

        Files.delete(parent);
        Files.createLink(parent, child);
        refuses(child, "its chain of parents comes back to " + parent);
    }

    @Test
    void refusesALocatorThatLiesOutside() throws Exception {
        final byte[] bytes = Files.readAllBytes(child);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (final long offset : new long[] {0, -1, Long.MAX_VALUE, bytes.length - 513}) {
            ByteBuffer.wrap(bytes).putLong(512 + 592, offset);
            sum(buffer, 512, 1024, 36);
            Files.write(child, bytes);
            refuses(
                    child,
                    "parent locator lies outside, lengthBytes=24: offset=1104 value=0x"
                            + Long.toHexString(offset));
        }
    }
}
