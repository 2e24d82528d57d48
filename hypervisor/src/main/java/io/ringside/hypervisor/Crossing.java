package io.ringside.hypervisor;

/** The ways to leave a guest, or to enter it from outside. */
public enum Crossing {
    /** A hypercall of any kind, batched ones counted once. */
    HYPERCALL,
    /** An access to an I/O port that a device model answers. */
    PORT_EXIT,
    /**
     * An access to an I/O port that the hypervisor answers itself, as an interrupt controller's.
     */
    HYPERVISOR_PORT_EXIT,
    /** An access to an emulated memory-mapped register. */
    MMIO_EXIT,
    /** An interrupt that an emulated controller injects into the guest. */
    INTERRUPT,
    /** An upcall delivered into a domain by an event channel, or by a synthetic controller. */
    UPCALL,
    /** A notification sent to the peer (it is carried by a hypercall or an exit, counted apart). */
    KICK,
    /** One page of the peer mapped. */
    PAGE_MAP,
    /** One page of the peer unmapped. */
    PAGE_UNMAP,
    /** Every processor of a domain told to forget translations, once for a batch of unmaps. */
    TLB_FLUSH,
    /** One page-bounded copy done by the hypervisor on behalf of a domain. */
    GRANT_COPY
}
