package io.ringside.hypervisor;

/** The ways to leave a guest, or to enter it from outside. */
public enum Crossing {
    /** A hypercall of any kind, batched ones counted once. */
    HYPERCALL,
    /** An access to an emulated I/O port. */
    PORT_EXIT,
    /** An access to an emulated memory-mapped register. */
    MMIO_EXIT,
    /** An interrupt or upcall delivered into the guest. */
    INTERRUPT,
    /** A notification sent to the peer (it is carried by a hypercall or an exit, counted apart). */
    KICK,
    /** One page of the peer mapped. */
    PAGE_MAP,
    /** One page of the peer unmapped. */
    PAGE_UNMAP,
    /** One page-bounded copy done by the hypervisor on behalf of a domain. */
    GRANT_COPY
}
