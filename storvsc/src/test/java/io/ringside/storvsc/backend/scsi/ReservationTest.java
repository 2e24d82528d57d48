package io.ringside.storvsc.backend.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two controllers that share a unit, and who of them may do what. */
final class ReservationTest {
    private static final String TUR = "00 00 00 00 00 00";
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";
    private static final int CONFLICT = ScsiStatus.RESERVATION_CONFLICT;
    private final UnitBench bench = UnitBench.disk(64);
    private final Nexus ours = bench.nexus();
    private Nexus theirs = ours;
    private ScsiTarget other = bench.target;

    @BeforeEach
    void attach() {
        other = new ScsiTarget(bench.memory, ours.owner());
        other.add(0, bench.unit);
        final Nexus nexus = other.nexus(0);
        if (nexus != null) {
            theirs = nexus;
        }
        assertThat(theirs).isNotSameAs(ours);
        settle(theirs);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void settle(final Nexus nexus) {
        while (nexus.hasAttention()) {
            nexus.takeAttention();
        }
    }

    private int run(final Nexus nexus, final String cdb) {
        final boolean reads = cdb.startsWith("28") || cdb.startsWith("5e");
        return bench.run(
                        nexus,
                        cdb,
                        reads ? DataDirection.TO_GUEST : DataDirection.TO_UNIT,
                        0,
                        new byte[512])
                .status();
    }

    private UnitBench.Outcome out(
            final Nexus nexus, final int action, final int type, final long key, final long next) {
        return bench.run(
                nexus,
                "5f %02x %02x 00 00 00 00 00 18 00".formatted(action, type),
                DataDirection.TO_UNIT,
                0,
                ByteBuffer.allocate(24).putLong(key).putLong(next).array());
    }

    private String in(final int action) {
        return bench.run(
                        ours,
                        "5e %02x 00 00 00 00 00 01 00 00".formatted(action),
                        DataDirection.TO_GUEST,
                        0,
                        new byte[256])
                .hex();
    }

    @Test
    void keepsOthersOutByTheOldReservation() {
        assertThat(run(ours, "16 00 00 00 00 00")).isEqualTo(ScsiStatus.GOOD);
        assertThat(run(theirs, READ)).isEqualTo(CONFLICT);
        assertThat(run(theirs, WRITE)).isEqualTo(CONFLICT);
        assertThat(run(theirs, "56 00 00 00 00 00 00 00 00 00")).isEqualTo(CONFLICT);
        assertThat(run(theirs, "12 00 00 00 24 00")).isEqualTo(ScsiStatus.GOOD);
        assertThat(run(theirs, "17 00 00 00 00 00")).isEqualTo(ScsiStatus.GOOD);
        assertThat(run(theirs, READ)).isEqualTo(CONFLICT);
        assertThat(run(ours, WRITE)).isEqualTo(ScsiStatus.GOOD);
        assertThat(run(ours, "57 00 00 00 00 00 00 00 00 00")).isEqualTo(ScsiStatus.GOOD);
        assertThat(run(theirs, READ)).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void endsTheOldReservationWithAReset() {
        run(ours, "16 00 00 00 00 00");
        bench.unit.reset();
        settle(ours);
        settle(theirs);
        assertThat(run(theirs, WRITE)).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void allowsByTypeWhatSpcAllows() {
        final int[][] table = {
            // type, reading and writing of one who is not registered, and of one who is
            {1, 0, 1, 0, 1},
            {3, 1, 1, 1, 1},
            {5, 0, 1, 0, 0},
            {6, 1, 1, 0, 0},
            {7, 0, 1, 0, 0},
            {8, 1, 1, 0, 0},
        };
        for (final int[] row : table) {
            assertThat(out(ours, 0, 0, 0, 0x11).status()).isEqualTo(ScsiStatus.GOOD);
            assertThat(out(ours, 1, row[0], 0x11, 0).status()).isEqualTo(ScsiStatus.GOOD);
            assertThat(run(theirs, READ)).as("type %d", row[0]).isEqualTo(row[1] * CONFLICT);
            assertThat(run(theirs, WRITE)).as("type %d", row[0]).isEqualTo(row[2] * CONFLICT);
            assertThat(run(theirs, TUR)).isEqualTo(ScsiStatus.GOOD);
            out(theirs, 0, 0, 0, 0x22);
            assertThat(run(theirs, READ)).as("type %d", row[0]).isEqualTo(row[3] * CONFLICT);
            assertThat(run(theirs, WRITE)).as("type %d", row[0]).isEqualTo(row[4] * CONFLICT);
            assertThat(run(ours, WRITE)).isEqualTo(ScsiStatus.GOOD);
            assertThat(out(ours, 3, 0, 0x11, 0).status()).isEqualTo(ScsiStatus.GOOD);
            assertThat(bench.run(theirs, TUR, DataDirection.NONE, 0, new byte[0]).sense())
                    .isEqualTo("6/2a03");
        }
    }

    @Test
    void takesOnlyTheRightKeys() {
        assertThat(out(ours, 0, 0, 0x99, 0x11).status()).isEqualTo(CONFLICT);
        assertThat(out(ours, 1, 1, 0x11, 0).status()).isEqualTo(CONFLICT);
        assertThat(out(ours, 0, 0, 0, 0x11).status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(out(ours, 0, 0, 0x10, 0x12).status()).isEqualTo(CONFLICT);
        assertThat(out(ours, 6, 0, 0x10, 0x12).status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(out(ours, 1, 2, 0x12, 0).sense()).isEqualTo("5/2400 @2.3");
        assertThat(out(ours, 1, 0x11, 0x12, 0).sense()).isEqualTo("5/2400 @2.7");
        assertThat(out(ours, 1, 1, 0x12, 0).status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(out(ours, 2, 3, 0x12, 0).sense()).isEqualTo("5/2604");
        assertThat(run(ours, "16 00 00 00 00 00")).isEqualTo(CONFLICT);
        assertThat(
                        bench.run(
                                        ours,
                                        "5f 00 00 00 00 00 00 00 17 00",
                                        DataDirection.TO_UNIT,
                                        0,
                                        new byte[24])
                                .sense())
                .isEqualTo("5/1a00");
        final byte[] persists = new byte[24];
        persists[20] = 1;
        assertThat(
                        bench.run(
                                        ours,
                                        "5f 00 00 00 00 00 00 00 18 00",
                                        DataDirection.TO_UNIT,
                                        0,
                                        persists)
                                .sense())
                .isEqualTo("5/2600 @20.0");
    }

    @Test
    void tellsKeysReservationAndHolders() {
        assertThat(in(0)).isEqualTo("00 00 00 00 00 00 00 00");
        out(ours, 0, 0, 0, 0x11);
        out(theirs, 0, 0, 0, 0x22);
        out(theirs, 1, 5, 0x22, 0);
        assertThat(in(0))
                .isEqualTo(
                        "00 00 00 02 00 00 00 10 00 00 00 00 00 00 00 11 00 00 00 00 00 00 00 22");
        assertThat(in(1))
                .isEqualTo(
                        "00 00 00 02 00 00 00 10 00 00 00 00 00 00 00 22 00 00 00 00 00 05 00 00");
        assertThat(in(2)).isEqualTo("00 08 00 80 ea 01 00 00");
        assertThat(in(3)).hasSize((8 + 2 * 48) * 3 - 1);
    }

    @Test
    void preemptsAKeyAndWhatItHolds() {
        out(ours, 0, 0, 0, 0x11);
        out(theirs, 0, 0, 0, 0x22);
        out(theirs, 1, 3, 0x22, 0);
        assertThat(run(ours, READ)).isEqualTo(CONFLICT);
        assertThat(out(ours, 4, 3, 0x11, 0x33).status()).isEqualTo(CONFLICT);
        assertThat(out(ours, 4, 3, 0x11, 0).sense()).isEqualTo("5/2600 @8.8");
        assertThat(out(ours, 4, 1, 0x11, 0x22).status()).isEqualTo(ScsiStatus.GOOD);
        assertThat(in(1)).endsWith("11 00 00 00 00 00 01 00 00");
        assertThat(bench.run(theirs, TUR, DataDirection.NONE, 0, new byte[0]).sense())
                .isEqualTo("6/2a05");
        assertThat(run(theirs, WRITE)).isEqualTo(CONFLICT);
        assertThat(run(theirs, READ)).isEqualTo(ScsiStatus.GOOD);
    }

    @Test
    void letsAReservationGoWithItsOnlyHolder() {
        out(ours, 0, 0, 0, 0x11);
        out(ours, 1, 5, 0x11, 0);
        out(theirs, 0, 0, 0, 0x22);
        out(ours, 0, 0, 0x11, 0);
        assertThat(bench.run(theirs, TUR, DataDirection.NONE, 0, new byte[0]).sense())
                .isEqualTo("6/2a04");
        out(theirs, 1, 8, 0x22, 0);
        assertThat(run(ours, READ)).isEqualTo(CONFLICT);
        assertThat(other.remove(0)).isTrue();
        settle(ours);
        assertThat(run(ours, READ)).isEqualTo(ScsiStatus.GOOD);
    }
}
