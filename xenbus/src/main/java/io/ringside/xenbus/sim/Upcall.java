package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.protocol.SharedInfo;

/**
 * How the processor of a domain hears that some port has an event.
 *
 * <p>Threads: any may raise; the domain's own takes.
 */
final class Upcall {
    private static final int VCPU = 0;

    private final SharedInfo shared;
    private final Doorbell doorbell;

    Upcall(final SharedInfo shared, final Doorbell doorbell) {
        this.shared = shared;
        this.doorbell = doorbell;
    }

    /** Asks for an upcall, and rings unless one was asked for, or none is wanted. */
    void raise() {
        if (shared.setUpcallVolatile(VCPU) && !shared.isUpcallMaskedVolatile(VCPU)) {
            doorbell.ring();
        }
    }

    /** The domain tells itself to come back; it is awake. */
    void remind() {
        shared.setUpcallVolatile(VCPU);
    }
}
