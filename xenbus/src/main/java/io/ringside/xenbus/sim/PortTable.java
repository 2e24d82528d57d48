package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.SharedInfo;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What each port of one domain is.
 *
 * <p>Threads: any may read; whoever changes it holds the lock of the hypervisor's event channels,
 * and only the domain's own thread opens and closes.
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

    /** The highest port that is not closed, or 1. */
    int highestOpen() {
        int port = ports.length() - 1;
        while (port > 1 && ports.getAcquire(port) == null) {
            port--;
        }
        return port;
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

    /** Refuses a port that is closed. */
    int checkOpen(final int port) {
        if (get(port) == null) {
            throw new IllegalArgumentException("port is not open: port=" + port);
        }
        return port;
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
        for (int port = 1; port < Math.min(length, old.length()); port++) {
            next.setRelease(port, old.getAcquire(port));
        }
        ports = next;
        lowestFree = 1;
    }
}
