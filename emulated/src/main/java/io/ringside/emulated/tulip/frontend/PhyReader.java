package io.ringside.emulated.tulip.frontend;

import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.tulip.protocol.SerialPins;
import io.ringside.emulated.tulip.protocol.TulipRegisters;

/** Reads the registers of a PHY, one exit for each edge of its clock: 147 for a register. */
final class PhyReader {
    /** No PHY has answered. */
    static final int NONE = -1;

    private static final int COMMAND_BITS = 4 + 2 * SerialPins.PHY_NUMBER_BITS;
    private static final int IDLE_BITS = 2;
    private static final int NOBODY = 0xFFFF;

    private final PortIo io;
    private final int port;

    PhyReader(final PortIo io, final int base) {
        this.io = io;
        this.port = base + TulipRegisters.SERIAL;
    }

    /** The number of the first PHY that answers, or {@link #NONE}. */
    int find() {
        for (int i = 1; i <= SerialPins.PHY_NUMBERS; i++) {
            final int number = i % SerialPins.PHY_NUMBERS; // Number 0 means any, to some.
            final int status = read(number, SerialPins.PHY_STATUS);
            if (status != 0 && status != NOBODY) {
                return number;
            }
        }
        return NONE;
    }

    /** Whether a PHY has a link. */
    boolean isLinkUp(final int number) {
        final int status = read(number, SerialPins.PHY_STATUS);
        return status != NOBODY && (status & SerialPins.PHY_LINK_UP) != 0;
    }

    private int read(final int number, final int register) {
        for (int i = 0; i < SerialPins.PHY_PREAMBLE_BITS; i++) {
            put(1);
        }
        final int command =
                SerialPins.PHY_READ << 2 * SerialPins.PHY_NUMBER_BITS
                        | number << SerialPins.PHY_NUMBER_BITS
                        | register;
        for (int i = COMMAND_BITS - 1; i >= 0; i--) {
            put(command >>> i & 1);
        }
        int value = 0;
        for (int i = 0; i < IDLE_BITS + Short.SIZE; i++) {
            io.outl(port, SerialPins.PHY_LISTEN);
            value = value << 1 | ((io.inl(port) & SerialPins.PHY_IN) != 0 ? 1 : 0);
            io.outl(port, SerialPins.PHY_LISTEN | SerialPins.PHY_CLOCK);
        }
        io.outl(port, SerialPins.PHY_LISTEN);
        return value & NOBODY;
    }

    private void put(final int bit) {
        final int data = bit == 0 ? 0 : SerialPins.PHY_OUT;
        io.outl(port, data);
        io.outl(port, data | SerialPins.PHY_CLOCK);
    }
}
