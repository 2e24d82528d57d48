package io.ringside.emulated.tulip.backend;

import static io.ringside.emulated.tulip.backend.TulipRig.RECEIVE;
import static io.ringside.emulated.tulip.backend.TulipRig.TRANSMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.nic.NicMachine;
import io.ringside.emulated.tulip.TulipKind;
import io.ringside.emulated.tulip.protocol.SerialPins;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.emulated.tulip.protocol.TulipRegisters;
import org.junit.jupiter.api.Test;

class TulipRegistersTest {
    private static final int UNIT_NANOS = 81_920;

    private final TulipRig rig = new TulipRig();

    @Test
    void isStoppedAndMaskedAfterAReset() {
        rig.write(TulipRegisters.INTERRUPT_MASK, -1);
        rig.write(TulipRegisters.TIMER, 5);
        rig.write(TulipRegisters.WATCHDOG, 1);
        rig.receiveRing(1, 64);
        rig.on();
        rig.write(TulipRegisters.BUS_MODE, TulipBits.RESET);
        assertThat(rig.read(TulipRegisters.BUS_MODE)).isZero();
        assertThat(rig.read(TulipRegisters.TRANSMIT_POLL)).isEqualTo(-1);
        assertThat(rig.read(TulipRegisters.RECEIVE_POLL)).isEqualTo(-1);
        assertThat(rig.read(TulipRegisters.RECEIVE_LIST)).isZero();
        assertThat(rig.read(TulipRegisters.TRANSMIT_LIST)).isZero();
        assertThat(rig.read(TulipRegisters.STATUS)).isEqualTo(0xFC00_0000);
        assertThat(rig.read(TulipRegisters.MODE)).isEqualTo(0x3200_0040);
        assertThat(rig.read(TulipRegisters.INTERRUPT_MASK)).isEqualTo(0xFFFE_0000);
        assertThat(rig.read(TulipRegisters.MISSED)).isEqualTo(0xE000_0000);
        assertThat(rig.read(TulipRegisters.TIMER)).isEqualTo(0xFFFE_0000);
        assertThat(rig.read(TulipRegisters.PINS)).isEqualTo(0xFFFF_FE00);
        assertThat(rig.read(TulipRegisters.WATCHDOG)).isZero();
        assertThat(rig.machine.interrupts().isPending(TulipKind.LINE)).isFalse();
    }

