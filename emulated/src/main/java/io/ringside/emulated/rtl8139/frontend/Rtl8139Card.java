package io.ringside.emulated.rtl8139.frontend;

import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;
import io.ringside.emulated.trap.PortIo;

/** The driver's accesses to its card. Each line that says {@code io} is one exit. */
final class Rtl8139Card {
    static final int TRANSMIT_EVENTS = Rtl8139Bits.TRANSMIT_OK | Rtl8139Bits.TRANSMIT_ERROR;
    static final int RECEIVE_EVENTS =
            Rtl8139Bits.RECEIVE_OK
                    | Rtl8139Bits.RECEIVE_ERROR
                    | Rtl8139Bits.RING_FULL
                    | Rtl8139Bits.FIFO_FULL;

    private static final int MAX_LOOKS = 1000;
    private static final int ADDRESS_BYTES = 6;
    private static final int RECEIVE_CONFIG =
            ReceivedFrames.SIZE_CODE
                    | Rtl8139Bits.NO_WRAP
                    | Rtl8139Bits.UNLIMITED_BURST
                    | Rtl8139Bits.WHOLE_FRAMES
                    | Rtl8139Bits.ACCEPT_BROADCAST
                    | Rtl8139Bits.ACCEPT_STATION;
    private static final int TRANSMIT_CONFIG =
            Rtl8139Bits.STANDARD_GAP | 6 << Rtl8139Bits.TRANSMIT_BURST_SHIFT;
    private static final int THRESHOLD = 8 << Rtl8139Bits.THRESHOLD_SHIFT;

    private static final int INTERRUPTS =
            Rtl8139Bits.RECEIVE_OK
                    | Rtl8139Bits.RECEIVE_ERROR
                    | Rtl8139Bits.TRANSMIT_OK
                    | Rtl8139Bits.TRANSMIT_ERROR
                    | Rtl8139Bits.RING_FULL
                    | Rtl8139Bits.LINK_CHANGE
                    | Rtl8139Bits.FIFO_FULL
                    | Rtl8139Bits.BUS_ERROR;

    private final PortIo io;
    private final int base;

    Rtl8139Card(final PortIo io, final int base) {
        this.io = io;
        this.base = base;
    }

    /** Resets the card; false if it does not come back. */
    boolean reset() {
        io.outb(base + Rtl8139Registers.COMMAND, Rtl8139Bits.RESET);
        for (int looks = 0; looks < MAX_LOOKS; looks++) {
            if ((io.inb(base + Rtl8139Registers.COMMAND) & Rtl8139Bits.RESET) == 0) {
                return true;
            }
        }
        return false;
    }

    /** What the EEPROM holds: 48 bits, the first byte on the wire the highest. */
    long stationAddress() {
        return new EepromReader(io, base).stationAddress();
    }

    /** Sets the address that the card listens to. */
    void use(final long stationAddress) {
        io.outb(base + Rtl8139Registers.EEPROM, Rtl8139Bits.UNLOCK);
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            io.outb(
                    base + Rtl8139Registers.STATION_ADDRESS + i,
                    (int) (stationAddress >>> Byte.SIZE * (ADDRESS_BYTES - 1 - i)) & 0xFF);
        }
        io.outb(base + Rtl8139Registers.EEPROM, Rtl8139Bits.LOCK);
    }

    /** Turns both halves on, with an empty receive ring. */
    void startReceiver(final long ringAddress) {
        io.outb(base + Rtl8139Registers.COMMAND, Rtl8139Bits.TRANSMITTER_ON);
        io.outl(base + Rtl8139Registers.RECEIVE_RING, ringAddress);
        readOffset(-Rtl8139Registers.READ_OFFSET_BIAS & 0xFFFF);
        io.outb(
                base + Rtl8139Registers.COMMAND,
                Rtl8139Bits.TRANSMITTER_ON | Rtl8139Bits.RECEIVER_ON);
        io.outl(base + Rtl8139Registers.MISSED, 0);
    }

    /** Chooses which frames are heard: to the station's address, or to every one. */
    void receive(final boolean promiscuous) {
        io.outl(
                base + Rtl8139Registers.RECEIVE_CONFIG,
                RECEIVE_CONFIG | (promiscuous ? Rtl8139Bits.ACCEPT_ALL : 0));
    }

    /** Tells the card where the four slots are. */
    void setUpTransmit(final long slotsAddress, final int slotBytes) {
        io.outl(base + Rtl8139Registers.TRANSMIT_CONFIG, TRANSMIT_CONFIG);
        for (int i = 0; i < Rtl8139Registers.TRANSMIT_SLOTS; i++) {
            io.outl(
                    base + Rtl8139Registers.TRANSMIT_ADDRESS + i * Integer.BYTES,
                    slotsAddress + (long) i * slotBytes);
        }
    }

    void send(final int slot, final int lengthBytes) {
        io.outl(
                base + Rtl8139Registers.TRANSMIT_STATUS + slot * Integer.BYTES,
                THRESHOLD | lengthBytes);
    }

    int slotStatus(final int slot) {
        return (int) io.inl(base + Rtl8139Registers.TRANSMIT_STATUS + slot * Integer.BYTES);
    }

    void interruptsOn() {
        io.outw(base + Rtl8139Registers.INTERRUPT_MASK, INTERRUPTS);
    }

    void interruptsOff() {
        io.outw(base + Rtl8139Registers.INTERRUPT_MASK, 0);
    }

    int interruptStatus() {
        return io.inw(base + Rtl8139Registers.INTERRUPT_STATUS);
    }

    void acknowledge(final int status) {
        io.outw(base + Rtl8139Registers.INTERRUPT_STATUS, status);
    }

    boolean isRingEmpty() {
        return (io.inb(base + Rtl8139Registers.COMMAND) & Rtl8139Bits.RING_EMPTY) != 0;
    }

    void readOffset(final int value) {
        io.outw(base + Rtl8139Registers.READ_OFFSET, value);
    }

    boolean isLinkUp() {
        return (io.inb(base + Rtl8139Registers.MEDIA_STATUS) & Rtl8139Bits.LINK_DOWN) == 0;
    }
}
