package io.ringside.emulated.tulip.backend;

import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.hypervisor.Clock;

/**
 * The general-purpose timer (CSR11): so many units of 2048 byte times, once or over and over. It
 * tells that it has run out, and holds nothing back.
 *
 * <p>Threads: the vCPU's.
 */
final class GeneralTimer {
    private static final int ONES = 0xFFFE_0000;
    private static final long FAST_UNIT_NANOS = 81_920;
    private static final long SLOW_UNIT_NANOS = 819_200;
    private static final long SERIAL_UNIT_NANOS = 204_800;

    private final Clock clock;
    private int units;
    private boolean isContinuous;
    private boolean isRunning;
    private long unitNanos;
    private long startNanos;

    GeneralTimer(final Clock clock) {
        this.clock = clock;
    }

    void reset() {
        units = 0;
        isContinuous = false;
        isRunning = false;
    }

    /** Starts the timer anew; no units stop it. The port's speed sets the unit. */
    void write(final int value, final int mode) {
        units = value & TulipBits.TIMER_MASK;
        isContinuous = (value & TulipBits.TIMER_CONTINUOUS) != 0;
        isRunning = units != 0;
        if ((mode & TulipBits.MII_PORT) == 0) {
            unitNanos = SERIAL_UNIT_NANOS;
        } else {
            unitNanos = (mode & TulipBits.TEN_MEGABIT) != 0 ? SLOW_UNIT_NANOS : FAST_UNIT_NANOS;
        }
        startNanos = isRunning ? clock.nanoTime() : 0;
    }

    /** The units that are left. */
    int read() {
        long left = 0;
        if (isRunning) {
            final long passed = (clock.nanoTime() - startNanos) / unitNanos;
            left = isContinuous ? units - passed % units : Math.max(units - passed, 0);
        }
        return ONES | (isContinuous ? TulipBits.TIMER_CONTINUOUS : 0) | (int) left;
    }

    /** Lets time have its way; whether the timer has run out. */
    boolean tick() {
        if (!isRunning) {
            return false;
        }
        final long period = units * unitNanos;
        final long passed = clock.nanoTime() - startNanos;
        if (passed < period) {
            return false;
        }
        startNanos += passed / period * period;
        isRunning = isContinuous;
        return true;
    }
}
