package io.ringside.perf.scenario;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesTest {
    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "4096, 0, VHD",
        "4096, 3584, VHD",
        "4095, 3584, VHD",
        "512, 0, VHD",
        "511, 0, VHD",
        "8, 0, VHD",
        "4096, 1, RAW",
        "4096, 512, RAW",
        "4096, 3583, RAW",
        "4096, 4088, RAW",
    })
    void knowsAVhdByTheCookieOfAFooter(final int bytes, final int at, final ImageFormat format)
            throws Exception {
        assertThat(Images.formatOf(withCookie(bytes, at))).isEqualTo(format);
    }

    @Test
    void takesFilesTooShortForACookieAsRaw() throws Exception {
        for (int bytes = 0; bytes < 8; bytes++) {
            final Path file = Files.write(directory.resolve("short"), new byte[bytes]);
            assertThat(Images.formatOf(file)).as("%d bytes", bytes).isEqualTo(ImageFormat.RAW);
        }
    }

    @Test
    void refusesAnImageThatMemoryCannotHold() {
        final Path image = Path.of("disk.img");
        assertThatNoException().isThrownBy(() -> DiskMedium.checkMemory(image, 4096, 4096));
        assertThatThrownBy(() -> DiskMedium.checkMemory(image, 4097 << 10, 4096 << 10))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "image 'disk.img' has 4097 KiB, and 4 MiB of memory are free: use --medium"
                                + " file");
        assertThat(MachineMemory.availableBytes()).isPositive();
    }

    private Path withCookie(final int bytes, final int at) throws IOException {
        final byte[] content = new byte[bytes];
        System.arraycopy("conectix".getBytes(US_ASCII), 0, content, at, 8);
        return Files.write(directory.resolve("image"), content);
    }
}
