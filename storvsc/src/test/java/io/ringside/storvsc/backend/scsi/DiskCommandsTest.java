package io.ringside.storvsc.backend.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.Access;
import io.ringside.device.media.RamStore;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands about blocks, one by one, each with what is wrong in it. */
final class DiskCommandsTest {
    private static final long SECTORS = 4096;
    private final UnitBench bench = UnitBench.disk(SECTORS);

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0a 00 00 10 02 00, 08 00 00 10 02 00",
        "2a 00 00 00 00 10 00 00 02 00, 28 00 00 00 00 10 00 00 02 00",
        "2a 08 00 00 00 10 00 00 02 00, 28 18 00 00 00 10 00 00 02 00",
        "aa 00 00 00 00 10 00 00 00 02 00 00, a8 00 00 00 00 10 00 00 00 02 00 00",
        "8a 00 00 00 00 00 00 00 00 10 00 00 00 02 00 00,"
                + " 88 00 00 00 00 00 00 00 00 10 00 00 00 02 00 00",
        "2e 02 00 00 00 10 00 00 02 00, 2f 02 00 00 00 10 00 00 02 00",
        "ae 00 00 00 00 10 00 00 00 02 00 00, af 02 00 00 00 10 00 00 00 02 00 00",
        "8e 02 00 00 00 00 00 00 00 10 00 00 00 02 00 00,"
                + " 8f 02 00 00 00 00 00 00 00 10 00 00 00 02 00 00"
    })
    void writesAndReadsBackInEveryForm(final String write, final String read) {
        final byte[] bytes = UnitBench.pattern(1024, 3);

        assertThat(bench.run(write, bytes).status()).isEqualTo(ScsiStatus.GOOD);

        assertThat(bench.medium(16 * 512, 1024)).isEqualTo(bytes);
        if (read.startsWith("2f") || read.startsWith("af") || read.startsWith("8f")) {
            assertThat(bench.run(read, bytes).status()).isEqualTo(ScsiStatus.GOOD);
            bytes[700]++;
            assertThat(bench.run(read, bytes).sense()).isEqualTo("e/1d00");
        } else {
            assertThat(bench.run(read, 1024).data()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "28 00 00 00 0f ff 00 00 02 00",
        "2a 00 00 00 10 00 00 00 01 00",
        "a8 00 ff ff ff ff 00 00 00 01 00 00",
        "88 00 80 00 00 00 00 00 00 00 00 00 00 01 00 00",
        "88 00 ff ff ff ff ff ff ff ff 00 00 00 01 00 00",
        "8a 00 7f ff ff ff ff ff ff ff 00 00 00 01 00 00",
        "2f 00 00 00 0f ff 00 00 02 00",
        "35 00 00 00 10 01 00 00 00 00",
        "91 00 00 00 00 00 00 00 10 00 00 00 00 01 00 00",
        "34 00 00 00 0f ff 00 00 02 00",
        "93 00 00 00 00 00 00 00 0f ff 00 00 00 02 00 00",
        "89 00 00 00 00 00 00 00 10 00 00 00 00 01 00 00"
    })
    void refusesARangeThatIsNotOnTheMedium(final String cdb) {
        final int direction =
                cdb.startsWith("28") || cdb.startsWith("a8") || cdb.startsWith("88")
                        ? DataDirection.TO_GUEST
                        : DataDirection.TO_UNIT;
        final UnitBench.Outcome outcome =
                bench.run(bench.nexus(), cdb, direction, 0, new byte[2048]);
        assertThat(outcome.sense()).isEqualTo("5/2100");
        assertThat(outcome.task().sense().isInformed()).isTrue();
    }

    @Test
    void readsTwoHundredAndFiftySixBlocksForAnOldLengthOfNone() {
        assertThat(bench.run("08 00 00 00 00 00", 256 * 512).data()).hasSize(256 * 512);
        assertThat(bench.run("28 00 00 00 00 00 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void refusesATransferLongerThanItSays() {
        assertThat(UnitBench.MAX_TRANSFER / 512).isEqualTo(0x200);
        assertThat(bench.run("28 00 00 00 00 00 00 02 01 00", 512).sense())
                .isEqualTo("5/2400 @7.8");
        assertThat(bench.run("28 00 00 00 00 00 00 02 00 00", UnitBench.MAX_TRANSFER).data())
                .hasSize(UnitBench.MAX_TRANSFER);
    }

    @Test
    void movesNothingWhereTheGuestHasTooLittleRoom() {
        final UnitBench.Outcome read = bench.run("28 00 00 00 00 00 00 00 02 00", 1023);
        assertThat(read.task().isOverrun()).isTrue();
        assertThat(read.data()).isEmpty();
        final UnitBench.Outcome write =
                bench.run("2a 00 00 00 00 00 00 00 02 00", UnitBench.pattern(512, 1));
        assertThat(write.task().isOverrun()).isTrue();
        assertThat(bench.medium(0, 512)).containsOnly(0);
        final UnitBench.Outcome wrongWay =
                bench.run("28 00 00 00 00 00 00 00 01 00", UnitBench.pattern(512, 1));
        assertThat(wrongWay.task().isOverrun()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "100", "511", "512", "513", "4095"})
    void usesDataAtAnyByte(final int byteOffset) {
        final byte[] bytes = UnitBench.pattern(160 * 512, byteOffset);
        assertThat(
                        bench.run(
                                        bench.nexus(),
                                        "2a 00 00 00 00 08 00 00 a0 00",
                                        DataDirection.TO_UNIT,
                                        byteOffset,
                                        bytes)
                                .status())
                .isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.medium(8 * 512, bytes.length)).isEqualTo(bytes);
        assertThat(
                        bench.run(
                                        bench.nexus(),
                                        "28 00 00 00 00 08 00 00 a0 00",
                                        DataDirection.TO_GUEST,
                                        byteOffset,
                                        new byte[bytes.length])
                                .data())
                .isEqualTo(bytes);
    }

    @Test
    void writesTheSameBlockOverARange() {
        final byte[] block = UnitBench.pattern(512, 9);
        assertThat(bench.run("41 00 00 00 00 10 00 01 2c 00", block).status())
                .isEqualTo(ScsiStatus.GOOD);
        for (int i = 0; i < 300; i++) {
            assertThat(bench.medium((16 + i) * 512L, 512)).isEqualTo(block);
        }
        assertThat(bench.medium(15 * 512, 512)).containsOnly(0);
        assertThat(bench.medium(316 * 512, 512)).containsOnly(0);
        assertThat(bench.run("41 00 00 00 00 10 00 00 00 00", block).sense())
                .isEqualTo("5/2400 @7.8");
        assertThat(bench.run("93 00" + " 00".repeat(8) + " 00 80 00 00 00 00", block).sense())
                .isEqualTo("5/2400 @10.8");
    }

    @Test
    void forgetsARangeOnlyIfItIsToBecomeZeros() {
        bench.run("41 00 00 00 00 00 00 00 40 00", UnitBench.pattern(512, 9));
        final long before = bench.unit.counters().discards();
        assertThat(bench.run("93 08" + " 00".repeat(11) + " 10 00 00", new byte[512]).status())
                .isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.unit.counters().discards()).isEqualTo(before + 1);
        assertThat(bench.medium(0, 16 * 512)).containsOnly(0);
        final byte[] one = new byte[512];
        one[511] = 1;
        bench.run("93 08" + " 00".repeat(11) + " 10 00 00", one);
        assertThat(bench.unit.counters().discards()).isEqualTo(before + 1);
        assertThat(bench.medium(15 * 512, 512)).isEqualTo(one);
    }

    @Test
    void unmapsEveryRangeOrNone() {
        bench.run("41 00 00 00 00 00 00 00 40 00", UnitBench.pattern(512, 9));
        final byte[] list = unmapList(2);
        range(list, 0, 4, 8);
        range(list, 1, SECTORS - 1, 2);
        assertThat(bench.run("42 00 00 00 00 00 00 00 28 00", list).sense()).isEqualTo("5/2100");
        assertThat(bench.medium(4 * 512, 512)).isEqualTo(UnitBench.pattern(512, 9));
        range(list, 1, 20, 1);
        assertThat(bench.run("42 00 00 00 00 00 00 00 28 00", list).status())
                .isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.medium(4 * 512, 8 * 512)).containsOnly(0);
        assertThat(bench.medium(20 * 512, 512)).containsOnly(0);
        assertThat(bench.medium(3 * 512, 512)).isEqualTo(UnitBench.pattern(512, 9));
        assertThat(bench.medium(21 * 512, 512)).isEqualTo(UnitBench.pattern(512, 9));
    }

    @Test
    void refusesUnmapListsThatAreNotSound() {
        assertThat(bench.run("42 00 00 00 00 00 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("42 00 00 00 00 00 00 00 07 00", new byte[7]).sense())
                .isEqualTo("5/1a00");
        final byte[] list = unmapList(1);
        list[1] = 23;
        assertThat(bench.run("42 00 00 00 00 00 00 00 18 00", list).sense()).isEqualTo("5/1a00");
        list[1] = 22;
        list[3] = 17;
        assertThat(bench.run("42 00 00 00 00 00 00 00 18 00", list).sense()).isEqualTo("5/1a00");
        assertThat(bench.run("42 00 00 00 00 00 00 00 19 00", list).task().isOverrun()).isTrue();
        final byte[] many = unmapList(257);
        assertThat(bench.run("42 00 00 00 00 00 00 10 18 00", many).sense())
                .isEqualTo("5/2600 @2.8");
    }

    private static byte[] unmapList(final int ranges) {
        final byte[] list = new byte[8 + ranges * 16];
        list[0] = (byte) ((list.length - 2) >> 8);
        list[1] = (byte) (list.length - 2);
        list[2] = (byte) ((ranges * 16) >> 8);
        list[3] = (byte) (ranges * 16);
        return list;
    }

    private static void range(
            final byte[] list, final int index, final long lba, final int blocks) {
        final int at = 8 + index * 16;
        for (int i = 0; i < 8; i++) {
            list[at + i] = (byte) (lba >> (56 - i * 8));
        }
        list[at + 11] = (byte) blocks;
    }

    @Test
    void writesOnlyOverWhatIsExpected() {
        final byte[] both = new byte[1024];
        System.arraycopy(UnitBench.pattern(512, 5), 0, both, 512, 512);
        final String cdb = "89 00 00 00 00 00 00 00 00 07 00 00 00 01 00 00";
        assertThat(bench.run(cdb, both).status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.medium(7 * 512, 512)).isEqualTo(UnitBench.pattern(512, 5));
        final UnitBench.Outcome again = bench.run(cdb, both);
        assertThat(again.sense()).isEqualTo("e/1d00");
        assertThat(again.task().sense().information()).isZero();
        assertThat(bench.run("89 00" + " 00".repeat(11) + " 81 00 00", both).sense())
                .isEqualTo("5/2400 @13.8");
    }

    @Test
    void comparesManyBlocksWithOne() {
        final byte[] block = UnitBench.pattern(512, 2);
        bench.run("41 00 00 00 00 00 00 01 00 00", block);
        assertThat(bench.run("2f 06 00 00 00 00 00 01 00 00", block).status())
                .isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("2f 06 00 00 00 00 00 01 01 00", block).sense()).isEqualTo("e/1d00");
        assertThat(bench.run("2f 04 00 00 00 00 00 01 00 00", block).sense())
                .isEqualTo("5/2400 @1.2");
        assertThat(bench.run("2f 00 00 00 00 00 00 10 00 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("34 00 00 00 00 00 00 10 00 00").status())
                .isEqualTo(ScsiStatus.CONDITION_MET);
    }

    @Test
    void flushesWhereItIsAskedToAndOnlyThere() {
        final byte[] block = new byte[512];
        bench.run("2a 00 00 00 00 00 00 00 01 00", block);
        assertThat(bench.unit.counters().flushes()).isZero();
        bench.run("2a 08 00 00 00 00 00 00 01 00", block);
        bench.run("2e 00 00 00 00 00 00 00 01 00", block);
        bench.run("35 00 00 00 00 00 00 00 00 00");
        bench.run("91 02" + " 00".repeat(14));
        assertThat(bench.unit.counters().flushes()).isEqualTo(4);
    }

    @Test
    void tellsItsCapacityInBothForms() {
        assertThat(bench.run("25 00 00 00 00 00 00 00 00 00", 8).hex())
                .isEqualTo("00 00 0f ff 00 00 02 00");
        assertThat(bench.run("9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00", 32).hex())
                .isEqualTo("00 00 00 00 00 00 0f ff 00 00 02 00 00 00 c0 00" + " 00".repeat(16));
        assertThat(bench.run("9e 10 00 00 00 00 00 00 00 00 00 00 00 0c 00 00", 32).data())
                .hasSize(12);
        assertThat(bench.run("37 00 08 00 00 00 00 00 ff 00", 255).hex()).isEqualTo("00 08 00 00");
        assertThat(bench.run("b7 10 00 00 00 00 00 00 00 ff 00 00", 255).hex())
                .isEqualTo("00 10 00 00 00 00 00 00");
    }

    @Test
    void keepsAReadOnlyMediumAsItIs() throws IOException {
        final byte[] content = UnitBench.pattern(64 * 512, 1);
        try (UnitBench readOnly =
                new UnitBench(
                        UnitIdentity.disk("ro", 3),
                        RamStore.loadedFrom(
                                new ByteArrayInputStream(content), 64, Access.READ_ONLY))) {
            readOnly.settle();
            for (final String cdb :
                    new String[] {
                        "0a 00 00 00 01 00",
                        "2a 00 00 00 00 00 00 00 01 00",
                        "2e 00 00 00 00 00 00 00 01 00",
                        "41 00 00 00 00 00 00 00 01 00",
                        "42 00 00 00 00 00 00 00 18 00",
                        "89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00"
                    }) {
                assertThat(readOnly.run(cdb, new byte[1024]).sense()).as(cdb).isEqualTo("7/2700");
            }
            assertThat(readOnly.medium(0, content.length)).isEqualTo(content);
            assertThat(readOnly.run("1a 00 3f 00 04 00", 4).data()[2]).isEqualTo((byte) 0x90);
        }
    }

    @Test
    void servesBlocksOfFourKib() {
        final UnitIdentity large = new UnitIdentity(true, "large", 4, 4096, true);
        try (UnitBench wide = new UnitBench(large, RamStore.zeroed(SECTORS))) {
            wide.settle();
            final byte[] bytes = UnitBench.pattern(8192, 4);
            assertThat(wide.run("25 00 00 00 00 00 00 00 00 00", 8).hex())
                    .isEqualTo("00 00 01 ff 00 00 10 00");
            wide.run(
                    wide.nexus(),
                    "2a 00 00 00 00 03 00 00 02 00",
                    DataDirection.TO_UNIT,
                    24,
                    bytes);
            assertThat(wide.medium(3 * 4096, 8192)).isEqualTo(bytes);
            assertThat(wide.run("28 00 00 00 00 03 00 00 02 00", 8192).data()).isEqualTo(bytes);
            assertThat(wide.run("28 00 00 00 02 00 00 00 01 00", 4096).sense()).isEqualTo("5/2100");
            assertThat(wide.run("93 08" + " 00".repeat(11) + " 04 00 00", new byte[4096]).status())
                    .isEqualTo(ScsiStatus.GOOD);
            assertThat(Arrays.copyOf(wide.medium(3 * 4096, 8192), 4096)).containsOnly(0);
        }
    }
}
