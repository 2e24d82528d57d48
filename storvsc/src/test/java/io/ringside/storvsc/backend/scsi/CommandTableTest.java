package io.ringside.storvsc.backend.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.scsi.ScsiOpcode;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Every command of the table, with what is wrong in its bytes. */
final class CommandTableTest {
    @Test
    void servesMoreThanThirtySixCommandsOnADisk() {
        int disk = 0;
        int disc = 0;
        for (final ScsiCommand command : ScsiCommand.values()) {
            disk += command.isOf(true) ? 1 : 0;
            disc += command.isOf(false) ? 1 : 0;
        }
        assertThat(disk).isEqualTo(55);
        assertThat(disc).isEqualTo(21);
    }

    @Test
    void knowsCommandsByTheLengthThatTheirOpcodeGives() {
        for (final ScsiCommand command : ScsiCommand.values()) {
            final int expected =
                    switch (command.opcode() >> 5) {
                        case 0 -> 6;
                        case 1, 2 -> 10;
                        case 4 -> 16;
                        default -> 12;
                    };
            assertThat(command.cdbBytes()).as("%s", command).isEqualTo(expected);
            assertThat(command.usage(0) & 0xff).isEqualTo(command.opcode());
        }
    }

    @Test
    void pointsAtEveryBitThatMustNotBeSet() {
        int refused = 0;
        try (UnitBench bench = UnitBench.disk(4096)) {
            for (final ScsiCommand command : ScsiCommand.values()) {
                for (int at = 1; command.isOf(true) && at < command.cdbBytes(); at++) {
                    for (int bit = 0; bit < 8; bit++) {
                        refused += strayBit(bench, command, at, bit);
                    }
                }
            }
        }
        assertThat(refused).isEqualTo(1816);
    }

    private static int strayBit(
            final UnitBench bench, final ScsiCommand command, final int at, final int bit) {
        final boolean isAction =
                at == 1 && bit < 5 && ScsiOpcode.hasServiceActions(command.opcode());
        if (isAction || (command.usage(at) & 1 << bit) != 0) {
            return 0;
        }
        final byte[] cdb = new byte[command.cdbBytes()];
        cdb[0] = (byte) command.opcode();
        cdb[1] = (byte) command.serviceAction();
        cdb[at] |= (byte) (1 << bit);
        final UnitBench.Outcome outcome = bench.run(HexFormat.ofDelimiter(" ").formatHex(cdb));
        assertThat(outcome.status()).as("%s", command).isEqualTo(ScsiStatus.CHECK_CONDITION);
        assertThat(outcome.sense())
                .as("%s byte %d bit %d", command, at, bit)
                .isEqualTo("5/2400 @" + at + "." + bit);
        return 1;
    }

    @Test
    void refusesEveryOpcodeThatIsInNoRow() {
        try (UnitBench bench = UnitBench.disk(64)) {
            int unknown = 0;
            for (int opcode = 0; opcode < 256; opcode++) {
                if (!ScsiCommand.knows(opcode, true)) {
                    final String cdb = "%02x".formatted(opcode) + " 00".repeat(15);
                    assertThat(bench.run(cdb).sense()).as(cdb).isEqualTo("5/2000");
                    unknown++;
                }
            }
            assertThat(unknown).isEqualTo(256 - 45);
        }
    }

    @Test
    void pointsAtAServiceActionThatIsInNoRow() {
        try (UnitBench bench = UnitBench.disk(64)) {
            assertThat(bench.run("5e 04 00 00 00 00 00 00 08 00").sense()).isEqualTo("5/2400 @1.4");
            assertThat(bench.run("5f 07 00 00 00 00 00 00 18 00").sense()).isEqualTo("5/2400 @1.4");
            assertThat(bench.run("9e 11" + " 00".repeat(14)).sense()).isEqualTo("5/2400 @1.4");
            assertThat(bench.run("a3 05" + " 00".repeat(10)).sense()).isEqualTo("5/2400 @1.4");
        }
    }

    @Test
    void refusesACommandThatIsCutShort() {
        try (UnitBench bench = UnitBench.disk(64)) {
            for (final ScsiCommand command : ScsiCommand.values()) {
                if (!command.isOf(true)) {
                    continue;
                }
                final byte[] cdb = new byte[command.cdbBytes() - 1];
                cdb[0] = (byte) command.opcode();
                cdb[1] = (byte) command.serviceAction();
                final UnitBench.Outcome outcome =
                        bench.run(HexFormat.ofDelimiter(" ").formatHex(cdb));
                assertThat(outcome.task().isMalformed()).as("%s", command).isTrue();
            }
        }
    }

    @Test
    void tellsOfItselfWhatItAccepts() {
        try (UnitBench bench = UnitBench.disk(64)) {
            final byte[] all = bench.run("a3 0c 00 00 00 00 00 00 10 00 00 00", 4096).data();
            assertThat(all).hasSize(4 + 55 * 8);
            final String one = bench.run("a3 0c 01 28 00 00 00 00 10 00 00 00", 4096).hex();
            assertThat(one).isEqualTo("00 03 00 0a 28 18 ff ff ff ff 1f ff ff 00");
            final String action = bench.run("a3 0c 02 9e 00 10 00 00 10 00 00 00", 4096).hex();
            assertThat(action).startsWith("00 03 00 10 9e 10 00");
            assertThat(bench.run("a3 0c 01 05 00 00 00 00 10 00 00 00", 64).hex())
                    .isEqualTo("00 01 00 00");
            assertThat(bench.run("a3 0c 01 9e 00 00 00 00 10 00 00 00", 64).sense())
                    .isEqualTo("5/2400 @2.2");
            assertThat(bench.run("a3 0c 02 28 00 00 00 00 10 00 00 00", 64).sense())
                    .isEqualTo("5/2400 @4.8");
            assertThat(bench.run("a3 0c 83 28 00 00 00 00 10 00 00 00", 64).hex())
                    .isEqualTo(
                            "00 83 00 0a 28 18 ff ff ff ff 1f ff ff 00"
                                    + " 00 0a 00 00 00 00 00 00 00 00 00 00");
        }
    }

    @Test
    void hasNoUnmapWhereRangesCannotBeForgotten() {
        final UnitIdentity thick = new UnitIdentity(true, "thick", 7, 512, false);
        try (UnitBench bench = new UnitBench(thick, RamStore.zeroed(64))) {
            bench.settle();
            assertThat(bench.run("42 00 00 00 00 00 00 00 18 00", new byte[24]).sense())
                    .isEqualTo("5/2000");
            assertThat(bench.run("a3 0c 01 42 00 00 00 00 10 00 00 00", 64).hex())
                    .isEqualTo("00 01 00 00");
            assertThat(bench.run("93 08" + " 00".repeat(11) + " 01 00 00", new byte[512]).sense())
                    .isEqualTo("5/2400 @1.3");
        }
    }

    @Test
    void givesOneInitiatorSixtyFourCommandsAndNoMore() {
        try (UnitBench bench = UnitBench.disk(64)) {
            for (int i = 0; i < Nexus.DEPTH; i++) {
                bench.start(
                        bench.nexus(),
                        "28 00 00 00 00 00 00 00 01 00",
                        DataDirection.TO_GUEST,
                        0,
                        new byte[512]);
            }
            assertThat(bench.nexus().take()).isNull();
        }
    }
}
