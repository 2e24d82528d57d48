package io.ringside.cli;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.WakeupMode;
import picocli.CommandLine.Option;

/** How halves wait, and what crossings are charged; every comparison takes it. */
final class ChargeOptions {
    @Option(
            names = "--wakeups",
            paramLabel = "sleep|poll",
            defaultValue = "sleep",
            description =
                    "whether a half with nothing to do sleeps until it is woken, as a real guest"
                            + " does, or polls; default ${DEFAULT-VALUE}")
    private String wakeups = "sleep";

    @Option(
            names = "--costs",
            paramLabel = "NAME|FILE",
            defaultValue = CostProfiles.TODAY,
            description =
                    "what crossings are charged: 'counts' (nothing), 'today' (the published costs"
                        + " of current processors), '2006-xen3-hvm', '2006-xen3-p4', '2009-hyperv',"
                        + " 'this-host' (what calibrate measured here), or a .toml file of yours;"
                        + " './ringside costs' shows them; default ${DEFAULT-VALUE}")
    private String costs = CostProfiles.TODAY;

    WakeupMode wakeups() throws UsageException {
        return WakeupMode.of(wakeups);
    }

    CostProfile profile() throws UsageException {
        return CostProfiles.of(costs);
    }

    CrossingCosts costs() throws UsageException {
        return profile().crossingCosts();
    }
}
