package io.ringside.perf.scenario;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import java.util.Map;

/**
 * The cost profiles that can be named.
 *
 * <p>A kick is charged apart from the hypercall that carries it, so that the two together cost what
 * was published for a notification.
 */
public final class CostProfiles {
    /**
     * Current x86 processors with mitigations on. Port exit to a device model in user space: 3,410
     * ns measured with perf kvm (Linux 0804c849f1df, 2018). Memory-mapped: 350 to 600 ns of
     * instruction emulation more (Linux 44583cba9188). Hypercall: 1,559 cycles of vmcall on
     * Skylake-SP, 624 ns (KVM list, 13 March 2020). Assumed, each between published neighbours:
     * interrupt 450, map and unmap 400 a page, copy 500 (Oracle UEK 18d34eabd73a: 490 to 530), kick
     * 150 on top of its hypercall.
     */
    private static final CrossingCosts TODAY =
            new CrossingCosts(
                    "today",
                    "published costs of current x86 with mitigations, some assumed",
                    Map.of(
                            Crossing.HYPERCALL, 650,
                            Crossing.PORT_EXIT, 3_400,
                            Crossing.MMIO_EXIT, 4_000,
                            Crossing.INTERRUPT, 450,
                            Crossing.KICK, 150,
                            Crossing.PAGE_MAP, 400,
                            Crossing.PAGE_UNMAP, 400,
                            Crossing.GRANT_COPY, 500));

    private CostProfiles() {}

    /** The profile of a name; every name is listed in the error. */
    public static CrossingCosts of(final String name) throws UsageException {
        return switch (name) {
            case "counts" -> CrossingCosts.COUNTS;
            case "today" -> TODAY;
            default ->
                    throw new UsageException(
                            "unknown cost profile '" + name + "': use counts or today");
        };
    }
}
