package io.ringside.emulated.nic.backend;

import org.agrona.concurrent.Agent;

/**
 * The model of a network card, as whoever runs it sees it.
 *
 * <p>Threads: that of whoever runs it, which is also the one that serves the guest's accesses.
 */
public interface NicModel extends Agent {
    /**
     * Whether it waits for what rings no doorbell: room in its port, or a time before which it does
     * not interrupt. Then it must be stepped again, whoever else sleeps.
     */
    boolean isWaiting();
}
