package io.ringside.perf.scenario;

import java.util.List;
import java.util.Map;

/** The network cards that can be compared. */
public final class NetDevices {
    /** Two threads and no hypervisor between them. */
    public static final String IDEAL = "ideal";

    /** Every card. */
    public static final Catalog ALL = new Catalog(List.of(IDEAL), Map.of());

    private NetDevices() {}
}
