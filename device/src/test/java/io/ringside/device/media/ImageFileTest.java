package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ImageFileTest {
    private static final int EINVAL = 22;

    /** A file of procfs cannot be synchronised. */
    @Test
    void neverCallsASyncASuccessAfterOneHasFailed() throws MediumRefusedException {
        final Path file = Path.of("/proc/self/status");
        assumeThat(file).isRegularFile();
        try (ImageFile image = ImageFile.open(file, Access.READ_ONLY);
                FileCalls calls = new FileCalls()) {
            assertThat(image.sync(calls)).isFalse();
            assertThat(image.failures()).isEqualTo(1);
            assertThat(image.lastErrno()).isEqualTo(EINVAL);

            assertThat(image.sync(calls)).isFalse();
            assertThat(image.failures()).isEqualTo(1);
            assertThat(image.syncs()).isZero();
        }
    }
}
