package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.protocol.SharedInfo;

/**
 * How one processor of a domain hears that some port has an event.
 *
 * <p>Threads: any may raise; the processor's own takes.
 */
final class Upcall {
    private final SharedInfo shared;
    private final int processor;
    private final Doorbell doorbell;

    Upcall(final SharedInfo shared, final int processor, final Doorbell doorbell) {
        this.shared = shared;
        this.processor = processor;
        this.doorbell = doorbell;
    }

    /** Asks for an upcall, and rings unless one was asked for, or none is wanted. */
    void raise() {
        if (shared.setUpcallVolatile(processor) && !shared.isUpcallMaskedVolatile(processor)) {
            doorbell.ring();
        }
    }

    /** The processor tells itself to come back; it is awake. */
    void remind() {
        shared.setUpcallVolatile(processor);
    }

    /** Takes the upcall; true if one was asked for. */
    boolean take() {
        return isPending() && shared.takeUpcallVolatile(processor);
    }

    /** Whether an upcall is asked for. */
    boolean isPending() {
        return shared.isUpcallVolatile(processor);
    }
}
