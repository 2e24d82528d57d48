package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.store.XenStore.WatchEvent;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events that one connection has not taken: those that are the same wait once.
 *
 * <p>If none is taken for too long they are dropped, and what comes after as well, until somebody
 * takes again: every watch is due then. Time is what the caller says it is.
 *
 * <p>Threads: any, under the store's lock, except for {@link #mayHaveSome}.
 */
final class WaitingEvents {
    private final Set<WatchEvent> events = new LinkedHashSet<>();
    private long bytes;
    private volatile boolean some;
    private boolean dropped;
    private boolean aging;
    private long sinceNanos;

    /** Whether it is worth asking; takes no lock. */
    boolean mayHaveSome() {
        return some;
    }

    /** How many wait. */
    int count() {
        return events.size();
    }

    /** What those that wait take, in bytes. */
    long bytes() {
        return bytes;
    }

    /** Has an event wait; false if it does already, or is dropped. */
    boolean add(final String path, final String token) {
        if (dropped || !events.add(new WatchEvent(path, token))) {
            return false;
        }
        bytes += path.length() + token.length() + 2;
        some = true;
        return true;
    }

    /** Whether events were dropped since this was asked last: every watch is due. */
    boolean takeDropped() {
        final boolean due = dropped;
        dropped = false;
        return due;
    }

    /** Takes the oldest, or null. */
    @Nullable WatchEvent take() {
        final Iterator<WatchEvent> queue = events.iterator();
        WatchEvent oldest = null;
        if (queue.hasNext()) {
            oldest = queue.next();
            queue.remove();
            bytes -= oldest.path().length() + oldest.token().length() + 2;
        }
        aging = false;
        some = !events.isEmpty();
        return oldest;
    }

    /** Drops all if none was taken for so long, as far as earlier calls saw it; whether it did. */
    boolean expire(final long nowNanos, final long timeoutNanos) {
        if (events.isEmpty()) {
            aging = false;
            return false;
        }
        if (!aging) {
            aging = true;
            sinceNanos = nowNanos;
            return false;
        }
        if (nowNanos - sinceNanos < timeoutNanos) {
            return false;
        }
        clear();
        dropped = true;
        some = true;
        return true;
    }

    void clear() {
        events.clear();
        bytes = 0;
        some = false;
        dropped = false;
        aging = false;
    }
}
