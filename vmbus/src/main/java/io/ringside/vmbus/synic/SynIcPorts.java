package io.ringside.vmbus.synic;

import io.ringside.hypervisor.Doorbell;
import io.ringside.vmbus.protocol.MonitorPage;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of the SynIC of one guest: where the guest's messages and signals arrive, and how
 * the host sends its own.
 *
 * <p>Errors: a connection that is open already, or a processor or SINT that does not exist, is our
 * own fault, an {@link IllegalArgumentException}. What the guest has done or left undone is an
 * answer. Threads: any; opening, closing and posting lock briefly, signalling does not.
 */
public interface SynIcPorts {
    /** How many processors the guest has. */
    int processorCount();

    /**
     * Takes the guest's messages to a connection.
     *
     * @param capacity how many wait at most; the guest is told {@code INSUFFICIENT_BUFFERS} then
     * @param doorbell is rung for each message
     */
    MessagePort openMessagePort(int connectionId, int capacity, Doorbell doorbell);

    /**
     * Takes the guest's signals to a connection, by hypercall or by a monitor page.
     *
     * @param doorbell is rung for each signal that was not waiting already
     */
    EventPort openEventPort(int connectionId, Doorbell doorbell);

    /**
     * Posts a message into the slot of a SINT, or in the queue before it.
     *
     * @param port what the message says it comes from
     * @return whether it was taken: not while the guest leaves too many unread, or has no message
     *     page
     */
    boolean postMessage(
            int processor, int sint, int port, DirectBuffer payload, int offset, int payloadBytes);

    /**
     * Sets an event flag and interrupts the processor, unless the flag was set already.
     *
     * @return false if the guest has no event flag page, or has masked the SINT
     */
    boolean signalEvent(int processor, int sint, int flag);

    /**
     * Has triggers of a page looked at from now on; with null, of none.
     *
     * @param page the guest-to-host monitor page, which must stay mapped until another is set
     */
    void monitor(@Nullable MonitorPage page);

    /**
     * Has a trigger signal a connection.
     *
     * @param latency100Nanos how long a trigger may wait, in units of 100 ns
     * @return the trigger, or -1 if none is free
     */
    int allocateMonitor(int connectionId, int latency100Nanos);

    /** Gives a trigger back. */
    void freeMonitor(int trigger);
}
