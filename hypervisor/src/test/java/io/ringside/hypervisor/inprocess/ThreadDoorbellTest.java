package io.ringside.hypervisor.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of a doorbell; the time limit is only there to end a run that has lost a ring. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ThreadDoorbellTest {
    /** Turns of each thread; a longer run is asked for by the property. */
    private static final int EXCHANGES = Integer.getInteger("ringside.exchanges", 100_000);

    private static final int RINGS = 4_000_000;

    private final ThreadDoorbell doorbell = new ThreadDoorbell();
    private final DoorbellIdleStrategy idle = new DoorbellIdleStrategy(doorbell);

    @Test
    void endsTheNextSleepWhenRungWhileAwake() {
        doorbell.ring();
        idle.idle();

        assertThat(idle.sleeps()).isZero();
    }

    @Test
    void remembersManyRingsAsOne() throws Exception {
        doorbell.ring();
        doorbell.ring();
        idle.idle(0);
        assertThat(idle.sleeps()).isZero();

        final Thread owner = Thread.currentThread();
        final FutureTask<Void> ringer =
                new FutureTask<>(
                        () -> {
                            awaitParked(owner);
                            doorbell.ring();
                        },
                        null);
        start("ringer", ringer);
        idle.idle(0);

        assertThat(idle.sleeps()).isEqualTo(1);
        ringer.get();
    }

    private static void awaitParked(final Thread owner) {
        while (owner.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void doesNotSleepAfterWork() {
        idle.idle(1);
        idle.idle(Integer.MAX_VALUE);

        assertThat(idle.sleeps()).isZero();
    }

    @Test
    void keepsARingThatComesDuringWork() {
        doorbell.ring();
        idle.idle(1);
        idle.idle(0);

        assertThat(idle.sleeps()).isZero();
    }

    @Test
    void neverSleepsAgainOnceKeptAwake() throws Exception {
        final Thread owner = Thread.currentThread();
        final FutureTask<Void> stopper =
                new FutureTask<>(
                        () -> {
                            awaitParked(owner);
                            doorbell.keepAwake();
                        },
                        null);
        start("stopper", stopper);
        idle.idle();
        idle.idle();
        idle.idle();

        assertThat(idle.sleeps()).isEqualTo(1);
        stopper.get();
    }

    @Test
    void leavesAnInterruptPending() {
        Thread.currentThread().interrupt();
        idle.idle();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesASecondOwner() throws Exception {
        doorbell.ring();
        final FutureTask<Void> owner = new FutureTask<>(idle::idle, null);
        start("owner", owner);
        owner.get();

        doorbell.ring();
        assertThatThrownBy(idle::idle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("doorbell has another owner: owner=owner caller=");
    }

    @Test
    void losesNoWakeupWhenTwoThreadsTakeTurns() throws Exception {
        final ThreadDoorbell ping = new ThreadDoorbell();
        final ThreadDoorbell pong = new ThreadDoorbell();
        final AtomicInteger turn = new AtomicInteger();
        final FutureTask<Void> peer =
                new FutureTask<>(
                        () -> takeTurns(turn, 1, new DoorbellIdleStrategy(pong), ping), null);
        start("peer", peer);

        takeTurns(turn, 0, new DoorbellIdleStrategy(ping), pong);
        peer.get();
        assertThat(turn.get()).isEqualTo(2 * EXCHANGES);
    }

    /** The counter brings no memory order of its own: what is missing, the doorbells must give. */
    private static void takeTurns(
            final AtomicInteger turn,
            final int parity,
            final DoorbellIdleStrategy idle,
            final ThreadDoorbell other) {
        for (int i = 0; i < EXCHANGES; i++) {
            int count = turn.getOpaque();
            while ((count & 1) != parity) {
                idle.idle();
                count = turn.getOpaque();
            }
            turn.setOpaque(count + 1);
            other.ring();
        }
    }

    @Test
    void losesNoWorkWhenTheRingerNeverWaits() throws Exception {
        final AtomicLong produced = new AtomicLong();
        final FutureTask<Void> ringer =
                new FutureTask<>(
                        () -> {
                            for (int i = 1; i <= RINGS; i++) {
                                produced.setOpaque(i);
                                doorbell.ring();
                            }
                        },
                        null);
        start("ringer", ringer);

        long seen = 0;
        while (seen < RINGS) {
            final long now = produced.getOpaque();
            idle.idle((int) (now - seen));
            seen = now;
        }
        ringer.get();
        assertThat(seen).isEqualTo(RINGS);
    }

    private static void start(final String name, final Runnable task) {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
