package io.ringside.cli;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.WakeupMode;
import picocli.CommandLine.Option;

/** How halves wait, and what crossings are charged; every comparison takes it. */
final class ChargeOptions {
    private static final int MOST_WARM_UP_SECONDS = 3600;

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

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "seconds that a device is warmed up at most before it is measured; less where"
                            + " its rate is steady earlier; default ${DEFAULT-VALUE}")
    private double warmUp = 1;

    /** The longest time to warm up, in seconds. */
    double warmUpSeconds() throws UsageException {
        if (!(warmUp >= 0) || warmUp > MOST_WARM_UP_SECONDS) {
            throw new UsageException(
                    "--warm-up "
                            + warmUp
                            + " cannot be used: it must be 0 to "
                            + MOST_WARM_UP_SECONDS);
        }
        return warmUp;
    }

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
