package io.ringside.emulated.rtl8139.frontend;

import io.ringside.emulated.rtl8139.protocol.EepromPins;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;
import io.ringside.emulated.trap.PortIo;

/** Reads the EEPROM, one exit for each edge of its clock. */
final class EepromReader {
    private static final int COMMAND_BITS = EepromPins.READ_BITS + EepromPins.ADDRESS_BITS;
    private static final int OFF = EepromPins.PROGRAM;
    private static final int ON = EepromPins.PROGRAM | EepromPins.SELECT;

    private final PortIo io;
    private final int port;

    EepromReader(final PortIo io, final int base) {
        this.io = io;
        this.port = base + Rtl8139Registers.EEPROM;
    }

    /** The station address: 48 bits, the first byte on the wire the highest. */
    long stationAddress() {
        long address = 0;
        for (int i = 0; i < 3; i++) {
            final short pair = (short) word(EepromPins.STATION_WORD + i);
            address = address << Short.SIZE | Short.reverseBytes(pair) & 0xFFFF;
        }
        return address;
    }

    private int word(final int number) {
        io.outb(port, OFF);
        final int command = EepromPins.READ << EepromPins.ADDRESS_BITS | number;
        for (int i = COMMAND_BITS - 1; i >= 0; i--) {
            final int bit = (command >>> i & 1) != 0 ? EepromPins.DATA_IN : 0;
            io.outb(port, ON | bit);
            io.outb(port, ON | bit | EepromPins.CLOCK);
        }
        int word = 0;
        for (int i = 0; i < EepromPins.WORD_BITS; i++) {
            io.outb(port, ON);
            io.outb(port, ON | EepromPins.CLOCK);
            word = word << 1 | io.inb(port) & EepromPins.DATA_OUT;
        }
        io.outb(port, 0);
        return word;
    }
}
