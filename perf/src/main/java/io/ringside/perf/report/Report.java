package io.ringside.perf.report;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.measure.Measured;
import java.util.List;

/** One job of a comparison, as every form of the report tells it. */
public sealed interface Report permits DiskReport, NetReport {
    /** Where it ran. */
    Machine machine();

    /** How busy others kept the machine just before; negative if unknown. */
    double busyProcessors();

    /** One a device, in the order of the run. */
    List<? extends Measured> results();

    /** Whether others kept the machine too busy for its times to be trusted. */
    default boolean isMachineBusy() {
        return Machine.isBusy(busyProcessors());
    }

    /** Whether everything that every device brought was right. */
    default boolean verified() {
        return results().stream().allMatch(Measured::verified);
    }
}
