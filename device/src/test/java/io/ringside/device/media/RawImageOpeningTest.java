package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every refusal is one line that names the file, what is wrong with it, and the remedy. */
final class RawImageOpeningTest {
    @TempDir private Path directory;

    private final List<Thread> workers = new ArrayList<>();

    private RawImage open(final Path file, final Access access) throws MediumRefusedException {
        return RawImage.open(
                file,
                access,
                loop -> {
                    final Thread thread = new Thread(loop, "image worker");
                    thread.setDaemon(true);
                    workers.add(thread);
                    return thread;
                });
    }

    private ThrowableAssertAlternative<MediumRefusedException> refuses(
            final Path file, final Access access) {
        return assertThatExceptionOfType(MediumRefusedException.class)
                .isThrownBy(() -> open(file, access));
    }

    private Path image(final int lengthBytes) throws IOException {
        return Files.write(directory.resolve("disk.img"), new byte[lengthBytes]);
    }

    @Test
    void refusesAMissingFileAndMakesNone() {
        final Path file = directory.resolve("no.img");
        for (final Access access : Access.values()) {
            refuses(file, access)
                    .withMessage(file + ": no such file; make one with: truncate -s 64M " + file);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void refusesADirectory() {
        refuses(directory, Access.READ_ONLY)
                .withMessage(directory + ": is a directory; name a raw disk image in it");
    }

    @Test
    void refusesWhatIsNoRegularFile() {
        final Path device = Path.of("/dev/null");
        refuses(device, Access.READ_WRITE)
                .withMessage("/dev/null: is not a regular file; name a raw disk image");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        final Path file = image(0);
        refuses(file, Access.READ_WRITE)
                .withMessage(
                        file + ": empty, size=0; give it a size with: truncate -s 64M " + file);
    }

    @Test
    void refusesASizeThatIsNoMultipleOfASector() throws IOException {
        final Path file = image(1000);
        refuses(file, Access.READ_ONLY)
                .withMessage(
                        file
                                + ": size=1000 bytes is not a multiple of 512; pad it with:"
                                + " truncate -s %512 "
                                + file);
        assertThat(file).hasSize(1000);
        assertThat(workers).isEmpty();
    }

    /** Not even root may open this one for writing. */
    @Test
    void refusesToWriteWhereTheSystemForbidsIt() throws MediumRefusedException {
        final Path file = Path.of("/sys/devices/system/cpu/online");
        assumeThat(file).isRegularFile();
        assumeThat(file).isReadable();
        refuses(file, Access.READ_WRITE)
                .withMessage(
                        file
                                + ": not writable, errno=13; open it read-only, or allow writing"
                                + " with: chmod u+w "
                                + file);
        open(file, Access.READ_ONLY).close();
    }

    @Test
    void tellsTheRemedyForEachErrno() {
        final Path file = Path.of("a.img");
        assertThat(ImageFile.notOpened(file, Access.READ_ONLY, 13))
                .hasMessage("a.img: not readable, errno=13; allow it with: chmod u+r a.img");
        assertThat(ImageFile.notOpened(file, Access.READ_ONLY, 1))
                .hasMessage("a.img: not readable, errno=1; allow it with: chmod u+r a.img");
        assertThat(ImageFile.notOpened(file, Access.READ_WRITE, 30))
                .hasMessage(
                        "a.img: not writable, errno=30; open it read-only, or allow writing with:"
                                + " chmod u+w a.img");
        assertThat(ImageFile.notOpened(file, Access.READ_WRITE, 24))
                .hasMessage("a.img: cannot be opened, errno=24; see: man 3 errno");
    }

    @Test
    void refusesAFileThatIsOpenForWriting() throws Exception {
        final Path file = image(512);
        try (RawImage writer = open(file, Access.READ_WRITE)) {
            // Twice, because the first refusal must not take the writer's lock away.
            for (int i = 0; i < 2; i++) {
                refuses(file, Access.READ_WRITE)
                        .withMessage(
                                file
                                        + ": in use elsewhere; stop that run first, or open it"
                                        + " read-only");
                refuses(file, Access.READ_ONLY)
                        .withMessage(file + ": open for writing elsewhere; stop that run first");
            }
            assertThat(writer.isReadOnly()).isFalse();
        }
        open(file, Access.READ_WRITE).close();
    }

    @Test
    void letsReadersShareAFileButNoWriterIn() throws Exception {
        final Path file = image(512);
        try (RawImage one = open(file, Access.READ_ONLY);
                RawImage other = open(file, Access.READ_ONLY)) {
            assertThat(one.sectors()).isEqualTo(other.sectors()).isEqualTo(1);
            refuses(file, Access.READ_WRITE).withMessageContaining("in use elsewhere");
        }
    }

    @Test
    void locksOtherProcessesOut() throws Exception {
        final Path tool = Path.of("/usr/bin/flock");
        assumeThat(tool).isExecutable();
        final Path file = image(512);
        try (RawImage writer = open(file, Access.READ_WRITE)) {
            assertThat(writer.sectors()).isEqualTo(1);
            assertThat(tryLock(tool, file)).isEqualTo(1);
        }
        assertThat(tryLock(tool, file)).isZero();
    }

    private static int tryLock(final Path tool, final Path file) throws Exception {
        return new ProcessBuilder(tool.toString(), "-n", file.toString(), "true").start().waitFor();
    }

    @Test
    void leavesNothingOpenWhenItsThreadsCannotBeMade() throws Exception {
        final Path file = image(512);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        RawImage.open(
                                file,
                                Access.READ_WRITE,
                                loop -> {
                                    throw new IllegalStateException("no threads left");
                                }));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> RawImage.open(file, Access.READ_WRITE, 0, 1, Thread::new))
                .withMessage("pipeline out of range: queueDepth=1 workers=0");
        open(file, Access.READ_WRITE).close();
    }
}
