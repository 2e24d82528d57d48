package io.ringside.emulated.tulip.frontend;

import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipRegisters;

/** The driver's accesses to its card. Each read and each write is one exit. */
final class TulipCard {
    static final int TRANSMIT_EVENTS =
            TulipBits.TRANSMITTED
                    | TulipBits.TRANSMIT_UNAVAILABLE
                    | TulipBits.TRANSMIT_STOPPED
                    | TulipBits.TRANSMIT_UNDERFLOW
                    | TulipBits.TRANSMIT_JABBER;
    static final int RECEIVE_EVENTS =
            TulipBits.RECEIVED
                    | TulipBits.RECEIVE_UNAVAILABLE
                    | TulipBits.RECEIVE_STOPPED
                    | TulipBits.RECEIVE_WATCHDOG;
    static final int SUMMARIES = TulipBits.NORMAL | TulipBits.ABNORMAL;
    static final int INTERRUPTS =
            TRANSMIT_EVENTS
                    | RECEIVE_EVENTS
                    | TulipBits.TIMER_EXPIRED
                    | TulipBits.BUS_ERROR
                    | 1 << 14 // Early reception, which this chip may tell and the driver ignores.
                    | SUMMARIES;

    private static final int NO_CARD = -1;
    private static final int MAX_LOOKS = 1000;
    private static final int BUS_MODE =
            TulipBits.WRITE_INVALIDATE
                    | TulipBits.READ_LINE
                    | TulipBits.READ_MULTIPLE
                    | 2 << TulipBits.CACHE_LINE_SHIFT;
    private static final int MODE =
            TulipBits.MUST_BE_ONE
                    | TulipBits.NO_HEARTBEAT
                    | TulipBits.MII_PORT
                    | TulipBits.CAPTURE_EFFECT
                    | TulipBits.FULL_DUPLEX;
    private static final int BOTH_ON = TulipBits.RECEIVER_ON | TulipBits.TRANSMITTER_ON;
    private static final int STATES = TulipBits.RECEIVE_STATE_MASK | TulipBits.TRANSMIT_STATE_MASK;

    private final PortIo io;
    private final int base;

    TulipCard(final PortIo io, final int base) {
        this.io = io;
        this.base = base;
    }

    private int read(final int register) {
        return (int) io.inl(base + register);
    }

    private void write(final int register, final long value) {
        io.outl(base + register, value);
    }

    /** Resets the card, with its MII port chosen; false if there is none. */
    boolean reset() {
        write(TulipRegisters.MODE, TulipBits.MII_PORT);
        write(TulipRegisters.BUS_MODE, TulipBits.RESET);
        write(TulipRegisters.BUS_MODE, BUS_MODE);
        return status() != NO_CARD;
    }

    /** Tells the card where its lists are. */
    void setUp(final long receiveList, final long transmitList) {
        write(TulipRegisters.RECEIVE_LIST, receiveList);
        write(TulipRegisters.TRANSMIT_LIST, transmitList);
    }

    /** Turns the transmitter on, which takes the setup frame, then interrupts and receiver. */
    void start(final boolean promiscuous) {
        write(TulipRegisters.MODE, mode(promiscuous) | TulipBits.TRANSMITTER_ON);
        acknowledge(INTERRUPTS);
        write(TulipRegisters.INTERRUPT_MASK, INTERRUPTS);
        receive(promiscuous);
        write(TulipRegisters.RECEIVE_POLL, 0);
    }

    /** Both halves on, for the addresses of the setup frame or for every one. */
    void receive(final boolean promiscuous) {
        write(TulipRegisters.MODE, mode(promiscuous) | BOTH_ON);
    }

    private static int mode(final boolean promiscuous) {
        return MODE | (promiscuous ? TulipBits.PROMISCUOUS | TulipBits.ALL_MULTICAST : 0);
    }

    /** Has the card look at its transmit list. */
    void send() {
        write(TulipRegisters.TRANSMIT_POLL, 0);
    }

    int status() {
        return read(TulipRegisters.STATUS);
    }

    void acknowledge(final int bits) {
        write(TulipRegisters.STATUS, bits & TulipBits.STATUS_BITS);
    }

    /** Frames missed since the last time, at most 65536. */
    int missed() {
        final int missed = read(TulipRegisters.MISSED);
        return (missed & TulipBits.MISSED_OVERFLOW) != 0
                ? TulipBits.MISSED_OVERFLOW
                : missed & TulipBits.MISSED_MASK;
    }

    /** Turns everything off, and waits until both processes have stopped. */
    void stop() {
        write(TulipRegisters.INTERRUPT_MASK, 0);
        write(TulipRegisters.MODE, MODE);
        int looks = 0;
        while (looks < MAX_LOOKS && (status() & STATES) != 0) {
            looks++;
        }
        acknowledge(INTERRUPTS);
        missed();
    }
}
