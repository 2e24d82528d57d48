package io.ringside.emulated.ide.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IdentifyDataTest {
    private final byte[] bytes = new byte[IdentifyData.SIZE_BYTES];
    private final IdentifyData page = new IdentifyData(new UnsafeBuffer(bytes));

    @Test
    void swapsTheBytesOfStringsAndPadsThem() {
        page.text(IdentifyData.FIRMWARE, IdentifyData.FIRMWARE_WORDS, "V1.23");
        assertThat(new String(bytes, 46, 8, StandardCharsets.US_ASCII)).isEqualTo("1V2. 3  ");
        assertThat(page.text(IdentifyData.FIRMWARE, IdentifyData.FIRMWARE_WORDS))
                .isEqualTo("V1.23");
        page.text(IdentifyData.FIRMWARE, IdentifyData.FIRMWARE_WORDS, "much too long");
        assertThat(page.text(IdentifyData.FIRMWARE, IdentifyData.FIRMWARE_WORDS))
                .isEqualTo("much too");
        assertThat(bytes[54]).isZero();
    }

    @Test
    void takesTheSizeFromTheNewestFormOfAddresses() {
        page.word(IdentifyData.CYLINDERS, 100);
        page.word(IdentifyData.HEADS, 16);
        page.word(IdentifyData.SECTORS_PER_TRACK, 63);
        assertThat(page.addressing()).isEqualTo(Addressing.CHS);
        assertThat(page.sectors()).isEqualTo(100L * 16 * 63);
        page.word(IdentifyData.CAPABILITY, IdentifyData.CAN_LBA);
        page.number(IdentifyData.LBA28_SECTORS, 2, 0x0FFF_FFFFL);
        assertThat(page.addressing()).isEqualTo(Addressing.LBA28);
        assertThat(page.sectors()).isEqualTo(0x0FFF_FFFFL);
        page.number(IdentifyData.LBA48_SECTORS, 4, 0x1234_5678_9ABCL);
        page.word(IdentifyData.FEATURES_KNOWN + 1, IdentifyData.FEATURE_LBA48);
        assertThat(page.addressing()).as("the word does not hold").isEqualTo(Addressing.LBA28);
        page.word(
                IdentifyData.FEATURES_KNOWN + 1,
                IdentifyData.FEATURE_LBA48 | IdentifyData.FEATURES_VALID);
        assertThat(page.addressing()).isEqualTo(Addressing.LBA48);
        assertThat(page.sectors()).isEqualTo(0x1234_5678_9ABCL);
    }

    @Test
    void findsDamageUnderTheSeal() {
        page.text(IdentifyData.MODEL, IdentifyData.MODEL_WORDS, "DISK");
        assertThat(page.isValidDisk()).as("no seal").isTrue();
        page.seal();
        assertThat(page.isValidDisk()).isTrue();
        bytes[100] ^= 1;
        assertThat(page.isValidDisk()).isFalse();
        bytes[100] ^= 1;
        page.word(IdentifyData.CONFIGURATION, IdentifyData.NOT_ATA);
        assertThat(page.isValidDisk()).isFalse();
    }
}
