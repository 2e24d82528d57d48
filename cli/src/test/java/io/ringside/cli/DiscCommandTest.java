package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images in a DVD drive, read through storvsc. */
class DiscCommandTest {
    private static final int BLOCK_BYTES = 2048;

    @TempDir private Path directory = Path.of("");

    private static byte[] random(final int bytes) {
        final byte[] content = new byte[bytes];
        new SplittableRandom(17).nextBytes(content);
        return content;
    }

    /** One block, a prime number of them, and as many as make the largest reads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 127, 1024})
    void readsEveryBlockOfADisc(final int blocks) throws IOException {
        final Path image = directory.resolve("disc.iso");
        Files.write(image, random(blocks * BLOCK_BYTES));
        for (final String device : new String[] {"storvsc", "storvsc+subchannels"}) {
            final Path target = directory.resolve(device + ".iso");
            final Invocation copied = read(image, target, device);
            assertThat(copied.exitCode()).as("%s", copied).isZero();
            assertThat(copied.out()).contains(" reads of a disc").contains("through " + device);
            assertThat(Files.mismatch(image, target)).isEqualTo(-1);
        }
    }

    @Test
    void readsADiscWhoseFilesAnotherToolFinds() throws IOException, InterruptedException {
        assumeThat(Path.of("/usr/bin/isoinfo"))
                .as("isoinfo is not installed (package genisoimage)")
                .exists();
        final Path tree = Files.createDirectory(directory.resolve("tree"));
        final byte[] content = random(300_001);
        Files.write(tree.resolve("content.bin"), content);
        final Path image = directory.resolve("disc.iso");
        run(directory.resolve("log"), "genisoimage", "-R", "-o", image.toString(), tree.toString());
        final Path target = directory.resolve("read.iso");
        final Invocation copied = read(image, target, "storvsc");
        assertThat(copied.exitCode()).as("%s", copied).isZero();

        final Path found = directory.resolve("found.bin");
        run(found, "isoinfo", "-R", "-i", target.toString(), "-x", "/content.bin");
        assertThat(found).hasBinaryContent(content);
    }

    private static Invocation read(final Path image, final Path target, final String device) {
        return Invocation.of(
                "copy", image.toString(), target.toString(), "--disc", "--device", device);
    }

    private void run(final Path out, final String... command)
            throws IOException, InterruptedException {
        final Path errors = directory.resolve("errors");
        final int exit =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(errors.toFile())
                        .start()
                        .waitFor();
        assertThat(exit).as("%s", Files.readString(errors, StandardCharsets.UTF_8)).isZero();
    }
}
