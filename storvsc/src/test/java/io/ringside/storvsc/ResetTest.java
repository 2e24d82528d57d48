package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.storvsc.backend.StorvspRefusal;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that resets a unit, the adapter or the bus while commands are with the units. */
final class ResetTest {
    private static final int[][] UNITS = {{0, 0}, {0, 1}, {1, 0}};
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String IS_READY = "00 00 00 00 00 00";

    private final StorBench bench = StorBench.usual();
    private final RamStore store = RamStore.zeroed(64);
    private final HeldStore[] held = new HeldStore[UNITS.length];
    private final RawGuest guest = new RawGuest(bench);

    @BeforeEach
    void begin() {
        for (int i = 0; i < UNITS.length; i++) {
            held[i] = new HeldStore(store);
            bench.host.add(UNITS[i][0], UNITS[i][1], bench.disk("unit-" + i, held[i]));
        }
        guest.ready();
        for (int i = 0; i < UNITS.length; i++) {
            while (attention(i) != 0) {
                // What a new unit has to tell.
            }
        }
    }

    @AfterEach
    void close() {
        assertThat(bench.host.inFlight()).isZero();
        store.close();
        bench.close();
    }

    private void sendRead(final int unit) {
        guest.command(UNITS[unit][0], UNITS[unit][1], READ, DataDirection.TO_GUEST, 512);
        guest.sendRanges(VstorPacket.BYTES, new long[] {512, 0, 50 + unit});
        assertThat(held[unit].heldCount()).isEqualTo(1);
    }

    /** What a unit has to say before it does anything; 0 for nothing. */
    private int attention(final int unit) {
        guest.command(UNITS[unit][0], UNITS[unit][1], IS_READY, DataDirection.NONE, 0);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        final ScsiRequest answer = guest.answered();
        if (answer.scsiStatus() == ScsiStatus.GOOD) {
            return 0;
        }
        final int sense = VstorPacket.HEADER_BYTES + 16;
        assertThat(guest.answer.getByte(sense + 2)).as("unit attention").isEqualTo((byte) 6);
        return (guest.answer.getByte(sense + 12) & 0xff) << 8 | guest.answer.getByte(sense + 13);
    }

    private int reset(final int operation, final int target, final int lun) {
        guest.command(target, lun, IS_READY, DataDirection.NONE, 0);
        guest.vstor.putHeader(operation, VstorPacket.REQUEST_COMPLETION, 0);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        return Objects.requireNonNull(guest.next(), "no answer").status();
    }

    @Test
    void resetsOneUnitAndNoOther() {
        for (int i = 0; i < UNITS.length; i++) {
            sendRead(i);
        }
        assertThat(reset(VstorOperation.RESET_LUN, 0, 1)).isZero();
        assertThat(bench.host.counters().resets()).isEqualTo(1);
        assertThat(guest.next()).as("the store has the command still").isNull();
        for (int i = 0; i < UNITS.length; i++) {
            held[i].let(1);
            bench.idle();
            assertThat(guest.answered().srbStatus())
                    .as("unit %d", i)
                    .isEqualTo(i == 1 ? SrbStatus.ABORTED : SrbStatus.SUCCESS);
        }
        assertThat(attention(0)).isZero();
        assertThat(attention(1)).isEqualTo(AdditionalSense.UNIT_RESET);
        assertThat(attention(1)).isZero();
        assertThat(attention(2)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {VstorOperation.RESET_ADAPTER, VstorOperation.RESET_BUS})
    void resetsEveryUnitOfEveryTarget(final int operation) {
        for (int i = 0; i < UNITS.length; i++) {
            sendRead(i);
        }
        assertThat(reset(operation, 0, 0)).isZero();
        for (int i = 0; i < UNITS.length; i++) {
            held[i].let(1);
            bench.idle();
            assertThat(guest.answered().srbStatus()).as("unit %d", i).isEqualTo(SrbStatus.ABORTED);
            assertThat(attention(i)).as("unit %d", i).isEqualTo(AdditionalSense.BUS_RESET);
            assertThat(attention(i)).as("unit %d", i).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 1", "2, 0", "255, 255"})
    void resetsNoUnitThatIsNotThere(final int target, final int lun) {
        assertThat(reset(VstorOperation.RESET_LUN, target, lun))
                .isEqualTo(NtStatus.INVALID_PARAMETER);
        assertThat(bench.host.counters().refusals(StorvspRefusal.UNIT)).isEqualTo(1);
        assertThat(bench.host.counters().resets()).isZero();
        assertThat(attention(0)).isZero();
    }

    @Test
    void resetsNothingByAMessageThatIsCutShort() {
        guest.command(0, 0, IS_READY, DataDirection.NONE, 0);
        guest.vstor.putHeader(VstorOperation.RESET_LUN, VstorPacket.REQUEST_COMPLETION, 0);
        guest.send(PacketType.IN_BAND, VstorPacket.SHORT_BYTES);
        assertThat(Objects.requireNonNull(guest.next(), "no answer").status())
                .isEqualTo(NtStatus.INVALID_PARAMETER);
        assertThat(bench.host.counters().refusals(StorvspRefusal.PACKET_LENGTH)).isEqualTo(1);
        assertThat(attention(0)).isZero();
    }

    /** Row 34: a reset among the resets, with commands that have not ended. */
    @Test
    void bearsResetsUponResets() {
        sendRead(0);
        for (int i = 0; i < 100; i++) {
            assertThat(reset(VstorOperation.RESET_LUN + i % 3, 0, 0)).isZero();
        }
        held[0].let(1);
        bench.idle();
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.ABORTED);
        assertThat(guest.next()).as("it ends once").isNull();
        assertThat(attention(0)).isPositive();
        sendReadAgain();
    }

    private void sendReadAgain() {
        while (attention(0) != 0) {
            // All that the resets left.
        }
        held[0].let(1);
        guest.command(0, 0, READ, DataDirection.TO_GUEST, 512);
        guest.sendRanges(VstorPacket.BYTES, new long[] {512, 0, 50});
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.SUCCESS);
    }
}
