package io.ringside.hypervisor;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A trace that hands its events to a sink on a thread of its own.
 *
 * <pre>
 *   blkfront ---+
 *               |      +---+---+---+---+
 *   blkback  ---+---&gt;  |   |   |   |   | ---&gt; sink
 *               |      +---+---+---+---+
 *   store    ---+       ring of events
 * </pre>
 *
 * <p>Raising an event allocates nothing and never waits: when the ring is full, the event is
 * dropped and counted, so that a slow sink does not change what it observes more than it must.
 *
 * <p>Threads: any raise events; one thread, made by a given factory, tells them. Errors: when the
 * sink throws, the log is off from then on and its thread's handler for uncaught exceptions is
 * told.
 */
public final class TraceLog implements Trace, AutoCloseable {
    private final RingBuffer<Event> events;
    private final Sequence told = new Sequence();
    private final AtomicLong dropped = new AtomicLong();
    private final TraceSink sink;
    private final Clock clock;
    private final Thread thread;
    private volatile boolean on = true;

    /**
     * Makes a log and starts its thread.
     *
     * @param sink is told every event
     * @param clock gives events their time
     * @param capacity events that can wait for the sink: a power of two
     * @param threads makes the thread
     */
    public TraceLog(
            final TraceSink sink,
            final Clock clock,
            final int capacity,
            final ThreadFactory threads) {
        this.sink = sink;
        this.clock = clock;
        this.events =
                RingBuffer.createMultiProducer(Event::new, capacity, new BlockingWaitStrategy());
        events.addGatingSequences(told);
        this.thread = threads.newThread(new Teller());
        thread.start();
    }

    @Override
    public boolean isOn() {
        return on;
    }

    @Override
    public void event(final String who, final String what, final long first, final long second) {
        if (!on) {
            return;
        }
        final long sequence;
        try {
            sequence = events.tryNext();
        } catch (final InsufficientCapacityException e) {
            dropped.incrementAndGet();
            return;
        }
        final Event event = events.get(sequence);
        event.nanos = clock.nanoTime();
        event.who = who;
        event.what = what;
        event.first = first;
        event.second = second;
        events.publish(sequence);
    }

    /** How many events were lost because the sink was too slow. */
    public long dropped() {
        return dropped.get();
    }

    /**
     * Turns the log off and waits until the sink was told all that was raised before; what other
     * threads raise meanwhile may be lost.
     */
    @Override
    public void close() {
        on = false;
        final long sequence = events.next();
        events.get(sequence).isLast = true;
        events.publish(sequence);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One event, filled anew for every use. */
    private static final class Event {
        private long nanos;
        private String who = "";
        private String what = "";
        private long first;
        private long second;
        private boolean isLast;
    }

    /** Tells the sink, on the log's thread, until the last event or the sink's first failure. */
    private final class Teller implements Runnable {
        private final SequenceBarrier barrier = events.newBarrier();
        private long toldDropped;

        @Override
        public void run() {
            try {
                tellUntilLast();
            } catch (final Throwable e) {
                on = false;
                final Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, e);
            } finally {
                // Nobody waits for this thread to make room any more.
                told.set(Long.MAX_VALUE);
            }
        }

        private void tellUntilLast() {
            long next = told.get() + 1;
            while (true) {
                final long available = await(next);
                for (; next <= available; next++) {
                    final Event event = events.get(next);
                    tellDropped();
                    if (event.isLast) {
                        sink.caughtUp();
                        return;
                    }
                    sink.event(event.nanos, event.who, event.what, event.first, event.second);
                    told.set(next);
                }
                sink.caughtUp();
            }
        }

        private void tellDropped() {
            final long now = dropped.get();
            if (now != toldDropped) {
                sink.dropped(now - toldDropped);
                toldDropped = now;
            }
        }

        /** Only the last event ends the thread, not an interrupt. */
        private long await(final long wanted) {
            try {
                return barrier.waitFor(wanted);
            } catch (final InterruptedException | TimeoutException | AlertException e) {
                return wanted - 1;
            }
        }
    }
}
