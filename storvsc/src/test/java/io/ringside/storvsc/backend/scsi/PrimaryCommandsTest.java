package io.ringside.storvsc.backend.scsi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a unit says of itself, and what of that can be set. */
final class PrimaryCommandsTest {
    private static final String CACHE_PAGE = "08 12 04" + " 00".repeat(17);
    private final UnitBench bench = UnitBench.disk(4096);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void saysWhatItIs() {
        final byte[] answer = bench.run("12 00 00 00 60 00", 96).data();
        assertThat(answer).hasSize(96);
        assertThat(HexFormat.of().formatHex(answer, 0, 8)).isEqualTo("000006125b000002");
        assertThat(new String(answer, 8, 28, US_ASCII)).isEqualTo("RingsideVirtual Disk    0.1 ");
        assertThat(HexFormat.of().formatHex(answer, 58, 64)).isEqualTo("00a0046004c0");
        assertThat(bench.run("12 00 00 00 24 00", 96).data()).hasSize(36);
        assertThat(bench.run("12 00 80 00 24 00", 96).sense()).isEqualTo("5/2400 @2.8");
    }

    @Test
    void reportsAnOverrunWhereTheGuestHasLessRoomThanItAllows() {
        final UnitBench.Outcome outcome = bench.run("12 00 00 00 60 00", 40);
        assertThat(outcome.data()).hasSize(40);
        assertThat(outcome.task().isOverrun()).isTrue();
        assertThat(outcome.status()).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void hasEveryPageThatItLists() {
        final byte[] pages = bench.run("12 01 00 00 ff 00", 255).data();
        assertThat(HexFormat.of().formatHex(pages)).isEqualTo("000000060080" + "83b0b1b2");
        for (int i = 4; i < pages.length; i++) {
            final byte[] page =
                    bench.run("12 01 %02x 00 ff 00".formatted(pages[i] & 0xff), 255).data();
            assertThat(page[1]).isEqualTo(pages[i]);
            assertThat(page.length - 4).isEqualTo(((page[2] & 0xff) << 8) | (page[3] & 0xff));
        }
        assertThat(bench.run("12 01 89 00 ff 00", 255).sense()).isEqualTo("5/2400 @2.8");
        assertThat(new String(bench.run("12 01 80 00 ff 00", 255).data(), 4, 8, US_ASCII))
                .isEqualTo("serial-1");
        assertThat(bench.run("12 01 83 00 ff 00", 255).hex())
                .endsWith("01 03 00 08 31 23 45 67 89 ab cd ef");
        assertThat(bench.run("12 01 b2 00 ff 00", 255).hex()).isEqualTo("00 b2 00 04 00 e4 02 00");
    }

    @Test
    void tellsAnAttentionOnceAndBeforeAnythingElse() {
        try (UnitBench fresh = new UnitBench(UnitIdentity.disk("x", 1), RamStore.zeroed(64))) {
            assertThat(fresh.run("12 00 00 00 24 00", 36).status()).isEqualTo(ScsiStatus.GOOD);
            assertThat(fresh.run("a0 00 00 00 00 00 00 00 00 20 00 00", 32).status())
                    .isEqualTo(ScsiStatus.GOOD);
            assertThat(fresh.run("00 00 00 00 00 00").sense()).isEqualTo("6/2900");
            assertThat(fresh.run("00 00 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
            fresh.unit.reset();
            assertThat(fresh.run("05 00 00 00 00 00").sense()).isEqualTo("6/2903");
            fresh.unit.reset();
            assertThat(fresh.run("03 00 00 00 12 00", 18).hex())
                    .isEqualTo("70 00 06 00 00 00 00 0a 00 00 00 00 29 03 00 00 00 00");
            assertThat(fresh.run("03 01 00 00 12 00", 18).hex())
                    .isEqualTo("72 00 00 00 00 00 00 00");
        }
    }

    @Test
    void listsTheUnitsOfItsTarget() {
        bench.target.add(5, new LogicalUnit(UnitIdentity.disk("y", 2), RamStore.zeroed(64), 4096));
        assertThat(bench.run("00 00 00 00 00 00").sense()).isEqualTo("6/3f0e");
        assertThat(bench.run("a0 00 00 00 00 00 00 00 10 00 00 00", 4096).hex())
                .isEqualTo(
                        "00 00 00 10 00 00 00 00" + " 00".repeat(8) + " 00 05" + " 00".repeat(6));
        assertThat(bench.run("a0 00 01 00 00 00 00 00 10 00 00 00", 4096).hex())
                .isEqualTo("00 00 00 00 00 00 00 00");
        assertThat(bench.run("a0 00 03 00 00 00 00 00 10 00 00 00", 4096).sense())
                .isEqualTo("5/2400 @2.8");
        assertThat(bench.run("a0 00 00 00 00 00 00 00 00 0f 00 00", 4096).sense())
                .isEqualTo("5/2400 @6.8");
        assertThat(bench.target.remove(5)).isTrue();
        assertThat(bench.target.isFree(5)).isTrue();
    }

    @Test
    void tellsModePagesInBothForms() {
        assertThat(bench.run("1a 08 08 00 ff 00", 255).hex())
                .isEqualTo("17 00 10 00 " + CACHE_PAGE);
        assertThat(bench.run("1a 00 08 00 0c 00", 255).hex())
                .isEqualTo("1f 00 10 08 00 00 10 00 00 00 02 00");
        assertThat(bench.run("5a 10 08 00 00 00 00 00 18 00", 255).hex())
                .isEqualTo(
                        "00 2a 00 10 01 00 00 10 00 00 00 00 00 00 10 00 00 00 00 00 00 00 02 00");
        assertThat(bench.run("1a 08 48 00 ff 00", 255).hex())
                .as("what can be set")
                .isEqualTo("17 00 10 00 " + CACHE_PAGE);
        assertThat(bench.run("1a 08 4a 00 ff 00", 255).hex())
                .isEqualTo("0f 00 10 00 0a 0a" + " 00".repeat(10));
        assertThat(bench.run("1a 08 3f 00 ff 00", 255).data()).hasSize(4 + 12 + 20 + 12 + 12);
        assertThat(bench.run("1a 00 c8 00 ff 00", 255).sense()).isEqualTo("5/3900");
        assertThat(bench.run("1a 00 05 00 ff 00", 255).sense()).isEqualTo("5/2400 @2.5");
        assertThat(bench.run("1a 00 08 01 ff 00", 255).sense()).isEqualTo("5/2400 @3.8");
    }

    @Test
    void writesThroughOnceTheCacheIsSwitchedOff() {
        final byte[] list = bytes("00 00 00 00 " + CACHE_PAGE.replaceFirst("04", "00"));
        assertThat(bench.run("15 10 00 00 18 00", list).status()).isEqualTo(ScsiStatus.GOOD);
        bench.run("2a 00 00 00 00 00 00 00 01 00", new byte[512]);
        assertThat(bench.unit.counters().flushes()).isEqualTo(1);
        assertThat(bench.run("1a 08 08 00 ff 00", 255).hex())
                .isEqualTo("17 00 10 00 08 12" + " 00".repeat(18));
        bench.unit.reset();
        bench.settle();
        bench.run("2a 00 00 00 00 00 00 00 01 00", new byte[512]);
        assertThat(bench.unit.counters().flushes()).isEqualTo(1);
    }

    @Test
    void refusesModePagesThatAreNotSound() {
        final byte[] good = bytes("00 00 00 00 " + CACHE_PAGE);
        assertThat(bench.run("15 00 00 00 18 00", good).sense()).isEqualTo("5/2400 @1.4");
        assertThat(bench.run("15 11 00 00 18 00", good).sense()).isEqualTo("5/2400 @1.0");
        assertThat(bench.run("15 10 00 00 03 00", good).sense()).isEqualTo("5/1a00");
        assertThat(bench.run("15 10 00 00 17 00", good).sense()).isEqualTo("5/1a00");
        assertThat(bench.run("15 10 00 00 19 00", good).task().isOverrun()).isTrue();
        assertThat(bench.run("15 10 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(with(good, 6, 5)).isEqualTo("5/2600 @6.0");
        assertThat(with(good, 5, 0x11)).isEqualTo("5/2600 @5.8");
        assertThat(with(good, 4, 0x07)).isEqualTo("5/2600 @4.5");
        assertThat(with(good, 4, 0x48)).isEqualTo("5/2600 @4.6");
        assertThat(with(good, 3, 4)).isEqualTo("5/2600 @3.8");
        assertThat(with(good, 3, 0x40)).isEqualTo("5/1a00");
        final byte[] withBlocks = bytes("00 00 00 08 00 00 00 00 00 00 02 00 " + CACHE_PAGE);
        assertThat(bench.run("15 10 00 00 20 00", withBlocks).status()).isEqualTo(ScsiStatus.GOOD);
        withBlocks[10] = 4;
        assertThat(bench.run("15 10 00 00 20 00", withBlocks).sense()).isEqualTo("5/2600 @3.8");
        final byte[] longList = bytes("00 00 00 00 00 00 00 00 " + CACHE_PAGE);
        assertThat(bench.run("55 10 00 00 00 00 00 00 1c 00", longList).status())
                .isEqualTo(ScsiStatus.GOOD);
    }

    private String with(final byte[] list, final int at, final int value) {
        final byte[] changed = Arrays.copyOf(list, list.length);
        changed[at] = (byte) value;
        return bench.run("15 10 00 00 18 00", changed).sense();
    }

    private static byte[] bytes(final String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    @Test
    void startsStopsAndTestsItself() {
        assertThat(bench.run("1d 04 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("1d 00 00 00 00 00").sense()).isEqualTo("5/2400 @1.2");
        assertThat(bench.run("1b 00 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("00 00 00 00 00 00").sense()).isEqualTo("2/0402");
        assertThat(bench.run("28 00 00 00 00 00 00 00 01 00", 512).sense()).isEqualTo("2/0402");
        assertThat(bench.run("1b 01 00 00 01 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("00 00 00 00 00 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("1b 00 00 00 02 00").sense()).isEqualTo("5/2400 @4.1");
        assertThat(bench.run("1e 00 00 00 01 00").status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(bench.run("1e 00 00 00 03 00").sense()).isEqualTo("5/2400 @4.1");
        assertThat(bench.run("4d 00 40 00 00 00 00 00 ff 00", 255).hex())
                .isEqualTo("00 00 00 02 00 2f");
        assertThat(bench.run("4d 00 6f 00 00 00 00 00 ff 00", 255).hex())
                .isEqualTo("2f 00 00 08 00 00 03 04 00 00 00 00");
        assertThat(bench.run("4d 00 41 00 00 00 00 00 ff 00", 255).sense())
                .isEqualTo("5/2400 @2.5");
        assertThat(bench.run("a3 0d 00 00 00 00 00 00 00 10 00 00", 16).hex())
                .isEqualTo("08 00 00 00");
    }

    @Test
    void answersForNumbersThatNoUnitHas() {
        final ScsiTask task = bench.target.takeForNoUnit();
        assertThat(task).isNotNull();
        if (task != null) {
            task.cdb().inquiry(36);
            assertThat(ScsiTarget.isForNoUnit(task)).isTrue();
            task.cdb().testUnitReady();
            assertThat(ScsiTarget.isForNoUnit(task)).isFalse();
            task.release();
        }
    }
}
