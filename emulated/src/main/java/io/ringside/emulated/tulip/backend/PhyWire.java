package io.ringside.emulated.tulip.backend;

import io.ringside.emulated.tulip.protocol.SerialPins;

/**
 * The management wires of one PHY: bits in and out at each rise of the clock.
 *
 * <p>Other PHYs do not answer, and leave the wire high. Source: IEEE 802.3, 22.2.4. Threads: the
 * vCPU's.
 */
final class PhyWire {
    /** The PHY's number. */
    static final int NUMBER = 1;

    private static final int HEADER_BITS = 14;
    private static final int FRAME_BITS = 32;
    private static final int REPLY_BITS = 17;
    private static final int REGISTER_MASK = SerialPins.PHY_NUMBERS - 1;
    private static final int CONTROL_AT_RESET = 0x3100; // Negotiates; 100 Mbit/s, full duplex.
    private static final int CONTROL_ONCE = 0x8200; // Reset and renegotiation are over at once.
    private static final int ABILITIES = 0x7829; // Negotiated; 10 and 100 Mbit/s, half and full.
    private static final int MAKER = 0x2000;
    private static final int MODEL = 0x5C01;
    private static final int ADVERTISED = 0x01E1;
    private static final int PARTNER = 0x41E1;
    private static final int ADVERTISEMENT = 4;
    private static final int PARTNER_ABILITY = 5;

    private final int[] registers = new int[SerialPins.PHY_NUMBERS];
    private boolean clockWasHigh;
    private boolean isHigh = true;
    private int ones;
    private int frame;
    private int frameBits;
    private int reply;
    private int replyBits;

    PhyWire() {
        registers[SerialPins.PHY_CONTROL] = CONTROL_AT_RESET;
        registers[ADVERTISEMENT] = ADVERTISED;
    }

    /** The wire, as the PHY or nobody drives it. */
    boolean isHigh() {
        return isHigh;
    }

    /** The guest sets the wires. */
    void pins(final boolean clock, final boolean data, final boolean isLinkUp) {
        final boolean rises = clock && !clockWasHigh;
        clockWasHigh = clock;
        if (!rises) {
            return;
        }
        if (replyBits > 0) {
            replyBits--;
            isHigh = (reply >>> replyBits & 1) != 0;
            return;
        }
        isHigh = true;
        if (frameBits == 0) {
            await(data);
        } else {
            collect(data ? 1 : 0, isLinkUp);
        }
    }

    /** A frame begins with a 0 behind the ones. */
    private void await(final boolean data) {
        if (data) {
            ones = Math.min(ones + 1, SerialPins.PHY_PREAMBLE_BITS);
            return;
        }
        if (ones == SerialPins.PHY_PREAMBLE_BITS) {
            frame = 0;
            frameBits = 1;
        }
        ones = 0;
    }

    private void collect(final int bit, final boolean isLinkUp) {
        frame = frame << 1 | bit;
        frameBits++;
        if (frameBits == HEADER_BITS) {
            final int operation = frame >>> 2 * SerialPins.PHY_NUMBER_BITS;
            if (operation == SerialPins.PHY_WRITE) {
                return;
            }
            frameBits = 0;
            if (operation == SerialPins.PHY_READ && number(frame) == NUMBER) {
                reply = register(frame & REGISTER_MASK, isLinkUp);
                replyBits = REPLY_BITS;
            }
        } else if (frameBits == FRAME_BITS) {
            frameBits = 0;
            final int header = frame >>> FRAME_BITS - HEADER_BITS;
            if (number(header) == NUMBER) {
                write(header & REGISTER_MASK, frame & 0xFFFF);
            }
        }
    }

    private static int number(final int header) {
        return header >>> SerialPins.PHY_NUMBER_BITS & REGISTER_MASK;
    }

    private int register(final int number, final boolean isLinkUp) {
        return switch (number) {
            case SerialPins.PHY_STATUS -> ABILITIES | (isLinkUp ? SerialPins.PHY_LINK_UP : 0);
            case 2 -> MAKER;
            case 3 -> MODEL;
            case PARTNER_ABILITY -> isLinkUp ? PARTNER : 0;
            default -> registers[number];
        };
    }

    private void write(final int number, final int value) {
        registers[number] = number == SerialPins.PHY_CONTROL ? value & ~CONTROL_ONCE : value;
    }
}
