package io.ringside.xenbus.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What each port of a domain runs. Threads: one (the domain's). */
final class PortHandlers {
    private @Nullable Runnable[] handlers = new Runnable[0];

    /** The handler of a port, or null. */
    @Nullable Runnable get(final int port) {
        return port < handlers.length ? handlers[port] : null;
    }

    /** Sets or forgets the handler of a port. */
    void set(final int port, final @Nullable Runnable handler) {
        if (port >= handlers.length) {
            handlers = Arrays.copyOf(handlers, Math.max(64, Integer.highestOneBit(port) * 2));
        }
        handlers[port] = handler;
    }
}
