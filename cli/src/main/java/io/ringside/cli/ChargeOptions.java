package io.ringside.cli;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.CostProfiles;
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
            paramLabel = "PROFILE",
            defaultValue = "today",
            description =
                    "what crossings are charged: 'counts' charges nothing, 'today' the published"
                            + " costs of current processors; default ${DEFAULT-VALUE}")
    private String costs = "today";

    WakeupMode wakeups() throws UsageException {
        return WakeupMode.of(wakeups);
    }

    CrossingCosts costs() throws UsageException {
        return CostProfiles.of(costs);
    }
}
