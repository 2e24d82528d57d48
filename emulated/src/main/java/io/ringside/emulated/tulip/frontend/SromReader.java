package io.ringside.emulated.tulip.frontend;

import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.tulip.protocol.SerialPins;
import io.ringside.emulated.tulip.protocol.TulipRegisters;

/** Reads the serial ROM, one exit for each edge of its clock. */
final class SromReader {
    private static final int COMMAND_BITS = SerialPins.ROM_READ_BITS + SerialPins.ROM_ADDRESS_BITS;
    private static final int OFF = SerialPins.ROM_PORT | SerialPins.ROM_READS;
    private static final int ON = OFF | SerialPins.ROM_SELECT;

    private final PortIo io;
    private final int port;

    SromReader(final PortIo io, final int base) {
        this.io = io;
        this.port = base + TulipRegisters.SERIAL;
    }

    /** The station address: 48 bits, the first byte on the wire the highest. */
    long stationAddress() {
        long address = 0;
        for (int i = 0; i < 3; i++) {
            final short pair = (short) word(SerialPins.ROM_STATION_BYTE / Short.BYTES + i);
            address = address << Short.SIZE | Short.reverseBytes(pair) & 0xFFFF;
        }
        return address;
    }

    private int word(final int number) {
        io.outl(port, OFF);
        final int command = SerialPins.ROM_READ << SerialPins.ROM_ADDRESS_BITS | number;
        for (int i = COMMAND_BITS - 1; i >= 0; i--) {
            final int bit = (command >>> i & 1) != 0 ? SerialPins.ROM_IN : 0;
            io.outl(port, ON | bit);
            io.outl(port, ON | bit | SerialPins.ROM_CLOCK);
        }
        int word = 0;
        for (int i = 0; i < Short.SIZE; i++) {
            io.outl(port, ON);
            io.outl(port, ON | SerialPins.ROM_CLOCK);
            word = word << 1 | ((io.inl(port) & SerialPins.ROM_OUT) != 0 ? 1 : 0);
        }
        io.outl(port, OFF);
        return word;
    }
}
