package io.ringside.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time limit only ends a run that hangs. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TraceLogTest {
    private final AtomicLong now = new AtomicLong(100);
    private final Recorder recorder = new Recorder();
    private final List<Throwable> reported = Collections.synchronizedList(new ArrayList<>());

    /** Keeps what it is told; read once the log is closed. */
    private static class Recorder implements TraceSink {
        private final List<String> told = new ArrayList<>();
        private final Semaphore idle = new Semaphore(0);
        private long events;
        private long dropped;

        @Override
        public void event(
                final long nanos,
                final String who,
                final String what,
                final long first,
                final long second) {
            events++;
            told.add(nanos + " " + who + " " + what + " " + first + " " + second);
        }

        @Override
        public void dropped(final long count) {
            dropped += count;
            told.add("dropped " + count);
        }

        @Override
        public void caughtUp() {
            idle.release();
        }
    }

    private TraceLog log(final TraceSink sink, final int capacity) {
        return new TraceLog(sink, now::getAndIncrement, capacity, this::thread);
    }

    private Thread thread(final Runnable loop) {
        final Thread thread = new Thread(loop, "trace");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((who, what) -> reported.add(what));
        return thread;
    }

    @Test
    void tellsEventsInTheirOrderWithTheirTime() {
        try (TraceLog log = log(recorder, 8)) {
            assertThat(log.isOn()).isTrue();
            log.event("blkfront", "request", 1, -2);
            log.event("blkback", "response", Long.MAX_VALUE, Long.MIN_VALUE);
        }
        assertThat(recorder.told)
                .containsExactly(
                        "100 blkfront request 1 -2",
                        "101 blkback response 9223372036854775807 -9223372036854775808");
    }

    @Test
    void tellsAllThatWasRaisedBeforeItClosedAndNothingAfter() {
        final TraceLog log = log(recorder, 1024);
        for (int i = 0; i < 1000; i++) {
            log.event("half", "event", i, 0);
        }
        log.close();
        assertThat(log.isOn()).isFalse();
        log.event("half", "late", 0, 0);
        log.close();

        assertThat(recorder.events).isEqualTo(1000);
        assertThat(recorder.told.getLast()).endsWith("event 999 0");
        assertThat(log.dropped()).isZero();
    }

    @Test
    void dropsAndCountsWhatASlowSinkHasNoRoomForAndNeverWaits() throws Exception {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        final Recorder slow =
                new Recorder() {
                    @Override
                    public void event(
                            final long nanos,
                            final String who,
                            final String what,
                            final long first,
                            final long second) {
                        entered.countDown();
                        awaitUninterruptibly(released);
                        super.event(nanos, who, what, first, second);
                    }
                };
        try (TraceLog log = log(slow, 4)) {
            log.event("half", "first", 0, 0);
            entered.await();
            for (int i = 1; i < 10; i++) {
                log.event("half", "more", i, 0);
            }
            assertThat(log.dropped()).isEqualTo(6);
            released.countDown();
        }
        assertThat(slow.told)
                .containsExactly(
                        "100 half first 0 0",
                        "dropped 6",
                        "101 half more 1 0",
                        "102 half more 2 0",
                        "103 half more 3 0");
    }

    private static void awaitUninterruptibly(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void accountsForEveryEventOfManyThreads() throws Exception {
        final int threads = 3;
        final int each = 50_000;
        final List<FutureTask<Void>> raisers = new ArrayList<>();
        final TraceLog log = log(recorder, 256);
        for (int t = 0; t < threads; t++) {
            final String who = "half" + t;
            raisers.add(
                    new FutureTask<>(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    log.event(who, "event", i, ~i);
                                }
                            },
                            null));
            thread(raisers.getLast()).start();
        }
        for (final FutureTask<Void> raiser : raisers) {
            raiser.get();
        }
        log.close();

        assertThat(recorder.events + recorder.dropped).isEqualTo((long) threads * each);
        assertThat(recorder.dropped).isEqualTo(log.dropped());
        assertThat(reported).isEmpty();
        final long[] last = {-1, -1, -1};
        for (final String line : recorder.told) {
            if (!line.startsWith("dropped")) {
                final String[] words = line.split(" ", -1);
                final int who = words[1].charAt(4) - '0';
                final long figure = Long.parseLong(words[3]);
                assertThat(figure).isGreaterThan(last[who]);
                assertThat(Long.parseLong(words[4])).isEqualTo(~figure);
                last[who] = figure;
            }
        }
    }

    @Test
    void letsTheSinkFlushWhenNothingIsWaiting() throws Exception {
        try (TraceLog log = log(recorder, 8)) {
            for (int i = 1; i <= 3; i++) {
                log.event("half", "event", i, 0);
                recorder.idle.acquire();
                assertThat(recorder.told).hasSize(i);
            }
        }
    }

    @Test
    void turnsItselfOffWhenTheSinkFails() throws Exception {
        final IllegalStateException full = new IllegalStateException("disk full");
        final CountDownLatch failed = new CountDownLatch(1);
        final Recorder failing =
                new Recorder() {
                    @Override
                    public void event(
                            final long nanos,
                            final String who,
                            final String what,
                            final long first,
                            final long second) {
                        throw full;
                    }
                };
        final TraceLog log =
                new TraceLog(
                        failing,
                        now::getAndIncrement,
                        4,
                        loop -> {
                            final Thread thread = thread(loop);
                            thread.setUncaughtExceptionHandler((who, what) -> {
                                reported.add(what);
                                failed.countDown();
                            });
                            return thread;
                        });
        log.event("half", "event", 0, 0);
        failed.await();

        assertThat(log.isOn()).isFalse();
        for (int i = 0; i < 10; i++) {
            log.event("half", "event", i, 0);
        }
        log.close();
        assertThat(reported).containsExactly(full);
    }

    @Test
    void goesOnWhenItsThreadIsInterrupted() throws Exception {
        final List<Thread> made = new ArrayList<>();
        final TraceLog log =
                new TraceLog(
                        recorder,
                        now::getAndIncrement,
                        8,
                        loop -> {
                            made.add(thread(loop));
                            return made.getFirst();
                        });
        for (int i = 0; i < 200; i++) {
            made.getFirst().interrupt();
            log.event("half", "event", i, 0);
        }
        log.close();
        assertThat(recorder.events + recorder.dropped).isEqualTo(200);
        assertThat(reported).isEmpty();
        assertThat(made.getFirst().isAlive()).isFalse();
    }

    @Test
    void refusesACapacityThatIsNoPowerOfTwo() {
        assertThatThrownBy(() -> log(recorder, 12)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Compiling ends after some rounds; from then on an event allocates nothing, kept or not. */
    @Test
    void allocatesNothingForAnEvent() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().threadId();
        final TraceWriter writer = new TraceWriter(Writer.nullWriter());
        long least = Long.MAX_VALUE;
        try (TraceLog log = log(writer, 64)) {
            for (int round = 0; round < 200 && least > 0; round++) {
                final long before = threads.getThreadAllocatedBytes(self);
                for (int i = 0; i < 500; i++) {
                    log.event("half", "event", i, 0);
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(self) - before);
            }
        }
        assertThat(least).as("bytes allocated by 500 events").isZero();
    }

    @Test
    void isSilentWhenNobodyListens() {
        Trace.OFF.event("half", "event", 0, 0);
        assertThat(Trace.OFF.isOn()).isFalse();
    }
}
