package io.ringside.emulated.e1000.backend;

import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.hypervisor.Clock;

/**
 * Interrupt causes, their mask, and what holds the interrupt back.
 *
 * <p>Two things do: a delay after frames (each frame starts the short one anew, the first one the
 * absolute one), and the throttle, the least time between two interrupts. A cause that is no longer
 * delayed stands in the register; the line follows when the throttle lets it. Threads: the vCPU's.
 */
final class Causes {
    private static final int THROTTLE_UNIT_NANOS = 256;

    private final InterruptController interrupts;
    private final int line;
    private final Clock clock;
    private final Delay receiveDelay = new Delay(E1000Bits.CAUSE_RECEIVED);
    private final Delay transmitDelay = new Delay(E1000Bits.CAUSE_TRANSMIT_DONE);
    private int causes;
    private int mask;
    private int throttle;
    private boolean isHigh;
    private boolean wasHigh;
    private long lastNanos;

    Causes(final InterruptController interrupts, final int line, final Clock clock) {
        this.interrupts = interrupts;
        this.line = line;
        this.clock = clock;
    }

    void reset() {
        causes = 0;
        mask = 0;
        throttle = 0;
        wasHigh = false;
        receiveDelay.stop();
        transmitDelay.stop();
        drive();
    }

    void raise(final int bits) {
        causes |= bits;
        drive();
    }

    /** A frame was received. */
    void received(final int delay, final int absoluteDelay) {
        delayed(receiveDelay, delay, absoluteDelay);
    }

    /** Frames whose interrupt is being delayed are told now. */
    void flushReceived() {
        if (receiveDelay.isRunning()) {
            receiveDelay.stop();
            raise(receiveDelay.cause);
        }
    }

    /** A frame whose descriptor lets its interrupt wait was sent. */
    void sent(final int delay, final int absoluteDelay) {
        delayed(transmitDelay, delay, absoluteDelay);
    }

    private void delayed(final Delay timer, final int delay, final int absoluteDelay) {
        if (delay == 0) {
            raise(timer.cause);
        } else {
            timer.start(clock.nanoTime(), delay, absoluteDelay);
        }
    }

    /** What reading the register gives; it clears. */
    int take() {
        final int taken = causes | (isHigh ? E1000Bits.CAUSE_ASSERTED : 0);
        causes = 0;
        drive();
        return taken;
    }

    int mask() {
        return mask;
    }

    void mask(final int newMask) {
        mask = newMask;
        drive();
    }

    int throttle() {
        return throttle;
    }

    void throttle(final int units) {
        throttle = units & 0xFFFF;
        drive();
    }

    /** Lets time have its way; whether that changed anything. */
    boolean tick() {
        if (!isHeldBack()) {
            return false;
        }
        final long now = clock.nanoTime();
        final int before = causes;
        final boolean wasAsserted = isHigh;
        causes |= receiveDelay.expire(now) | transmitDelay.expire(now);
        drive();
        return causes != before || isHigh != wasAsserted;
    }

    /** Whether only time has to pass before something changes. */
    boolean isHeldBack() {
        return receiveDelay.isRunning() || transmitDelay.isRunning() || isHigh != wants();
    }

    private boolean wants() {
        return (causes & mask) != 0;
    }

    private void drive() {
        if (!wants()) {
            isHigh = false;
        } else if (!isHigh) {
            final long now = throttle == 0 ? 0 : clock.nanoTime();
            if (throttle == 0
                    || !wasHigh
                    || now - lastNanos >= (long) throttle * THROTTLE_UNIT_NANOS) {
                isHigh = true;
                wasHigh = true;
                lastNanos = now;
            }
        }
        interrupts.setLine(line, isHigh);
    }

    /** One pair of timers. */
    private static final class Delay {
        private static final int UNIT_NANOS = 1024;

        final int cause;
        private boolean running;
        private long endNanos;
        private long absoluteEndNanos;

        Delay(final int cause) {
            this.cause = cause;
        }

        boolean isRunning() {
            return running;
        }

        void stop() {
            running = false;
        }

        void start(final long now, final int delay, final int absoluteDelay) {
            if (!running) {
                absoluteEndNanos =
                        absoluteDelay == 0
                                ? Long.MAX_VALUE
                                : now + (long) absoluteDelay * UNIT_NANOS;
            }
            running = true;
            endNanos = now + (long) delay * UNIT_NANOS;
        }

        int expire(final long now) {
            if (!running || now < endNanos && now < absoluteEndNanos) {
                return 0;
            }
            running = false;
            return cause;
        }
    }
}
