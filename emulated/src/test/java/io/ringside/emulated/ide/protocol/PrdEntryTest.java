package io.ringside.emulated.ide.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PrdEntryTest {
    private final byte[] bytes = new byte[24];
    private final PrdEntry entries = new PrdEntry(new UnsafeBuffer(bytes));

    @Test
    void laysAddressAndLengthAtTheBytesOfAtaH() {
        final WireFacts.Struct facts = WireFacts.load("ide-ata").struct("ata_bmdma_prd");
        assertThat(PrdEntry.SIZE_BYTES).isEqualTo(facts.size());
        assertThat(facts.offset("addr")).isZero();
        assertThat(facts.offset("flags_len")).isEqualTo(4);
        entries.put(0, 0x89AB_CDEEL, 0x1200, false);
        entries.put(1, 0x0001_0000, 65536, false);
        entries.put(2, 0x0002_0002, 2, true);
        assertThat(HexFormat.ofDelimiter(" ").formatHex(bytes))
                .isEqualTo(
                        "ee cd ab 89 00 12 00 00 "
                                + "00 00 01 00 00 00 00 00 "
                                + "02 00 02 00 02 00 00 80");
        assertThat(entries.address(0)).isEqualTo(0x89AB_CDEEL);
        assertThat(entries.lengthBytes(0)).isEqualTo(0x1200);
        assertThat(entries.isLast(0)).isFalse();
        assertThat(entries.lengthBytes(1)).isEqualTo(65536);
        assertThat(entries.isLast(2)).isTrue();
    }

    @Test
    void knowsNoOddAddressesAndLengths() {
        Arrays.fill(bytes, (byte) 0xFF);
        assertThat(entries.address(0)).isEqualTo(0xFFFF_FFFEL);
        assertThat(entries.lengthBytes(0)).isEqualTo(0xFFFE);
        bytes[4] = 1;
        bytes[5] = 0;
        assertThat(entries.lengthBytes(0)).isEqualTo(65536);
    }

    @Test
    void seesWhereABoundaryIsCrossed() {
        assertThat(PrdEntry.crossesBoundary(0x10000, 65536)).isFalse();
        assertThat(PrdEntry.crossesBoundary(0x10002, 65536)).isTrue();
        assertThat(PrdEntry.crossesBoundary(0xFFFE, 2)).isFalse();
        assertThat(PrdEntry.crossesBoundary(0xFFFE, 4)).isTrue();
        assertThat(PrdEntry.crossesBoundary(0xFFFF_FFFEL, 4)).isTrue();
    }
}
