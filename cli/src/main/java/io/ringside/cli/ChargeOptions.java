package io.ringside.cli;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.CostProfiles;
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
            paramLabel = "PROFILE",
            defaultValue = "today",
            description =
                    "what crossings are charged: 'counts' charges nothing, 'today' the published"
                            + " costs of current processors; default ${DEFAULT-VALUE}")
    private String costs = "today";

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

    CrossingCosts costs() throws UsageException {
        return CostProfiles.of(costs);
    }
}
