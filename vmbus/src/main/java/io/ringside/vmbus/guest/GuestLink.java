package io.ringside.vmbus.guest;

import io.ringside.hypervisor.Doorbell;
import io.ringside.vmbus.protocol.ChannelMessage;

/**
 * What the guest's state machine asks of the world: it has no other effects.
 *
 * <p>Threads: the client's.
 */
interface GuestLink {
    /** Sends a message to the host. */
    void send(ChannelMessage message);

    /** Proposes a version: INITIATE_CONTACT with the pages that it needs. */
    void contact(int version);

    /** A version is agreed on. */
    void accepted(int version, int messageConnectionId);

    /** Signals the host for a channel. */
    Doorbell signal(GuestChannel channel);

    /** A channel was offered. */
    void offered(GuestChannel channel);

    /** How many processors may be interrupted. */
    int processorCount();

    /** Sets what runs when the host signals a channel. */
    void handler(int relid, Runnable handler);

    /** A channel has gone: its events are nobody's. */
    void forget(int relid);
}
