package io.ringside.perf.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "512, 512",
        "4k, 4096",
        "4K, 4096",
        "1m, 1048576",
        "1M, 1048576",
        "2047M, 2146435072",
        "0, 0",
        "-4k, -4096",
        "' 64k ', 65536"
    })
    void readsPowersOf1024(final String text, final int bytes) throws UsageException {
        assertThat(Sizes.bytes("--block-size", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "k", "4kb", "4 k", "4g", "1.5M", "0x10", "2048M", "2147483648", "4\0k"})
    void refusesEverythingElseAndNamesTheOption(final String text) {
        assertThatThrownBy(() -> Sizes.bytes("--block-size", text))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--block-size '" + text + "' is not a size");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "512, 512 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1025, 1025 B",
        "45056, 44 KiB",
        "1048576, 1 MiB",
        "1048577, 1048577 B",
        "1572864, 1536 KiB",
        "4398046511104, 4194304 MiB"
    })
    void writesTheLargestUnitThatIsExact(final long bytes, final String text) {
        assertThat(Sizes.text(bytes)).isEqualTo(text);
    }
}
