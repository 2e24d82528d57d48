package io.ringside.xenbus.event;

/**
 * The event channels of one domain: how it wakes others, and is woken.
 *
 * <p>A port is a number of the domain's own; port 0 is never valid. Operations answer with a port
 * or 0, or with a negative errno of Xen ({@code -EINVAL} is -22); they never throw for what a peer
 * did.
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

    /** Sets what {@link #dispatch} runs when the port is pending. */
    void handler(int port, Runnable handler);

    /** Whether any port is pending and unmasked, so that {@link #dispatch} would do something. */
    boolean isUpcallPending();

    /**
     * What the guest does on an upcall: clears each pending port and runs its handler.
     *
     * @return how many handlers ran
     */
    int dispatch();

    /** How many ports are not closed. */
    int openPorts();
}
