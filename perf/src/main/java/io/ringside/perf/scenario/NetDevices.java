package io.ringside.perf.scenario;

import java.util.List;
import java.util.Map;

/** The network cards that can be compared. */
public final class NetDevices {
    /** Two threads and no hypervisor between them. */
    public static final String IDEAL = "ideal";

    /** Xen's network pair. */
    public static final String XEN_NETFRONT = "xen-netfront";

    /** Hyper-V's network pair. */
    public static final String NETVSC = "netvsc";

    /** Every card. */
    public static final Catalog ALL =
            new Catalog(
                    List.of(IDEAL, XEN_NETFRONT, NETVSC),
                    Map.of(
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

    private NetDevices() {}
}
