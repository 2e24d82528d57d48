package io.ringside.emulated.rtl8139.backend;

import io.ringside.emulated.trap.InterruptController;

/** Interrupt status and mask, and the line that follows them. */
final class InterruptPin {
    private final InterruptController interrupts;
    private final int line;
    private int status;
    private int mask;

    InterruptPin(final InterruptController interrupts, final int line) {
        this.interrupts = interrupts;
        this.line = line;
    }

    void reset() {
        status = 0;
        mask = 0;
        drive();
    }

    int status() {
        return status;
    }

    int mask() {
        return mask;
    }

    void mask(final int newMask) {
        mask = newMask;
        drive();
    }

    void raise(final int bits) {
        status |= bits;
        drive();
    }

    void clear(final int bits) {
        status &= ~bits;
        drive();
    }

    private void drive() {
        interrupts.setLine(line, (status & mask) != 0);
    }
}
