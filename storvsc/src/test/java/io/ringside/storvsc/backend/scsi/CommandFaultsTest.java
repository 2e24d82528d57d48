package io.ringside.storvsc.backend.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.Access;
import io.ringside.device.media.RamStore;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What each command of a disk says to each thing that can be wrong around it. */
final class CommandFaultsTest {
    private static final int SECTORS = 4096;
    private static final String STOP = "1b 00 00 00 00 00";

    /**
     * A command that is sound, with the data that it needs ({@code <} for the guest, {@code >} for
     * the unit), then what becomes of it on a unit that is well; with its first block behind the
     * last; with a byte of room less than it needs; on a medium that cannot be written; and on a
     * unit that is stopped.
     *
     * <p>{@code G} good, {@code M} condition met, {@code C} reservation conflict, key/code, {@code
     * !} too little room, {@code -} cannot be asked.
     */
    private static final String TABLE =
            """
            000000000000                     =0    G -      -            G      2/0402
            030000001200                     <18   G -      G!           G      G
            080000000100                     <512  G 5/2100 5/2400@4.8!  G      2/0402
            0a0000000100                     >512  G 5/2100 5/2400@4.8!  7/2700 2/0402
            120000002400                     <36   G -      G!           G      G
            151000000400                     >4    G -      5/2400@4.8!  G      G
            160000000000                     =0    G -      -            G      G
            170000000000                     =0    G -      -            G      G
            1a0008002000                     <32   G -      G!           G      G
            1b0000000100                     =0    G -      -            G      G
            1d0400000000                     =0    G -      -            G      G
            1e0000000100                     =0    G -      -            G      G
            25000000000000000000             <8    G -      G!           G      2/0402
            28000000000000000100             <512  G 5/2100 5/2400@7.8!  G      2/0402
            2a000000000000000100             >512  G 5/2100 5/2400@7.8!  7/2700 2/0402
            2e000000000000000100             >512  G 5/2100 5/2400@7.8!  7/2700 2/0402
            2f020000000000000100             >512  G 5/2100 5/2400@7.8!  G      2/0402
            34000000000000000100             =0    M 5/2100 -            M      2/0402
            35000000000000000100             =0    G 5/2100 -            G      2/0402
            37000800000000000400             <4    G -      G!           G      2/0402
            41000000000000000100             >512  G 5/2100 5/2400@7.8!  7/2700 2/0402
            42000000000000001800             >24   G -      5/2400@7.8!  7/2700 2/0402
            4d000000000000000600             <6    G -      G!           G      G
            55100000000000000800             >8    G -      5/2400@7.8!  G      G
            56000000000000000000             =0    G -      -            G      G
            57000000000000000000             =0    G -      -            G      G
            5a000800000000002400             <36   G -      G!           G      G
            5e000000000000000800             <8    G -      G!           G      G
            5e010000000000000800             <8    G -      G!           G      G
            5e020000000000000800             <8    G -      G!           G      G
            5e030000000000000800             <8    G -      G!           G      G
            5f000000000000001800             >24   G -      5/2400@5.8!  G      G
            5f010100000000001800             >24   C -      5/2400@5.8!  C      C
            5f020100000000001800             >24   C -      5/2400@5.8!  C      C
            5f030000000000001800             >24   C -      5/2400@5.8!  C      C
            5f040100000000001800             >24   C -      5/2400@5.8!  C      C
            5f050100000000001800             >24   C -      5/2400@5.8!  C      C
            5f060000000000001800             >24   G -      5/2400@5.8!  G      G
            88000000000000000000000000010000 <512  G 5/2100 5/2400@10.8! G      2/0402
            89000000000000000000000000010000 >1024 G 5/2100 5/2400@13.8! 7/2700 2/0402
            8a000000000000000000000000010000 >512  G 5/2100 5/2400@10.8! 7/2700 2/0402
            8e000000000000000000000000010000 >512  G 5/2100 5/2400@10.8! 7/2700 2/0402
            8f020000000000000000000000010000 >512  G 5/2100 5/2400@10.8! G      2/0402
            90000000000000000000000000010000 =0    M 5/2100 -            M      2/0402
            91000000000000000000000000010000 =0    G 5/2100 -            G      2/0402
            93000000000000000000000000010000 >512  G 5/2100 5/2400@10.8! 7/2700 2/0402
            9e100000000000000000000000200000 <32   G -      G!           G      2/0402
            a00000000000000000100000         <16   G -      G!           G      G
            a30c01280000000000100000         <14   G -      G!           G      G
            a30d00000000000000040000         <4    G -      G!           G      G
            a80000000000000000010000         <512  G 5/2100 5/2400@6.8!  G      2/0402
            aa0000000000000000010000         >512  G 5/2100 5/2400@6.8!  7/2700 2/0402
            ae0000000000000000010000         >512  G 5/2100 5/2400@6.8!  7/2700 2/0402
            af0200000000000000010000         >512  G 5/2100 5/2400@6.8!  G      2/0402
            b70800000000000000080000         <8    G -      G!           G      2/0402
            """;