    /** An unmasked bit of each kind, and one that is masked. */
    @Test
    void sumsUpWhatIsUnmasked() {
        rig.write(TulipRegisters.INTERRUPT_MASK, TulipBits.TRANSMIT_STOPPED);
        rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
        assertThat(rig.events()).isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE);
        rig.write(TulipRegisters.INTERRUPT_MASK, TulipBits.TRANSMIT_UNAVAILABLE);
        assertThat(rig.events()).isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE | TulipBits.NORMAL);
        rig.write(TulipRegisters.MODE, 0);
        assertThat(rig.events() & TulipBits.ABNORMAL).isZero();
        rig.write(TulipRegisters.INTERRUPT_MASK, TulipBits.TRANSMIT_STOPPED);
        assertThat(rig.events())
                .isEqualTo(
                        TulipBits.TRANSMIT_UNAVAILABLE
                                | TulipBits.NORMAL
                                | TulipBits.TRANSMIT_STOPPED
                                | TulipBits.ABNORMAL);
    }

    @Test
    void clearsTheBitsThatAreWrittenAndSumsTheRestUpAgain() {
        rig.write(TulipRegisters.INTERRUPT_MASK, TulipBits.TRANSMIT_UNAVAILABLE);
        rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
        rig.write(TulipRegisters.STATUS, 0);
        assertThat(rig.events()).isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE | TulipBits.NORMAL);
        rig.write(TulipRegisters.STATUS, TulipBits.NORMAL);
        assertThat(rig.events())
                .as("its cause is still there")
                .isEqualTo(TulipBits.TRANSMIT_UNAVAILABLE | TulipBits.NORMAL);
        rig.write(TulipRegisters.STATUS, TulipBits.TRANSMIT_UNAVAILABLE);
        assertThat(rig.events()).as("a bit of its own").isEqualTo(TulipBits.NORMAL);
        rig.write(TulipRegisters.STATUS, TulipBits.NORMAL);
        assertThat(rig.events()).isZero();
        final int states = rig.read(TulipRegisters.STATUS) & TulipBits.TRANSMIT_STATE_MASK;
        rig.clearEvents();
        assertThat(rig.read(TulipRegisters.STATUS) & TulipBits.TRANSMIT_STATE_MASK)
                .as("states are not cleared")
                .isEqualTo(states)
                .isNotZero();
    }

    @Test
    void drivesItsLineByTheSummariesThatAreUnmasked() {
        rig.machine.io().outb(0x21, 0);
        rig.machine.io().outb(0xA1, 0);
        rig.machine.io().outb(0x4D1, 0xDE);
        rig.write(TulipRegisters.MODE, TulipBits.TRANSMITTER_ON);
        rig.write(TulipRegisters.INTERRUPT_MASK, TulipBits.TRANSMIT_UNAVAILABLE);
        assertThat(isPending()).as("the summary is masked").isFalse();
        rig.write(
                TulipRegisters.INTERRUPT_MASK, TulipBits.TRANSMIT_UNAVAILABLE | TulipBits.ABNORMAL);
        assertThat(isPending()).isFalse();
        rig.write(TulipRegisters.INTERRUPT_MASK, TulipBits.TRANSMIT_UNAVAILABLE | TulipBits.NORMAL);
        assertThat(isPending()).isTrue();
        rig.write(TulipRegisters.INTERRUPT_MASK, 0);
        assertThat(isPending()).isFalse();
        rig.write(TulipRegisters.INTERRUPT_MASK, -1);
        assertThat(isPending()).isTrue();
        rig.clearEvents();
        assertThat(isPending()).isFalse();
    }

    private boolean isPending() {
        return rig.machine.interrupts().isPending(TulipKind.LINE);
    }

    @Test
    void interruptsForEachFrameAtOnceForThisChipHoldsNothingBack() {
        rig.receiveRing(8, 1536);
        rig.on();
        rig.write(TulipRegisters.TIMER, 0xFFFF_FFFF); // Where its successor has its moderation.
        for (int i = 0; i < 4; i++) {
            rig.clearEvents();
            rig.sendAndHear(100);
            assertThat(rig.events() & TulipBits.RECEIVED).isNotZero();
        }
    }

    @Test
    void runsItsTimerOnce() {
        rig.write(TulipRegisters.MODE, TulipBits.MII_PORT);
        rig.write(TulipRegisters.TIMER, 10);
        pass(9 * UNIT_NANOS);
        assertThat(rig.read(TulipRegisters.TIMER)).isEqualTo(0xFFFE_0001);
        assertThat(rig.events()).isZero();
        pass(UNIT_NANOS);
        assertThat(rig.events()).isEqualTo(TulipBits.TIMER_EXPIRED);
        rig.clearEvents();
        pass(100L * UNIT_NANOS);
        assertThat(rig.events()).isZero();
        assertThat(rig.read(TulipRegisters.TIMER)).isEqualTo(0xFFFE_0000);
        rig.write(TulipRegisters.TIMER, 10);
        rig.write(TulipRegisters.TIMER, 0);
        pass(100L * UNIT_NANOS);
        assertThat(rig.events()).as("no units stop it").isZero();
    }

    @Test
    void runsItsTimerOverAndOver() {
        rig.write(TulipRegisters.MODE, TulipBits.MII_PORT);
        rig.write(TulipRegisters.INTERRUPT_MASK, TulipBits.TIMER_EXPIRED);
        rig.write(TulipRegisters.TIMER, TulipBits.TIMER_CONTINUOUS | 10);
        for (int i = 0; i < 5; i++) {
            pass(9 * UNIT_NANOS);
            assertThat(rig.events()).isZero();
            pass(UNIT_NANOS);
            assertThat(rig.events()).isEqualTo(TulipBits.TIMER_EXPIRED | TulipBits.ABNORMAL);
            rig.clearEvents();
        }
        pass(1_000_003L * UNIT_NANOS);
        assertThat(rig.read(TulipRegisters.TIMER)).isEqualTo(0xFFFF_0007);
    }

    @Test
    void takesTheTimersUnitFromTheSpeedOfThePort() {
        final int[] modes = {TulipBits.MII_PORT, TulipBits.MII_PORT | TulipBits.TEN_MEGABIT, 0};
        final int[] units = {81_920, 819_200, 204_800};
        for (int i = 0; i < modes.length; i++) {
            rig.write(TulipRegisters.MODE, modes[i]);
            rig.write(TulipRegisters.TIMER, 1);
            pass(units[i] - 1);
            assertThat(rig.events()).isZero();
            pass(1);
            assertThat(rig.events()).isEqualTo(TulipBits.TIMER_EXPIRED);
            rig.clearEvents();
        }
    }

    private void pass(final long nanos) {
        rig.machine.clock().pass(nanos);
        rig.model().doWork();
    }

    @Test
    void takesWholeRegistersAlone() {
        rig.machine.io().outb(TulipKind.BASE + TulipRegisters.BUS_MODE, TulipBits.RESET);
        rig.machine.io().outw(TulipKind.BASE + TulipRegisters.TRANSMIT_LIST, 0x8000);
        rig.write(TulipRegisters.TRANSMIT_LIST + 4, 0x8000);
        rig.write(TulipRegisters.TRANSMIT_LIST + 1, 0x8000);
        rig.write(0x68, 1);
        assertThat(rig.read(TulipRegisters.TRANSMIT_LIST)).isEqualTo(TRANSMIT);
        assertThat(rig.model().refusedWrites()).isEqualTo(5);
        assertThat(rig.machine.io().inb(TulipKind.BASE + TulipRegisters.TRANSMIT_LIST + 2))
                .isEqualTo(TRANSMIT >>> 16);
        assertThat(rig.machine.io().inw(TulipKind.BASE + TulipRegisters.RECEIVE_LIST))
                .isEqualTo(RECEIVE & 0xFFFF);
        assertThat(rig.read(TulipRegisters.RECEIVE_LIST + 4)).isZero();
    }

    @Test
    void drivesThePinsThatAreOutputs() {
        rig.write(TulipRegisters.PINS, 0x100 | 0x0F);
        rig.write(TulipRegisters.PINS, 0xAA);
        assertThat(rig.read(TulipRegisters.PINS)).isEqualTo(0xFFFF_FE0A);
    }

    @Test
    void losesNothingOfItsAddressFilterWhenItStops() {
        rig.receiveRing(2, 1536);
        rig.fill(192, 0);
        rig.write(TulipRegisters.MODE, TulipRig.BOTH_ON);
        rig.setUp(0);
        rig.write(TulipRegisters.MODE, 0);
        rig.write(TulipRegisters.MODE, TulipRig.BOTH_ON);
        rig.fill(100, 0);
        rig.sendAndHear(100);
        assertThat(rig.status(RECEIVE)).isNotEqualTo(TulipDescriptor.OWN);
    }

    // The serial ROM and the PHY, bit by bit.

    @Test
    void holdsTheStationAddressAndTheMediaInItsRom() {
        final int[] rom = new int[128];
        for (int word = 0; word < 64; word++) {
            final int value = romWord(word);
            rom[2 * word] = value & 0xFF;
            rom[2 * word + 1] = value >>> 8;
        }
        long station = 0;
        for (int i = 0; i < 6; i++) {
            station = station << 8 | rom[SerialPins.ROM_STATION_BYTE + i];
        }
        assertThat(station).isEqualTo(NicMachine.STATION);
        assertThat(rom[SerialPins.ROM_VERSION_BYTE + 1]).as("one port").isEqualTo(1);
        final int media = rom[SerialPins.ROM_MEDIA_BYTE] | rom[SerialPins.ROM_MEDIA_BYTE + 1] << 8;
        assertThat(rom[media] | rom[media + 1] << 8).as("autosense").isEqualTo(1 << 11);
        assertThat(rom[media + 3]).as("leaves").isEqualTo(1);
        assertThat(rom[media + 4] & 0x80).as("a block").isNotZero();
        assertThat(rom[media + 5]).as("of a PHY").isEqualTo(1);
    }

    private int romWord(final int number) {
        final int on = SerialPins.ROM_PORT | SerialPins.ROM_READS | SerialPins.ROM_SELECT;
        rig.write(TulipRegisters.SERIAL, on & ~SerialPins.ROM_SELECT);
        final int command = SerialPins.ROM_READ << SerialPins.ROM_ADDRESS_BITS | number;
        for (int i = 8; i >= 0; i--) {
            final int bit = (command >>> i & 1) != 0 ? SerialPins.ROM_IN : 0;
            rig.write(TulipRegisters.SERIAL, on | bit);
            rig.write(TulipRegisters.SERIAL, on | bit | SerialPins.ROM_CLOCK);
        }
        int value = 0;
        for (int i = 0; i < 16; i++) {
            rig.write(TulipRegisters.SERIAL, on);
            rig.write(TulipRegisters.SERIAL, on | SerialPins.ROM_CLOCK);
            final int pins = rig.read(TulipRegisters.SERIAL);
            value = value << 1 | ((pins & SerialPins.ROM_OUT) != 0 ? 1 : 0);
        }
        return value;
    }

    @Test
    void answersForItsPhyAlone() {
        for (int phy = 0; phy < SerialPins.PHY_NUMBERS; phy++) {
            final int expected = phy == PhyWire.NUMBER ? 0x782D : 0xFFFF;
            assertThat(phyRegister(phy, SerialPins.PHY_STATUS)).isEqualTo(expected);
        }
        assertThat(phyRegister(PhyWire.NUMBER, 2)).isEqualTo(0x2000);
        assertThat(phyRegister(PhyWire.NUMBER, 5)).isEqualTo(0x41E1);
        rig.port.close();
        assertThat(phyRegister(PhyWire.NUMBER, SerialPins.PHY_STATUS)).isEqualTo(0x7829);
        assertThat(phyRegister(PhyWire.NUMBER, 5)).isZero();
    }

    @Test
    void keepsWhatIsWrittenToItsPhy() {
        shift(SerialPins.PHY_WRITE << 10 | PhyWire.NUMBER << 5 | 4, 14, 32);
        shift(0b10 << 16 | 0x0181, 18, 0);
        assertThat(phyRegister(PhyWire.NUMBER, 4)).isEqualTo(0x0181);
        shift(SerialPins.PHY_WRITE << 10 | PhyWire.NUMBER << 5, 14, 32);
        shift(0b10 << 16 | 0x9200, 18, 0);
        assertThat(phyRegister(PhyWire.NUMBER, SerialPins.PHY_CONTROL))
                .as("reset and renegotiation are over at once")
                .isEqualTo(0x1000);
        shift(SerialPins.PHY_WRITE << 10 | 2 << 5 | 4, 14, 32);
        shift(0b10 << 16 | 0x0021, 18, 0);
        assertThat(phyRegister(PhyWire.NUMBER, 4)).as("of another one").isEqualTo(0x0181);
    }

    @Test
    void hearsNoCommandWithoutItsPreamble() {
        shift(SerialPins.PHY_WRITE << 10 | PhyWire.NUMBER << 5 | 4, 14, 31);
        shift(0b10 << 16 | 0x0181, 18, 0);
        assertThat(phyRegister(PhyWire.NUMBER, 4)).isEqualTo(0x01E1);
    }

    private int phyRegister(final int phy, final int register) {
        shift(SerialPins.PHY_READ << 10 | phy << 5 | register, 14, 34);
        int value = 0;
        for (int i = 0; i < 18; i++) {
            rig.write(TulipRegisters.SERIAL, SerialPins.PHY_LISTEN);
            final int pins = rig.read(TulipRegisters.SERIAL);
            value = value << 1 | ((pins & SerialPins.PHY_IN) != 0 ? 1 : 0);
            rig.write(TulipRegisters.SERIAL, SerialPins.PHY_LISTEN | SerialPins.PHY_CLOCK);
        }
        return value & 0xFFFF;
    }

    private void shift(final int command, final int bits, final int ones) {
        for (int i = 0; i < ones; i++) {
            put(1);
        }
        for (int i = bits - 1; i >= 0; i--) {
            put(command >>> i & 1);
        }
    }

    private void put(final int bit) {
        final int data = bit == 0 ? 0 : SerialPins.PHY_OUT;
        rig.write(TulipRegisters.SERIAL, data);
        rig.write(TulipRegisters.SERIAL, data | SerialPins.PHY_CLOCK);
    }
}
