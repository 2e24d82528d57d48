package io.ringside.perf.model;

import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.Toll;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Simulated time, and whose turn it is.
 *
 * <p>Every strand has a time of its own. Code takes none; a charge moves the time of the strand
 * that pays it. The strand whose time is least has the turn (of two, the one that was made first),
 * and it keeps it until a charge or its sleep makes another one's time the least. So the strands
 * interleave at their charges, wherever in a driver those are, and <em>everything that a strand
 * writes is written at its own time, after all that others wrote before and before all that they
 * write later</em>: no strand ever sees what lies in its future. What is left of an error is that
 * code between two charges happens at one instant, so that a strand which looks at a ring a moment
 * before another writes there may look just after it on a real machine.
 *
 * <p>Events (a medium that is done, a clock that ticks) come at their times, before strands whose
 * time is the same, in the order in which they were asked for.
 *
 * <p>A strand is stopped in the midst of a driver, so each has a thread to keep its place. But the
 * turn is handed from one to the next: only one ever runs, and no order of threads, no hash and no
 * wall time has a part in who is next. The same scenario gives the same figures to the digit.
 *
 * <p>Threads: {@link #run} and everything before and after belong to one thread; what strands and
 * events call belongs to whoever has the turn. Outside of a run charges take nothing and time
 * stands still. Errors: what a strand throws ends the run, and is thrown by {@link #run}.
 */
final class Simulation implements Toll, Clock {
    /** When time begins: not at 0, which here and there means "never". */
    private static final long EPOCH_NANOS = 1_000_000_000;

    private final ModelCosts costs;
    private final List<Strand> strands = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long eventsAsked;
    private long now = EPOCH_NANOS;
    private @Nullable Strand running;
    private volatile @Nullable Strand turn;
    private boolean ending;
    private int waits;
    private volatile boolean ended;
    private @Nullable Throwable failure;

    /** A simulation without anybody in it. */
    Simulation(final ModelCosts costs) {
        this.costs = costs;
    }

    private record Event(long nanos, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(final Event other) {
            final int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** What time costs here. */
    ModelCosts costs() {
        return costs;
    }

    /** Adds a strand; before {@link #run}. */
    void add(final Strand strand) {
        strands.add(strand);
    }

    /** Has something done at a time that is not past; it takes no time itself. */
    void at(final long nanos, final Runnable action) {
        events.add(new Event(Math.max(nanos, now), eventsAsked++, action));
    }

    /** The time of whoever has the turn. */
    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void stall(final long nanos) {
        final Strand strand = running;
        if (strand != null) {
            rousePollers(strand);
            strand.charge(nanos);
            pass(strand);
        }
    }

    @Override
    public void copied(final long lengthBytes) {
        final Strand strand = running;
        if (strand != null && lengthBytes > 0) {
            stall(strand.wholeNanos(lengthBytes * costs.copyNanosPerByte()));
        }
    }

    /** Whoever polls sees what has been written so far when the line has come over. */
    void rousePollers(final @Nullable Strand writer) {
        for (int i = 0; i < strands.size(); i++) {
            strands.get(i).rouse(writer, now + costs.lineNanos());
        }
    }

    /** Whether the run is over: every strand leaves at the end of its step. */
    boolean isEnded() {
        return ended;
    }

    /** Ends the run, as soon as nobody waits for another in the midst of a step. */
    void end() {
        ending = true;
        if (waits == 0) {
            endNow();
        }
    }

    private void endNow() {
        ended = true;
        running = null;
    }

    /** The strand whose turn it is waits for another in the midst of its step. */
    void beginWait() {
        if (ended) {
            throw new IllegalStateException("nobody answers any more: the run has failed");
        }
        waits++;
    }

    /** It waits no more. */
    void endWait() {
        waits--;
        if (ending && waits == 0) {
            endNow();
        }
    }

    /** Runs all strands until {@link #end}, or until one fails. */
    void run() {
        for (final Strand strand : strands) {
            strand.start();
        }
        hand(next());
        for (final Strand strand : strands) {
            strand.join();
        }
        if (failure != null) {
            throw new IllegalStateException("a half failed: " + failure.getMessage(), failure);
        }
    }

    /** Gives the turn to whoever is next; returns when it is this strand's again. */
    void pass(final Strand strand) {
        if (ended) {
            return;
        }
        final Strand next = next();
        if (next != strand) {
            hand(next);
            strand.awaitTurn();
        } else if (!ended) {
            running = strand;
            now = strand.nanos();
        }
    }

    /** The strand is at its end: the others leave, too. */
    void leave(final @Nullable Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
        endNow();
        for (final Strand strand : strands) {
            if (!strand.hasLeft()) {
                hand(strand);
                return;
            }
        }
    }

    private void hand(final Strand strand) {
        if (!ended) {
            running = strand;
            now = strand.nanos();
        }
        turn = strand;
        LockSupport.unpark(strand.thread());
    }

    boolean hasTurn(final Strand strand) {
        return turn == strand;
    }

    /** Does what is due before any strand goes on, and finds the one that is then the first. */
    private Strand next() {
        while (true) {
            final Strand first = first();
            final Event event = events.peek();
            if (event != null && (first == null || event.nanos <= first.nanos())) {
                events.remove();
                running = null;
                now = event.nanos;
                event.action.run();
                rousePollers(null);
                if (ended) {
                    return strands.getFirst();
                }
            } else if (first != null) {
                return first;
            } else {
                throw new IllegalStateException("nobody goes on: strands=" + strands.size());
            }
        }
    }

    private @Nullable Strand first() {
        Strand first = null;
        for (int i = 0; i < strands.size(); i++) {
            final Strand strand = strands.get(i);
            if (strand.isReady() && (first == null || strand.nanos() < first.nanos())) {
                first = strand;
            }
        }
        return first;
    }
}