    @Test
    void tellsWhatIsWrongAroundEveryCommand() throws IOException {
        final List<ScsiCommand> seen = new ArrayList<>();
        for (final String[] cells : rows()) {
            assertThat(cells).hasSize(7);
            seen.add(check(cells));
        }
        final List<ScsiCommand> all = new ArrayList<>(List.of(ScsiCommand.values()));
        all.removeIf(command -> !command.isOf(true));
        assertThat(seen).isEqualTo(all);
    }

    /** A transport may say that a command has 16 bytes whatever it is: the opcode knows better. */
    @Test
    void takesTheLengthOfACommandFromItsOpcode() {
        for (final String[] cells : rows()) {
            final byte[] known = HexFormat.of().parseHex(cells[0]);
            final byte[] cdb = Arrays.copyOf(known, 16);
            Arrays.fill(cdb, known.length, cdb.length, (byte) 0xff);
            try (UnitBench bench = UnitBench.disk(SECTORS)) {
                assertThat(outcome(bench, cdb, cells[1], 0)).as(cells[0]).isEqualTo(cells[2]);
            }
        }
    }

    private static List<String[]> rows() {
        final List<String[]> rows = new ArrayList<>();
        for (final String row : TABLE.split("\n", -1)) {
            if (!row.isBlank()) {
                rows.add(row.trim().split(" +", -1));
            }
        }
        return rows;
    }

    private static ScsiCommand check(final String[] cells) throws IOException {
        final byte[] cdb = HexFormat.of().parseHex(cells[0]);
        final ScsiCommand what =
                Objects.requireNonNull(
                        ScsiCommand.find(cdb[0] & 0xff, cdb[1] & ScsiCommand.ACTION_MASK, true));
        try (UnitBench bench = UnitBench.disk(SECTORS)) {
            assertThat(outcome(bench, cdb, cells[1], 0)).as("%s", what).isEqualTo(cells[2]);
        }
        try (UnitBench bench = UnitBench.disk(SECTORS)) {
            final byte[] far = behindTheLast(cdb);
            assertThat(cells[3].equals("-") ? "-" : outcome(bench, far, cells[1], 0))
                    .as("%s behind the last block", what)
                    .isEqualTo(cells[3]);
        }
        try (UnitBench bench = UnitBench.disk(SECTORS)) {
            assertThat(cells[4].equals("-") ? "-" : outcome(bench, cdb, cells[1], 1))
                    .as("%s with too little room", what)
                    .isEqualTo(cells[4]);
        }
        try (UnitBench bench = readOnly()) {
            assertThat(outcome(bench, cdb, cells[1], 0))
                    .as("%s on a medium that cannot be written", what)
                    .isEqualTo(cells[5]);
        }
        try (UnitBench bench = UnitBench.disk(SECTORS)) {
            bench.run(STOP);
            assertThat(outcome(bench, cdb, cells[1], 0))
                    .as("%s while stopped", what)
                    .isEqualTo(cells[6]);
        }
        return what;
    }

    private static UnitBench readOnly() throws IOException {
        final UnitBench bench =
                new UnitBench(
                        UnitIdentity.disk("ro", 3),
                        RamStore.loadedFrom(
                                new ByteArrayInputStream(new byte[SECTORS * 512]),
                                SECTORS,
                                Access.READ_ONLY));
        bench.settle();
        return bench;
    }

    private static byte[] behindTheLast(final byte[] cdb) {
        final byte[] far = cdb.clone();
        final int low =
                switch (cdb.length) {
                    case 6 -> 3;
                    case 10, 12 -> 5;
                    default -> 9;
                };
        far[low - 1] = SECTORS >> 8;
        far[low] = 0;
        return far;
    }

    private static String outcome(
            final UnitBench bench, final byte[] cdb, final String data, final int missing) {
        final int needed = Integer.parseInt(data.substring(1));
        final int direction =
                switch (data.charAt(0)) {
                    case '<' -> DataDirection.TO_GUEST;
                    case '>' -> DataDirection.TO_UNIT;
                    default -> DataDirection.NONE;
                };
        final UnitBench.Outcome outcome =
                bench.run(
                        bench.nexus(),
                        HexFormat.ofDelimiter(" ").formatHex(cdb),
                        direction,
                        0,
                        new byte[needed - missing]);
        final String tooLittle = outcome.task().isOverrun() ? "!" : "";
        return switch (outcome.status()) {
            case ScsiStatus.GOOD -> "G" + tooLittle;
            case ScsiStatus.CONDITION_MET -> "M";
            case ScsiStatus.RESERVATION_CONFLICT -> "C";
            default -> outcome.sense().replace(" ", "") + tooLittle;
        };
    }
}
