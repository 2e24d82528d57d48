package io.ringside.xenbus.event;

import java.util.ArrayList;
import java.util.List;

/**
 * What one peer may cost us in events that bring no work.
 *
 * <p>The handler of each of the peer's ports says whether it found work. An event that brought none
 * is spent from the budget of the peer; when that is used up all of its ports are masked, and
 * whatever it sends costs us nothing more until {@link #tick}. Events are kept meanwhile, so that
 * no work is lost. There is no clock here: whoever has one calls {@code tick} at an even pace.
 *
 * <p>Errors: a port that is not open, or not watched, is an {@link IllegalArgumentException}.
 * Threads: one (the domain's).
 */
public final class EventBudget {
    /** What runs when a port has an event. */
    @FunctionalInterface
    public interface Work {
        /** Looks for work and does a bounded amount; answers whether there was any. */
        boolean run();
    }

    private final EventChannels channels;
    private final int eventsPerTick;
    private final List<Watched> ports = new ArrayList<>();
    private int spent;
    private boolean held;
    private long spuriousEvents;
    private long holds;

    /**
     * The budget of one peer.
     *
     * @param eventsPerTick events without work that are borne between two ticks, at least 1
     */
    public EventBudget(final EventChannels channels, final int eventsPerTick) {
        if (eventsPerTick < 1) {
            throw new IllegalArgumentException(
                    "event budget out of range: eventsPerTick=" + eventsPerTick);
        }
        this.channels = channels;
        this.eventsPerTick = eventsPerTick;
    }

    /** Makes {@code work} the handler of one of the peer's ports, within the budget. */
    public void watch(final int port, final Work work) {
        final Watched watched = new Watched(port, work);
        channels.handler(port, watched);
        if (held) {
            channels.mask(port);
        }
        ports.add(watched);
    }

    /** Forgets a port; before it is closed. */
    public void forget(final int port) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).port == port) {
                ports.remove(i);
                return;
            }
        }
        throw new IllegalArgumentException("port is not watched: port=" + port);
    }

    /** Begins a new period: the budget is whole again, and what was held back comes through. */
    public void tick() {
        spent = 0;
        if (held) {
            held = false;
            for (int i = 0; i < ports.size(); i++) {
                channels.unmask(ports.get(i).port);
            }
        }
    }

    /** Whether the peer is held back until the next {@link #tick}. */
    public boolean isHeld() {
        return held;
    }

    /** How many events brought no work, ever. */
    public long spuriousEvents() {
        return spuriousEvents;
    }

    /** How often the peer was held back. */
    public long holds() {
        return holds;
    }

    private void spend() {
        spuriousEvents++;
        spent++;
        if (spent < eventsPerTick || held) {
            return;
        }
        held = true;
        holds++;
        for (int i = 0; i < ports.size(); i++) {
            channels.mask(ports.get(i).port);
        }
    }

    /** One port of the peer. */
    private final class Watched implements Runnable {
        private final int port;
        private final Work work;

        private Watched(final int port, final Work work) {
            this.port = port;
            this.work = work;
        }

        @Override
        public void run() {
            if (!work.run()) {
                spend();
            }
        }
    }
}
