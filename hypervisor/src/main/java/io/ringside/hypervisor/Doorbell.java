package io.ringside.hypervisor;

/**
 * Wakes whoever sleeps behind it.
 *
 * <p>A ring that finds its owner awake is remembered: the owner's next sleep ends at once. Ringing
 * twice is the same as ringing once. Threads: any may ring. Costs and counts belong to whoever
 * rings on behalf of a guest (see {@link Vcpu}); the doorbell itself counts nothing.
 */
@FunctionalInterface
public interface Doorbell {
    /** Wakes the owner. */
    void ring();
}
