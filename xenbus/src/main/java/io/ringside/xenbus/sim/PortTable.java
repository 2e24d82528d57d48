package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.SharedInfo;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What each port of one domain is.
 *
 * <p>Threads: any may read; whoever changes it holds the lock of the hypervisor's event channels,
 * and so do those who open and close.
 */
final class PortTable {
    private volatile AtomicReferenceArray<@Nullable EventPort> ports =
            new AtomicReferenceArray<>(SharedInfo.PORTS);
    private int lowestFree = 1;
    private int openCount;

    /** What a port is; null for one that is closed, or does not exist. Safe for any number. */
    @Nullable EventPort get(final int port) {
        final AtomicReferenceArray<@Nullable EventPort> now = ports;
        return port > 0 && port < now.length() ? now.getAcquire(port) : null;
    }

    /** The same number, of a port that is open; anything else is our own fault. */
    int checkedOpen(final int port) {
        if (get(port) == null) {
            throw new IllegalArgumentException("port is not open: port=" + port);
        }
        return port;
    }

    /** Whether a port waits for a domain to bind it. Safe for any number. */
    boolean isReservedFor(final int binder, final int port) {
        return get(port) instanceof EventPort.Unbound unbound && unbound.remoteDomain() == binder;
    }

    /** The highest port that is open; 1 if none is. */
    int highestOpen() {
        int port = length() - 1;
        while (port > 1 && get(port) == null) {
            port--;
        }
        return port;
    }

    /** One more than the highest port. */
    int length() {
        return ports.length();
    }

    /** How many ports are not closed. */
    int openCount() {
        return openCount;
    }

    /** The lowest port that is free, or 0. */
    int lowestFree() {
        int port = lowestFree;
        while (port < ports.length() && ports.getAcquire(port) != null) {
            port++;
        }
        lowestFree = port;
        return port < ports.length() ? port : 0;
    }

    /** The next port behind one that is not closed, or 0. */
    int nextOpen(final int behind) {
        for (int port = behind + 1; port < ports.length(); port++) {
            if (ports.getAcquire(port) != null) {
                return port;
            }
        }
        return 0;
    }

    /** Opens a port that is free. */
    void open(final int port, final EventPort state) {
        ports.setRelease(port, state);
        openCount++;
    }

    /** Changes what an open port is. */
    void change(final int port, final EventPort state) {
        ports.setRelease(port, state);
    }

    /** Closes an open port. */
    void close(final int port) {
        ports.setRelease(port, null);
        openCount--;
        lowestFree = Math.min(lowestFree, port);
    }

    /** Makes room for so many ports; those that are open stay, if they fit. */
    void resize(final int length) {
        final AtomicReferenceArray<@Nullable EventPort> old = ports;
        final AtomicReferenceArray<@Nullable EventPort> next = new AtomicReferenceArray<>(length);
        openCount = 0;
        for (int port = 1; port < Math.min(length, old.length()); port++) {
            final EventPort state = old.getAcquire(port);
            next.setRelease(port, state);
            openCount += state == null ? 0 : 1;
        }
        ports = next;
        lowestFree = 1;
    }
}
