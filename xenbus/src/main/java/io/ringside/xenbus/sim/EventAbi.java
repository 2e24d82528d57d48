package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Vcpu;

/**
 * One form of what a domain shares with the hypervisor about its ports' events.
 *
 * <p>Threads: {@link #setPending} on any sender's, without a lock of the binder; all else on the
 * domain's own.
 */
sealed interface EventAbi permits TwoLevelEvents, FifoEvents {
    /** How many ports the form has; port 0 is never valid. */
    int ports();

    /** Marks a port, and raises an upcall where that is due. */
    void setPending(int port);

    /** Forgets a port's event. */
    void clearPending(int port);

    /** Whether a port has an event. */
    boolean isPending(int port);

    /** Keeps a port's events back. */
    void mask(int port);

    /**
     * Lets a port's events through, the one that was kept back as well.
     *
     * @param vcpu counts the hypercall where one is needed
     */
    void unmask(int port, Vcpu vcpu);

    /** {@code EVTCHNOP_unmask}: the same, done by the hypervisor. */
    void unmaskByHypervisor(int port);

    /** Whether a port's events are kept back. */
    boolean isMasked(int port);

    /** Another processor hears of a port from now on: of an event that stands marked, too. */
    void moved(int port);

    /**
     * Runs the handlers of the ports of a processor that have an event, once each; answers how
     * many.
     */
    int dispatch(int processor);
}
