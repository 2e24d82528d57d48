package io.ringside.storvsc.protocol.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CdbTest {
    private static final WireFacts FACTS = WireFacts.load("scsi");

    @Test
    void buildsReadsAndWritesAsLinuxDoes() {
        int checked = 0;
        for (final Map<String, Object> vector : FACTS.vectors("vectors")) {
            final Object op = vector.get("op");
            if (!"RW(10)".equals(op) && !"RW(16)".equals(op)) {
                continue;
            }
            final long lba = ((Number) Objects.requireNonNull(vector.get("lba"))).longValue();
            final int blocks = WireFacts.number(vector, "blocks");
            final int flags = WireFacts.number(vector, "flagsByte");
            final Cdb cdb = new Cdb();
            if (Boolean.TRUE.equals(vector.get("write"))) {
                cdb.write(lba, blocks, flags);
            } else {
                cdb.read(lba, blocks, flags);
            }
            assertThat(hex(cdb)).as("%s", vector).isEqualTo(vector.get("cdb"));
            checked++;
        }
        assertThat(checked).isEqualTo(8);
    }

    @Test
    void buildsUnmapAsLinuxDoes() {
        for (final Map<String, Object> vector : FACTS.vectors("vectors")) {
            if ("UNMAP".equals(vector.get("op"))) {
                final String list = (String) Objects.requireNonNull(vector.get("parameterList"));
                assertThat(hex(new Cdb().unmap(list.length() / 2))).isEqualTo(vector.get("cdb"));
            }
        }
    }

    @Test
    void goesFromTenToSixteenBytesWhereTheRangeNeedsIt() {
        assertThat(hex(new Cdb().read(0xffff_ffffL, 0xffff, 0))).isEqualTo("2800ffffffff00ffff00");
        assertThat(hex(new Cdb().read(0x1_0000_0000L, 1, 0)))
                .isEqualTo("88000000000100000000000000010000");
        assertThat(hex(new Cdb().write(0, 0x1_0000, 0)))
                .isEqualTo("8a000000000000000000000100000000");
    }

    @Test
    void buildsWhatAProbeAsks() {
        assertThat(hex(new Cdb().inquiry(36))).isEqualTo("120000002400");
        assertThat(hex(new Cdb().vitalProductData(0xb0, 64))).isEqualTo("1201b0004000");
        assertThat(hex(new Cdb().testUnitReady())).isEqualTo("000000000000");
        assertThat(hex(new Cdb().readCapacity10())).isEqualTo("25000000000000000000");
        assertThat(hex(new Cdb().readCapacity16(32))).isEqualTo("9e100000000000000000000000200000");
        assertThat(hex(new Cdb().modeSense6(0x3f, 4))).isEqualTo("1a003f000400");
        assertThat(hex(new Cdb().reportLuns(4096))).isEqualTo("a00000000000000010000000");
        assertThat(hex(new Cdb().synchronizeCache())).isEqualTo("35000000000000000000");
    }

    @Test
    void clearsWhatLiesBehindACommandThatWasCopiedIn() {
        final Cdb cdb = new Cdb();
        cdb.buffer().setMemory(0, Cdb.MAX_BYTES, (byte) 0xff);

        cdb.length(6);

        assertThat(HexFormat.of().formatHex(cdb.buffer().byteArray()))
                .isEqualTo("ff".repeat(6) + "00".repeat(10));
        assertThat(cdb.length()).isEqualTo(6);
    }

    @Test
    void numbersCommandsAsScsiProtoH() {
        assertThat(ScsiOpcode.READ_10).isEqualTo((int) FACTS.constant("READ_10"));
        assertThat(ScsiOpcode.WRITE_SAME_16).isEqualTo((int) FACTS.constant("WRITE_SAME_16"));
        assertThat(ScsiOpcode.COMPARE_AND_WRITE)
                .isEqualTo((int) FACTS.constant("COMPARE_AND_WRITE"));
        assertThat(ScsiOpcode.REPORT_LUNS).isEqualTo((int) FACTS.constant("REPORT_LUNS"));
        assertThat(ScsiOpcode.START_STOP_UNIT).isEqualTo((int) FACTS.constant("START_STOP"));
        assertThat(ScsiOpcode.UNMAP).isEqualTo((int) FACTS.constant("UNMAP"));
        assertThat(ScsiOpcode.PERSISTENT_RESERVE_OUT)
                .isEqualTo((int) FACTS.constant("PERSISTENT_RESERVE_OUT"));
        assertThat(ScsiStatus.TASK_SET_FULL)
                .isEqualTo((int) FACTS.constant("SAM_STAT_TASK_SET_FULL"));
        assertThat(ScsiStatus.RESERVATION_CONFLICT)
                .isEqualTo((int) FACTS.constant("SAM_STAT_RESERVATION_CONFLICT"));
        assertThat(SenseKey.MISCOMPARE).isEqualTo((int) FACTS.constant("MISCOMPARE"));
    }

    private static String hex(final Cdb cdb) {
        return HexFormat.of().formatHex(cdb.buffer().byteArray(), 0, cdb.length());
    }
}
