package io.ringside.vmbus.host;

import io.ringside.hypervisor.Doorbell;
import io.ringside.vmbus.host.ServerState.Contact;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.synic.EventPort;

/**
 * What the host's state machine asks of the world: it has no other effects.
 *
 * <p>Threads: the server's.
 */
interface HostLink {
    /** Sends a message to the guest that made this contact. */
    void send(Contact contact, ChannelMessage message);

    /** A guest has made contact: its pages are used from now on. */
    void connected(Contact contact);

    /** The guest is gone: its pages are not used any more. */
    void disconnected();

    /** Interrupts a processor for a channel; the answer is rung by the channel's driver. */
    Doorbell signal(Contact contact, HostChannel channel);

    /** Takes the guest's signals to a connection; rings the driver for each. */
    EventPort openPort(int connectionId, Doorbell driver);

    /** A trigger of the monitor page that signals a connection, or {@link Offer#NO_MONITOR}. */
    int allocateMonitor(int connectionId, int latency100Nanos);

    /** Gives a trigger back. */
    void freeMonitor(int monitorId);

    /** Wakes the server. */
    Doorbell server();
}
