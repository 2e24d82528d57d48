package io.ringside.perf.report;

import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.DiskScenario;
import java.util.List;

/**
 * A whole disk comparison, as every form of the report tells it.
 *
 * @param scenario what was asked
 * @param medium what stood behind the backends, in words
 * @param mediumBytes its size
 * @param machine where it ran
 * @param busyProcessors how busy others kept the machine just before; negative if unknown
 * @param results one a device, in the order of the run
 */
public record DiskReport(
        DiskScenario scenario,
        String medium,
        long mediumBytes,
        Machine machine,
        double busyProcessors,
        List<DiskResult> results)
        implements Report {
    /** Copies the list. */
    public DiskReport {
        results = List.copyOf(results);
    }
}
