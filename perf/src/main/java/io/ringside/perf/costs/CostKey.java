package io.ringside.perf.costs;

import io.ringside.hypervisor.Crossing;
import org.jspecify.annotations.Nullable;

/** What has a cost: every crossing, and what only a modelled clock takes time for. */
public enum CostKey {
    /** A hypercall of any kind, there and back. */
    HYPERCALL("hypercall", Crossing.HYPERCALL),
    /** A port access that a device model answers. */
    PORT_EXIT("port-exit", Crossing.PORT_EXIT),
    /** A port access that the hypervisor answers itself. */
    HYPERVISOR_PORT_EXIT("hypervisor-port-exit", Crossing.HYPERVISOR_PORT_EXIT),
    /** An access to a memory-mapped register, which a device model answers. */
    MMIO_EXIT("mmio-exit", Crossing.MMIO_EXIT),
    /** An interrupt of an emulated controller, without the exits that acknowledge it. */
    INTERRUPT("interrupt", Crossing.INTERRUPT),
    /** An upcall of an event channel or a synthetic controller. */
    UPCALL("upcall", Crossing.UPCALL),
    /** A notification, on top of the hypercall that carries it. */
    KICK("kick", Crossing.KICK),
    /** One page mapped, beside its hypercall. */
    PAGE_MAP("page-map", Crossing.PAGE_MAP),
    /** One page unmapped, beside its hypercall and the flush. */
    PAGE_UNMAP("page-unmap", Crossing.PAGE_UNMAP),
    /** Translations forgotten after a batch of unmaps. */
    TLB_FLUSH("tlb-flush", Crossing.TLB_FLUSH),
    /** One copy by the hypervisor set up, beside its hypercall and its bytes. */
    GRANT_COPY("grant-copy", Crossing.GRANT_COPY),
    /** A thread woken on another processor, until it runs. */
    WAKE("wake", null),
    /** A processor given to another thread or domain, one way. */
    THREAD_SWITCH("thread-switch", null),
    /** One byte copied that is in no near cache. */
    COPY_BYTE("copy-byte", null),
    /** One cache line taken from another processor. */
    LINE_TRANSFER("line-transfer", null),
    /** What an exit costs in addition when another thread answers it. */
    EXIT_HAND_OVER("exit-hand-over", null);

    private final String label;
    private final @Nullable Crossing crossing;

    CostKey(final String label, final @Nullable Crossing crossing) {
        this.label = label;
        this.crossing = crossing;
    }

    /** The name that files and reports have for it. */
    public String label() {
        return label;
    }

    /** The crossing that is charged so, or null for what only a modelled clock knows. */
    public @Nullable Crossing crossing() {
        return crossing;
    }

    /** The key of a crossing. */
    public static CostKey of(final Crossing crossing) {
        for (final CostKey key : values()) {
            if (key.crossing == crossing) {
                return key;
            }
        }
        throw new IllegalArgumentException("crossing without a key: crossing=" + crossing);
    }

    /** The key of a label, or null. */
    static @Nullable CostKey of(final String label) {
        for (final CostKey key : values()) {
            if (key.label.equals(label)) {
                return key;
            }
        }
        return null;
    }
}
