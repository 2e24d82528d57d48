package io.ringside.perf.costs;

import io.ringside.hypervisor.Crossing;
import org.jspecify.annotations.Nullable;

/**
 * What has a cost: every crossing, those that a host pays otherwise than its guests do, and what
 * only a modelled clock takes time for.
 *
 * <p>With a device model in another thread ({@code +ioreq}), an exit that goes there costs {@link
 * #PORT_EXIT} or {@link #MMIO_EXIT} and, beside it, {@link #EXIT_HAND_OVER}, both on the guest's
 * processor. The kick, upcall and hypercall that tell the model and the guest of it are counted and
 * cost nothing beside these, and in simulated time neither do the two wake-ups. A wall clock does
 * not charge the hand-over: there it really happens, between two threads of this machine.
 */
public enum CostKey {
    /** A hypercall of any kind, there and back; the guest's, where the host's is told apart. */
    HYPERCALL("hypercall", Crossing.HYPERCALL),
    /** A port access that a device model answers. */
    PORT_EXIT("port-exit", Crossing.PORT_EXIT),
    /** A port access that the hypervisor answers itself. */
    HYPERVISOR_PORT_EXIT("hypervisor-port-exit", Crossing.HYPERVISOR_PORT_EXIT),
    /** An access to a memory-mapped register, which a device model answers. */
    MMIO_EXIT("mmio-exit", Crossing.MMIO_EXIT),
    /** An interrupt of an emulated controller, without the exits that acknowledge it. */
    INTERRUPT("interrupt", Crossing.INTERRUPT),
    /** An upcall of an event channel or a synthetic controller, as {@link #HYPERCALL}. */
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
    /**
     * What an exit costs in addition when another thread answers it, there and back with both
     * wake-ups; 0 where the exit's own figure holds the way to the device model's process. Charged
     * in simulated time alone.
     */
    EXIT_HAND_OVER("exit-hand-over", null),
    /**
     * A hypercall of the host's half (a backend, a device model's process); as the guest's where it
     * is not listed. A paravirtual domain 0 enters the hypervisor by a trap, and not by an exit.
     */
    HOST_HYPERCALL("host-hypercall", null),
    /** An upcall into the host's half; as the guest's where it is not listed. */
    HOST_UPCALL("host-upcall", null);

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

    /** The crossing of a guest that is charged so, or null. */
    public @Nullable Crossing crossing() {
        return crossing;
    }

    /** What holds where this is not listed, instead of nothing; null for most. */
    public @Nullable CostKey otherwise() {
        return switch (this) {
            case HOST_HYPERCALL -> HYPERCALL;
            case HOST_UPCALL -> UPCALL;
            default -> null;
        };
    }

    /** The key of a crossing of a guest, and of a host that pays the same. */
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
