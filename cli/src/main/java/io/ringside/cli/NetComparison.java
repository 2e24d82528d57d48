package io.ringside.cli;

import io.ringside.perf.measure.NetBench;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.result.Costs;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.NetRows;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.FrameStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one network job in this process. */
final class NetComparison {
    private NetComparison() {}

    /**
     * Runs it once.
     *
     * @param rotation how many devices go to the end of the order
     * @param partial is given what there is after each device
     */
    static Job run(
            final JobSpec spec,
            final int rotation,
            final RunControl control,
            final Consumer<Job> partial)
            throws Exception {
        final NetOptions options = spec.net();
        final FrameStream stream = options.stream();
        final @Nullable Path record = options.record();
        final NetScenario scenario = options.scenarios(stream.name()).getFirst();
        final Costs costs = Costs.of(options.profile());
        final NetBench bench = new NetBench(scenario, stream, control);
        bench.warmUpSeconds(options.warmUpSeconds());
        final List<NetResult> results = new ArrayList<>();
        for (final Variant card : JobRows.rotated(options.cards(stream), rotation)) {
            if (control.isInterrupted()) {
                break;
            }
            final NetResult result = bench.measure(card, results.isEmpty() ? record : null);
            if (result.operations() > 0 || !result.interrupted()) {
                results.add(result);
            }
            partial.accept(job(spec, scenario, costs, bench, results));
        }
        return job(spec, scenario, costs, bench, results);
    }

    private static Job job(
            final JobSpec spec,
            final NetScenario scenario,
            final Costs costs,
            final NetBench bench,
            final List<NetResult> results) {
        return JobRows.finished(NetRows.job(scenario, costs, results), spec, bench.unsteady());
    }

    /** A capture with a snap length has shorter frames than there were on the wire. */
    static void warnOfSnappedFrames(final FrameStream stream) {
        if (stream.snappedFrames() > 0) {
            System.err.println(
                    "ringside: "
                            + stream.snappedFrames()
                            + " of the capture's "
                            + stream.frames()
                            + " frames were cut when they were captured, and are carried as short"
                            + " as they are; tcprewrite --fixlen=pad pads them with zeros");
        }
    }
}
