package io.ringside.device.net;

import io.ringside.device.host.PacketArrivals;
import java.util.function.LongSupplier;

/**
 * A port at which frames arrive by themselves as time goes on, from {@link #start} to {@link
 * #stop}.
 *
 * <p>Time goes on in {@link #take} and in {@link #tick}: one of them must be called often enough
 * that the shelf covers the pause. Threads: one.
 */
abstract class OfferingPort extends ShelfPort {
    private final LongSupplier clock;
    private boolean running;
    private long nowNanos;

    OfferingPort(final PacketShelf shelf, final LongSupplier clock) {
        super(shelf);
        this.clock = clock;
    }

    /** Starts to offer frames, from now on. */
    public void start() {
        running = true;
        nowNanos = clock.getAsLong();
        started(nowNanos);
    }

    /** Offers no more frames; those that wait can be taken. */
    public void stop() {
        running = false;
    }

    /** Offers the frames that have come since the last time, and wakes a backend that sleeps. */
    public void tick() {
        final boolean waited = shelf.hasWaiting();
        advance(1);
        if (shelf.hasWaiting()) {
            wakeUnless(waited);
        }
    }

    @Override
    public int take(final PacketArrivals arrivals, final int limit) {
        advance(limit);
        return shelf.take(arrivals, limit);
    }

    private void advance(final int wanted) {
        if (running && isLinkUp()) {
            final long before = nowNanos;
            nowNanos = clock.getAsLong();
            offer(before, nowNanos, wanted);
        }
    }

    /** Time starts here. */
    abstract void started(long now);

    /**
     * Puts on the shelf what has come.
     *
     * @param before the time of the last call
     * @param now the time of this one
     * @param wanted how many frames should wait afterwards, for a port that has no time of its own
     */
    abstract void offer(long before, long now, int wanted);
}
