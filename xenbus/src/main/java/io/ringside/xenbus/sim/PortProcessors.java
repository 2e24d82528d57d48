package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.FifoEventWord;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which processor of a domain hears of each port.
 *
 * <p>Whoever marks a port does so before it asks here; whoever moves a port writes here before it
 * looks whether the port is marked. So one of both tells the processor that the port has moved to.
 *
 * <p>Threads: any.
 */
final class PortProcessors {
    private final int count;
    private final AtomicIntegerArray processors;

    /** All ports are with processor 0. */
    PortProcessors(final int count) {
        this.count = count;
        processors = new AtomicIntegerArray(count == 1 ? 1 : FifoEventWord.PORTS);
    }

    /** How many processors there are. */
    int count() {
        return count;
    }

    /** Whether there is a processor of a number. Safe for any number. */
    boolean has(final int processor) {
        return processor >= 0 && processor < count;
    }

    /** The processor that hears of a port. */
    int of(final int port) {
        return count == 1 ? 0 : processors.get(port);
    }

    /** Has a processor hear of a port. */
    void set(final int port, final int processor) {
        if (count != 1) {
            processors.set(port, processor);
        }
    }
}
