package io.ringside.xenbus.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What each port of a domain runs.
 *
 * <p>Threads: the domain's processors. Whoever learns of a port's event has seen its handler set:
 * the port was masked before.
 */
final class PortHandlers {
    private volatile @Nullable Runnable[] handlers = new Runnable[0];

    /** The handler of a port, or null. */
    @Nullable Runnable get(final int port) {
        final @Nullable Runnable[] now = handlers;
        return port < now.length ? now[port] : null;
    }

    /** Sets or forgets the handler of a port. */
    synchronized void set(final int port, final @Nullable Runnable handler) {
        @Nullable Runnable[] now = handlers;
        if (port >= now.length) {
            now = Arrays.copyOf(now, Math.max(64, Integer.highestOneBit(port) * 2));
        }
        now[port] = handler;
        handlers = now;
    }
}
