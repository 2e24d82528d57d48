package io.ringside.storvsc.backend.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.Access;
import io.ringside.device.media.RamStore;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A drive, with a disc in it and without. */
final class DiscTest {
    private static final int BLOCKS = 100;
    private static final byte[] CONTENT = UnitBench.pattern(BLOCKS * 2048, 6);
    private UnitBench bench = UnitBench.disk(64);

    @BeforeEach
    void load() throws IOException {
        bench.close();
        bench =
                new UnitBench(
                        UnitIdentity.disc("disc-1", 5),
                        RamStore.loadedFrom(
                                new ByteArrayInputStream(CONTENT), BLOCKS * 4, Access.READ_ONLY));
        bench.settle();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void readsBlocksOfTwoThousandAndFortyEight() {
        assertThat(bench.run("12 00 00 00 24 00", 36).hex()).startsWith("05 80 06 12");
        assertThat(bench.run("25 00 00 00 00 00 00 00 00 00", 8).hex())
                .isEqualTo("00 00 00 63 00 00 08 00");
        assertThat(bench.run("28 00 00 00 00 10 00 00 02 00", 4096).data())
                .isEqualTo(Arrays.copyOfRange(CONTENT, 16 * 2048, 18 * 2048));
        assertThat(bench.run("a8 00 00 00 00 63 00 00 00 01 00 00", 2048).data())
                .isEqualTo(Arrays.copyOfRange(CONTENT, 99 * 2048, 100 * 2048));
        assertThat(bench.run("28 00 00 00 00 64 00 00 01 00", 2048).sense()).isEqualTo("5/2100");
        assertThat(bench.run("2a 00 00 00 00 00 00 00 01 00", new byte[2048]).sense())
                .isEqualTo("5/2000");
    }

    @Test
    void tellsItsTracks() {
        assertThat(bench.run("43 00 00 00 00 00 00 00 ff 00", 255).hex())
                .isEqualTo("00 12 01 01 00 14 01 00 00 00 00 00 00 14 aa 00 00 00 00 64");
        assertThat(bench.run("43 02 00 00 00 00 aa 00 ff 00", 255).hex())
                .isEqualTo("00 0a 01 01 00 14 aa 00 00 00 03 19");
        assertThat(bench.run("43 00 01 00 00 00 00 00 ff 00", 255).hex())
                .isEqualTo("00 0a 01 01 00 14 01 00 00 00 00 00");
        assertThat(bench.run("43 00 02 00 00 00 00 00 ff 00", 255).sense())
                .isEqualTo("5/2400 @2.3");
        assertThat(bench.run("43 00 00 00 00 00 02 00 ff 00", 255).sense())
                .isEqualTo("5/2400 @6.8");
        assertThat(bench.run("51 00 00 00 00 00 00 00 ff 00", 255).hex())
                .startsWith("00 20 0e 01 01 01 01 20");
        assertThat(bench.run("51 01 00 00 00 00 00 00 ff 00", 255).sense())
                .isEqualTo("5/2400 @1.2");
        assertThat(bench.run("bd 00 00 00 00 00 00 00 00 08 00 00", 8).hex())
                .isEqualTo("00 00 00 00 00 00 00 00");
    }

    /** What Linux's sr asks, from the first look to the last session and the open tray. */
    @Test
    void answersWhatLinuxAsks() {
        assertThat(bench.run("12 00 00 00 24 00", 36).data()).hasSize(36);
        assertThat(bench.run("00 00 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("5a 08 2a 00 00 00 00 00 80 00", 128).hex())
                .startsWith("00 1a 00 00 00 00 00 00 2a 12");
        assertThat(bench.run("25 00 00 00 00 00 00 00 00 00", 8).data()).hasSize(8);
        assertThat(bench.run("46 00 00 00 00 00 00 00 08 00", 8).hex()).endsWith("00 10");
        assertThat(bench.run("4a 01 00 00 10 00 00 00 08 00", 8).data()).hasSize(8);
        assertThat(bench.run("1e 00 00 00 01 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("43 00 00 00 00 00 00 00 0c 40", 12).hex())
                .as("the last session, asked for as before MMC-2")
                .isEqualTo("00 0a 01 01 00 14 01 00 00 00 00 00");
        assertThat(bench.run("43 00 00 00 00 00 00 00 0c c0", 12).sense()).isEqualTo("5/2400 @2.3");
        assertThat(bench.run("51 00 00 00 00 00 00 00 22 00", 34).data()).hasSize(34);
        assertThat(bench.run("28 00 00 00 00 10 00 00 01 00", 2048).data()).hasSize(2048);
        assertThat(bench.run("1e 00 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void tellsWhatItCanDo() {
        final byte[] all = bench.run("46 00 00 00 00 00 00 00 ff 00", 255).data();
        assertThat(all.length - 4).isEqualTo(all[3]);
        assertThat(bench.run("46 02 00 10 00 00 00 00 ff 00", 255).hex())
                .isEqualTo("00 00 00 10 00 00 00 10 00 10 01 08 00 00 08 00 00 10 00 00");
        assertThat(bench.run("46 03 00 00 00 00 00 00 ff 00", 255).sense())
                .isEqualTo("5/2400 @1.1");
        assertThat(bench.run("5a 00 2a 00 00 00 00 00 ff 00", 255).data()).hasSize(8 + 20);
    }

    @Test
    void letsTheDiscOutUnlessSomebodyHoldsIt() {
        assertThat(bench.run("1e 00 00 00 01 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("1b 00 00 00 02 00").sense()).isEqualTo("5/5302");
        assertThat(bench.unit.changeMedium(null)).isFalse();
        bench.run("1e 00 00 00 00 00");
        assertThat(bench.run("1b 00 00 00 02 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("00 00 00 00 00 00").sense()).isEqualTo("2/3a02");
        assertThat(bench.run("4a 01 00 00 10 00 00 00 08 00", 8).hex())
                .isEqualTo("00 06 04 10 03 01 00 00");
        assertThat(bench.run("4a 01 00 00 10 00 00 00 08 00", 8).hex())
                .isEqualTo("00 06 04 10 00 01 00 00");
        assertThat(bench.run("1b 00 00 00 03 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("4a 01 00 00 10 00 00 00 08 00", 8).hex())
                .isEqualTo("00 06 04 10 02 02 00 00");
        assertThat(bench.run("00 00 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("4a 00 00 00 10 00 00 00 08 00", 8).sense()).isEqualTo("5/2400 @1.0");
        assertThat(bench.run("4a 01 00 00 02 00 00 00 08 00", 8).hex()).isEqualTo("00 02 80 10");
    }

    @Test
    void saysOfEveryCommandThatNeedsADiscThatNoneIsThere() {
        assertThat(bench.unit.changeMedium(null)).isTrue();
        int refused = 0;
        for (final ScsiCommand command : ScsiCommand.values()) {
            if (command.isOf(false)) {
                final byte[] cdb = new byte[command.cdbBytes()];
                cdb[0] = (byte) command.opcode();
                cdb[1] = (byte) command.serviceAction();
                final UnitBench.Outcome outcome =
                        bench.run(HexFormat.ofDelimiter(" ").formatHex(cdb), 64);
                final boolean needsDisc = command.need() == ScsiCommand.Need.MEDIUM;
                assertThat(outcome.sense().startsWith("2/")).as("%s", command).isEqualTo(needsDisc);
                if (needsDisc) {
                    assertThat(outcome.sense()).as("%s", command).isEqualTo("2/3a02");
                    refused++;
                }
            }
        }
        assertThat(refused).isEqualTo(8);
    }

    @Test
    void takesAnotherDisc() {
        assertThat(bench.unit.changeMedium(null)).isTrue();
        assertThat(bench.run("28 00 00 00 00 00 00 00 01 00", 2048).sense()).isEqualTo("2/3a02");
        try (RamStore next = RamStore.zeroed(8)) {
            assertThat(bench.unit.changeMedium(next)).isTrue();
            assertThat(bench.run("00 00 00 00 00 00").sense()).isEqualTo("6/2800");
            assertThat(bench.run("25 00 00 00 00 00 00 00 00 00", 8).hex())
                    .isEqualTo("00 00 00 01 00 00 08 00");
        }
    }
}
