package io.ringside.perf.report;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.scenario.NetScenario;
import java.util.List;

/**
 * A whole network comparison.
 *
 * @param scenario what was asked
 * @param machine where it ran
 * @param busyProcessors how busy others kept the machine just before; negative if unknown
 * @param results one a device, in the order of the run
 */
public record NetReport(
        NetScenario scenario, Machine machine, double busyProcessors, List<NetResult> results)
        implements Report {
    /** Copies the list. */
    public NetReport {
        results = List.copyOf(results);
    }
}
