package io.ringside.xenbus.event;

/**
 * The event channels of one domain: how it wakes others, and is woken.
 *
 * <p>A port is a number of the domain's own; port 0 is never valid. Operations answer with a port
 * or 0, or with a negative errno of Xen ({@code -EINVAL} is -22); they never throw for what a peer
 * did. A port that is not open is our own fault where a method has no answer: an {@link
 * IllegalArgumentException}.
 *
 * <p>Threads: one (the domain's), except that a peer's {@code send} marks ports pending from its
 * own thread.
 */
public interface EventChannels {
    /** {@code EVTCHNOP_alloc_unbound}: a port that only {@code remoteDomain} may bind. */
    int allocUnbound(int remoteDomain);

    /** {@code EVTCHNOP_bind_interdomain}: the local port; it is pending at once. */
    int bindInterdomain(int remoteDomain, int remotePort);

    /** {@code EVTCHNOP_send}: marks the peer's port pending. One hypercall and one kick. */
    int send(int port);

    /** {@code EVTCHNOP_close}. */
    int close(int port);

    /** {@code EVTCHNOP_status}: an {@code EVTCHNSTAT_} number. */
    int status(int port);

    /**
     * Sets what {@link #dispatch} runs when the port is pending, and unmasks the port: until then
     * its events are kept. A handler may send, and may close any port; it must not throw.
     */
    void handler(int port, Runnable handler);

    /** Keeps the events of a port back. */
    void mask(int port);

    /** Lets the events of a port through, the one that was kept back as well. */
    void unmask(int port);

    /** Whether any port is pending and unmasked, so that {@link #dispatch} would do something. */
    boolean isUpcallPending();

    /**
     * What the guest does on an upcall: clears each pending port and runs its handler. Bounded:
     * what comes while it runs waits for the next call. An upcall that was asked for is counted as
     * one interrupt.
     *
     * @return how many handlers ran
     */
    int dispatch();

    /** How many ports are not closed. */
    int openPorts();
}
