package io.ringside.emulated.tulip.backend;

import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.tulip.protocol.TulipBits;

/**
 * What has happened (CSR5), what of it asks for an interrupt (CSR7), and the line that follows.
 *
 * <p>Two bits sum up what is unmasked: one for daily work, one for the rest. They are set as long
 * as something that they sum up is, and are cleared by a write alone, like every other bit. The
 * line is high while a summary bit is set and unmasked. Nothing holds an interrupt back: that came
 * with the 21143.
 *
 * <p>An access to memory that is not there ends all accesses, until a reset. Threads: the vCPU's.
 */
final class StatusRegister {
    private static final int ONES = 0xFC00_0000;
    private static final int NORMAL_BITS =
            TulipBits.TRANSMITTED | TulipBits.TRANSMIT_UNAVAILABLE | TulipBits.RECEIVED;
    private static final int ABNORMAL_BITS =
            TulipBits.TRANSMIT_STOPPED
                    | TulipBits.TRANSMIT_JABBER
                    | TulipBits.TRANSMIT_UNDERFLOW
                    | TulipBits.RECEIVE_UNAVAILABLE
                    | TulipBits.RECEIVE_STOPPED
                    | TulipBits.RECEIVE_WATCHDOG
                    | TulipBits.TIMER_EXPIRED
                    | TulipBits.BUS_ERROR;
    private static final int SUMMARIES = TulipBits.NORMAL | TulipBits.ABNORMAL;

    private final InterruptController interrupts;
    private final int line;
    private int status;
    private int mask;
    private boolean isDead;

    StatusRegister(final InterruptController interrupts, final int line) {
        this.interrupts = interrupts;
        this.line = line;
    }

    void reset() {
        status = 0;
        mask = 0;
        isDead = false;
        drive();
    }

    /** The register, but for the states of the processes. */
    int read() {
        return ONES | status | ((status & TulipBits.BUS_ERROR) != 0 ? TulipBits.MASTER_ABORT : 0);
    }

    /** The guest writes: each bit of 1 clears. */
    void clear(final int bits) {
        status &= ~bits;
        drive();
    }

    int mask() {
        return mask;
    }

    void mask(final int newMask) {
        mask = newMask & TulipBits.STATUS_BITS;
        drive();
    }

    void raise(final int bits) {
        status |= bits;
        drive();
    }

    /** Nobody has answered on the bus. */
    void busError() {
        isDead = true;
        raise(TulipBits.BUS_ERROR);
    }

    /** Whether the chip has given up its accesses to memory. */
    boolean isDead() {
        return isDead;
    }

    private void drive() {
        final int causes = status & mask;
        if ((causes & NORMAL_BITS) != 0) {
            status |= TulipBits.NORMAL;
        }
        if ((causes & ABNORMAL_BITS) != 0) {
            status |= TulipBits.ABNORMAL;
        }
        interrupts.setLine(line, (status & mask & SUMMARIES) != 0);
    }
}
