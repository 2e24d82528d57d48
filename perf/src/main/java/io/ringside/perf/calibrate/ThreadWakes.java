package io.ringside.perf.calibrate;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a sleeping thread takes to run after another has woken it.
 *
 * <p>Two threads take turns: one wakes the other and sleeps until it is woken back. A turn that
 * takes long counts as it is: that is what a scheduler does.
 *
 * <p>Threads: the caller's, and one that ends with the measurement.
 */
final class ThreadWakes {
    private static final int WARM_UP_TURNS = 3000;
    private static final int ROUNDS = 25;
    private static final int TURNS = 200;

    private volatile int turn; // 0: the caller has it; 1: the other
    private volatile boolean ended;

    private ThreadWakes() {}

    /** There and back, and half of it. */
    static List<Figure> measure() throws InterruptedException {
        final ThreadWakes wakes = new ThreadWakes();
        final Thread caller = Thread.currentThread();
        final Thread other = new Thread(() -> wakes.answer(caller), "thread-wakes");
        other.setDaemon(true);
        other.start();
        final double[] rounds = new double[ROUNDS];
        try {
            wakes.turns(other, WARM_UP_TURNS);
            for (int round = 0; round < ROUNDS; round++) {
                final long start = System.nanoTime();
                wakes.turns(other, TURNS);
                rounds[round] = (double) (System.nanoTime() - start) / TURNS;
            }
        } finally {
            wakes.ended = true;
            LockSupport.unpark(other);
        }
        other.join();
        final Spread trip = Spread.of(rounds);
        return List.of(
                new Figure(Quantity.WAKE_ROUND_TRIP, trip), new Figure(Quantity.WAKE, trip.per(2)));
    }

    private void turns(final Thread other, final int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            turn = 1;
            LockSupport.unpark(other);
            while (turn != 0) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    private void answer(final Thread caller) {
        while (!ended) {
            if (turn == 1) {
                turn = 0;
                LockSupport.unpark(caller);
            } else {
                LockSupport.park(this);
            }
        }
    }
}
