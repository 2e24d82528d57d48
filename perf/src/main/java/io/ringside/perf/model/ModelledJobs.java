package io.ringside.perf.model;

import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Costs;
import io.ringside.perf.result.DiskRows;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.NetRows;
import io.ringside.perf.result.Row;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.NetScenario;
import java.util.List;
import java.util.Map;

/** What was run in simulated time, in the form that results are kept in. */
public final class ModelledJobs {
    private ModelledJobs() {}

    /**
     * A disk's job.
     *
     * @param medium what stood behind the backends, in words
     * @param mediumBytes its size
     */
    public static Job of(
            final DiskScenario scenario,
            final CostProfile profile,
            final ModelSetup setup,
            final String medium,
            final long mediumBytes,
            final List<Row> rows) {
        final Map<String, String> echo = DiskRows.echo(scenario, medium, mediumBytes);
        echo(setup, echo);
        return new Job("disk", echo, Clock.MODELLED, Costs.of(profile), rows);
    }

    /** A network's job. */
    public static Job of(
            final NetScenario scenario,
            final CostProfile profile,
            final ModelSetup setup,
            final List<Row> rows) {
        final Map<String, String> echo = NetRows.echo(scenario);
        echo(setup, echo);
        return new Job("net", echo, Clock.MODELLED, Costs.of(profile), rows);
    }

    private static void echo(final ModelSetup setup, final Map<String, String> echo) {
        echo.put("guests", Integer.toString(setup.guests()));
        echo.put("hostProcessors", Integer.toString(setup.hostProcessors()));
        echo.put("guestWorkNanos", Long.toString(setup.guestWorkNanos()));
        echo.put("hostWorkNanos", Long.toString(setup.hostWorkNanos()));
        echo.put("mediumLatencyNanos", Long.toString(setup.medium().latencyNanos()));
        echo.put("mediumParallel", Integer.toString(setup.medium().parallel()));
        echo.put("mediumBytesPerSecond", Long.toString(setup.medium().bytesPerSecond()));
        echo.put("flushNanosPerProcessor", Long.toString(setup.flushNanosPerProcessor()));
    }
}
