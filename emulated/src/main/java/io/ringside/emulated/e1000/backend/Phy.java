package io.ringside.emulated.e1000.backend;

import io.ringside.emulated.e1000.protocol.E1000Bits;
import java.util.Arrays;

/** The part of the card that drives the cable, behind the register through which it is reached. */
final class Phy {
    private static final int REGISTERS = 32;
    private static final int STATUS = 1;
    private static final int ID_1 = 2;
    private static final int ID_2 = 3;
    private static final int STATUS_BASE = 0x7969; // Negotiated, and every mode there is.
    private static final int LINK = 0x0004;
    private static final int MAKER = 0x0141;
    private static final int MODEL = 0x0C20;

    private final int[] registers = new int[REGISTERS];

    void reset() {
        Arrays.fill(registers, 0);
    }

    /** What the register holds once a value is written to it. */
    int access(final int value, final boolean isLinkUp) {
        final int number = value >>> E1000Bits.PHY_NUMBER_SHIFT & 31;
        final int register = value >>> E1000Bits.PHY_REGISTER_SHIFT & 31;
        if (number != 1) {
            return value | E1000Bits.PHY_READY | E1000Bits.PHY_ERROR;
        }
        if ((value & E1000Bits.PHY_WRITE) != 0) {
            registers[register] = value & 0xFFFF;
            return value | E1000Bits.PHY_READY;
        }
        final int content =
                switch (register) {
                    case STATUS -> STATUS_BASE | (isLinkUp ? LINK : 0);
                    case ID_1 -> MAKER;
                    case ID_2 -> MODEL;
                    default -> registers[register];
                };
        return value & 0xFFFF_0000 | E1000Bits.PHY_READY | content;
    }
}
