package io.ringside.perf.model;

import io.ringside.hypervisor.Doorbell;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a guest or of the host, in simulated time: it steps its agent for as long as that
 * finds work, and then sleeps behind its doorbell, or polls.
 *
 * <pre>
 *            nothing to do, not rung
 *     READY ------------------------> ASLEEP (or POLLING)
 *      | ^                                |
 *      | |  rung: its time is the ring's  |
 *      | +--------------------------------+
 *      | |     and a wake-up more (or a line's way, who polls)
 *      v |
 *     QUEUED   while all processors that it may run on are somebody else's
 * </pre>
 *
 * <p>A guest's that has handed an exit over is WAITING for the answer, and for nothing else. The
 * hand-over both ways takes no time of its own: the exit is charged for it.
 *
 * <p>A ring that finds it awake is remembered, and its next sleep ends at once. Threads: see {@link
 * Simulation}.
 */
final class Strand implements Doorbell, IdleStrategy {
    private enum State {
        READY,
        ASLEEP,
        POLLING,
        WAITING,
        QUEUED
    }

    private final Simulation simulation;
    private final Thread thread;
    private final boolean polls;
    private @Nullable HostProcessors processors;
    private Agent agent = new Idle();
    private LongSupplier copiedElsewhere = () -> 0;
    private long nanos;
    private long busyNanos;
    private double fraction;
    private long copiedBefore;
    private State state = State.READY;
    private boolean rung;
    private volatile boolean left;

    /**
     * A strand that does nothing yet.
     *
     * @param polls whether it looks again and again rather than sleep
     */
    Strand(final Simulation simulation, final String name, final boolean polls) {
        this.simulation = simulation;
        this.polls = polls;
        thread = Thread.ofVirtual().name(name).unstarted(this::body);
        nanos = simulation.nanoTime();
        simulation.add(this);
    }

    /**
     * Gives it something to do, before it runs.
     *
     * @param newAgent what it steps
     * @param newCopiedElsewhere bytes that the agent copies and counts itself; they are charged
     *     after the step
     */
    void does(final Agent newAgent, final LongSupplier newCopiedElsewhere) {
        agent = newAgent;
        copiedElsewhere = newCopiedElsewhere;
        copiedBefore = newCopiedElsewhere.getAsLong();
        rung = true; // Whatever came while it was set up is worth a look.
    }

    /** Has it share processors with others. */
    void runsOn(final HostProcessors shared) {
        processors = shared;
    }

    @Override
    public void ring() {
        switch (state) {
            case ASLEEP -> {
                state = State.READY;
                nanos = Math.max(nanos, simulation.nanoTime()) + simulation.costs().wakeNanos();
            }
            case READY, QUEUED, POLLING, WAITING -> rung = true;
        }
    }

    /** Has it look for an exit that was handed over to it: it does so at once. */
    void handedOver() {
        if (state == State.ASLEEP || state == State.POLLING) {
            state = State.READY;
            nanos = Math.max(nanos, simulation.nanoTime());
        } else {
            rung = true;
        }
    }

    /** The exit that it waits for has been answered: it goes on at once. */
    void answered() {
        if (state == State.WAITING) {
            state = State.READY;
            nanos = Math.max(nanos, simulation.nanoTime());
        }
    }

    @Override
    public void idle(final int workCount) {
        if (workCount <= 0) {
            idle();
        }
    }

    /** Waits in the midst of a step, until it is {@link #answered}; a ring is kept for later. */
    @Override
    public void idle() {
        simulation.beginWait();
        state = State.WAITING;
        if (processors != null) {
            processors.leave(this);
        }
        simulation.pass(this);
        takeProcessor();
        simulation.endWait();
    }

    /** Sleeps, or polls, unless it was rung. */
    private void rest() {
        if (rung && !polls) {
            rung = false;
            simulation.stall(simulation.costs().lineNanos());
        } else {
            rung = false;
            state = polls ? State.POLLING : State.ASLEEP;
        }
    }

    private void takeProcessor() {
        if (processors != null && !processors.hasOne(this)) {
            processors.ask(this);
            simulation.pass(this);
        }
    }

    @Override
    public void reset() {
        // A ring is remembered, and nothing else.
    }

    @Override
    public String alias() {
        return "strand";
    }

    /** Time that it was charged. */
    long busyNanos() {
        return busyNanos;
    }

    long nanos() {
        return nanos;
    }

    boolean isReady() {
        return state == State.READY;
    }

    boolean hasLeft() {
        return left;
    }

    Thread thread() {
        return thread;
    }

    void charge(final long chargedNanos) {
        nanos += chargedNanos;
        busyNanos += chargedNanos;
    }

    /** Whole nanoseconds of a charge; what is left of it is kept for the next one. */
    long wholeNanos(final double charge) {
        fraction += charge;
        final long whole = (long) fraction;
        fraction -= whole;
        return whole;
    }

    /** Lets it look again, if it polls and somebody else has moved. */
    void rouse(final @Nullable Strand writer, final long seenNanos) {
        if (state == State.POLLING && this != writer) {
            state = State.READY;
            nanos = Math.max(nanos, seenNanos);
        }
    }

    /** It has to wait for a processor. */
    void queued() {
        state = State.QUEUED;
    }

    /** It has got one. */
    void dispatched(final long atNanos, final long switchNanos) {
        state = State.READY;
        nanos = Math.max(nanos, atNanos);
        charge(switchNanos);
    }

    void start() {
        thread.start();
    }

    void join() {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: strand=" + thread.getName(), e);
        }
    }

    void awaitTurn() {
        while (!simulation.hasTurn(this)) {
            LockSupport.park(this);
        }
    }

    private void body() {
        awaitTurn();
        Throwable thrown = null;
        try {
            while (!simulation.isEnded()) {
                step();
            }
        } catch (final Throwable e) {
            thrown = e;
        }
        left = true;
        simulation.leave(thrown);
    }

    private void step() throws Exception {
        takeProcessor();
        if (simulation.isEnded()) {
            return;
        }
        final long before = nanos;
        final int work = agent.doWork();
        final long copied = copiedElsewhere.getAsLong();
        simulation.copied(copied - copiedBefore);
        copiedBefore = copied;
        if (work > 0 && nanos == before) {
            simulation.stall(simulation.costs().lineNanos());
        }
        if (simulation.isEnded()) {
            return;
        }
        if (work > 0) {
            simulation.rousePollers(this);
        } else {
            rest();
        }
        if (processors != null && (state != State.READY || processors.isWanted())) {
            processors.leave(this);
        }
        simulation.pass(this);
    }

    private static final class Idle implements Agent {
        @Override
        public int doWork() {
            return 0;
        }

        @Override
        public String roleName() {
            return "idle";
        }
    }
}
