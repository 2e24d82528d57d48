package io.ringside.perf.scenario;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The network cards that can be compared. */
public final class NetDevices {
    /** Two threads and no hypervisor between them. */
    public static final String IDEAL = "ideal";

    /** Emulated RTL8139: four transmit slots, one receive ring. */
    public static final String RTL8139 = "rtl8139";

    /** Emulated Intel 82540EM: rings of descriptors, offloads. */
    public static final String E1000 = "e1000";

    /** Xen's network pair. */
    public static final String XEN_NETFRONT = "xen-netfront";

    /** Hyper-V's network pair. */
    public static final String NETVSC = "netvsc";

    /** Every card, the emulated ones before the pairs. */
    public static final Catalog ALL =
            new Catalog(
                    List.of(IDEAL, RTL8139, E1000, XEN_NETFRONT, NETVSC),
                    Map.of(
                            E1000,
                            List.of(NetFeature.MODERATED, NetFeature.OFFLOADS),
                            XEN_NETFRONT,
                            List.of(
                                    NetFeature.SPLIT,
                                    NetFeature.KEPT,
                                    NetFeature.REVOKED,
                                    NetFeature.STAGING,
                                    NetFeature.OFFLOADS,
                                    NetFeature.TWO_QUEUES),
                            NETVSC,
                            List.of(
                                    NetFeature.AGGREGATION,
                                    NetFeature.PAGES,
                                    NetFeature.OFFLOADS,
                                    NetFeature.TWO_QUEUES)));

    private static final Set<String> EMULATED = Set.of(RTL8139, E1000);

    private NetDevices() {}

    /** Whether a card is a chip's model, which believes in hardware. */
    static boolean isEmulated(final String device) {
        return EMULATED.contains(device);
    }
}
