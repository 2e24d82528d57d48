package io.ringside.emulated.e1000.frontend;

import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Registers;
import io.ringside.emulated.trap.Mmio;
import io.ringside.hypervisor.GuestMemory;

/** The driver's accesses to its card. Each read and each write is one exit. */
final class E1000Card {
    static final int RECEIVE_CAUSES =
            E1000Bits.CAUSE_RECEIVE_LOW
                    | E1000Bits.CAUSE_RECEIVE_OVERRUN
                    | E1000Bits.CAUSE_RECEIVED;
    static final int CAUSES =
            E1000Bits.CAUSE_TRANSMIT_DONE
                    | E1000Bits.CAUSE_LINK
                    | E1000Bits.CAUSE_RECEIVE_LOW
                    | E1000Bits.CAUSE_RECEIVE_OVERRUN
                    | E1000Bits.CAUSE_RECEIVED;

    private static final int MAX_LOOKS = 1000;
    private static final int RECEIVE_CONTROL =
            E1000Bits.RECEIVE_ON | E1000Bits.RECEIVE_BROADCAST | E1000Bits.RECEIVE_STRIP_CHECK;
    private static final int GAP = 10 | 8 << 10 | 6 << 20;

    private final Mmio registers;
    private final long base;

    E1000Card(final Mmio registers, final long base) {
        this.registers = registers;
        this.base = base;
    }

    int read(final int register) {
        return registers.read(base + register);
    }

    void write(final int register, final int value) {
        registers.write(base + register, value);
    }

    /** Resets the card with its interrupts off; false if it does not come back. */
    boolean reset() {
        write(E1000Registers.MASK_CLEAR, -1);
        write(E1000Registers.CONTROL, E1000Bits.CONTROL_RESET);
        for (int looks = 0; looks < MAX_LOOKS; looks++) {
            if ((read(E1000Registers.CONTROL) & E1000Bits.CONTROL_RESET) == 0) {
                return true;
            }
        }
        return false;
    }

    /** What the EEPROM holds: 48 bits, the first byte on the wire the highest. */
    long stationAddress() {
        long address = 0;
        for (int i = 0; i < 3; i++) {
            final short pair = (short) eepromWord(i);
            address = address << Short.SIZE | Short.reverseBytes(pair) & 0xFFFF;
        }
        return address;
    }

    private int eepromWord(final int number) {
        write(
                E1000Registers.EEPROM_READ,
                E1000Bits.EEPROM_START | number << E1000Bits.EEPROM_ADDRESS_SHIFT);
        for (int looks = 0; looks < MAX_LOOKS; looks++) {
            final int value = read(E1000Registers.EEPROM_READ);
            if ((value & E1000Bits.EEPROM_DONE) != 0) {
                return value >>> E1000Bits.EEPROM_DATA_SHIFT;
            }
        }
        return 0;
    }

    /** Sets the address that the card listens to, and brings the link up. */
    void use(final long stationAddress) {
        final long wire = Long.reverseBytes(stationAddress) >>> Short.SIZE;
        write(E1000Registers.RECEIVE_ADDRESS, (int) wire);
        write(
                E1000Registers.RECEIVE_ADDRESS + Integer.BYTES,
                (int) (wire >>> Integer.SIZE) | E1000Bits.ADDRESS_VALID);
        write(E1000Registers.CONTROL, E1000Bits.CONTROL_LINK_UP | E1000Bits.CONTROL_VLAN);
    }

    /** Turns the transmitter on, with an empty ring of one page frame. */
    void setUpTransmit(final long ringAddress) {
        write(E1000Registers.TRANSMIT_BASE_LOW, (int) ringAddress);
        write(E1000Registers.TRANSMIT_BASE_HIGH, (int) (ringAddress >>> Integer.SIZE));
        write(E1000Registers.TRANSMIT_LENGTH, GuestMemory.PAGE_BYTES);
        write(E1000Registers.TRANSMIT_HEAD, 0);
        write(E1000Registers.TRANSMIT_TAIL, 0);
        write(E1000Registers.TRANSMIT_GAP, GAP);
        write(E1000Registers.TRANSMIT_CONTROL, E1000Bits.TRANSMIT_ON | E1000Bits.TRANSMIT_PAD);
    }

    /** Gives the card a receive ring of one page frame, filled up to its tail. */
    void setUpReceive(final long ringAddress, final int tail) {
        write(E1000Registers.RECEIVE_BASE_LOW, (int) ringAddress);
        write(E1000Registers.RECEIVE_BASE_HIGH, (int) (ringAddress >>> Integer.SIZE));
        write(E1000Registers.RECEIVE_LENGTH, GuestMemory.PAGE_BYTES);
        write(E1000Registers.RECEIVE_HEAD, 0);
        write(
                E1000Registers.RECEIVE_CHECKSUM,
                E1000Bits.CHECKSUM_IP | E1000Bits.CHECKSUM_TRANSPORT);
        write(E1000Registers.RECEIVE_TAIL, tail);
    }

    /** Turns the receiver on, for the station's address or for every one. */
    void receive(final boolean promiscuous) {
        final int all = E1000Bits.RECEIVE_ALL | E1000Bits.RECEIVE_ALL_MULTICAST;
        write(E1000Registers.RECEIVE_CONTROL, RECEIVE_CONTROL | (promiscuous ? all : 0));
    }

    /** Lets interrupts come. */
    void enable(final int throttle, final int causes) {
        write(E1000Registers.THROTTLE, throttle);
        write(E1000Registers.MASK_SET, causes);
    }

    boolean isLinkUp() {
        return (read(E1000Registers.STATUS) & E1000Bits.STATUS_LINK_UP) != 0;
    }
}
