package io.ringside.cli;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.measure.NetBench;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.report.NetReport;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.FrameStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a network comparison from its options to its results. */
final class NetComparison {
    private final List<NetScenario> scenarios;
    private final List<Variant> cards;
    private final FrameStream stream;
    private final @Nullable Path record;

    /** Refuses what cannot be run. */
    NetComparison(final NetOptions options) throws UsageException {
        stream = options.stream();
        record = options.record();
        scenarios = options.scenarios(stream.name());
        cards = options.cards(stream);
    }

    /** One report a job; those that were begun where the user ended it. */
    List<NetReport> run(final double busyProcessors) throws Exception {
        warnOfSnappedFrames();
        final List<NetReport> reports = new ArrayList<>();
        for (final NetScenario scenario : scenarios) {
            if (!reports.isEmpty() && Interruption.isRequested()) {
                break;
            }
            final NetBench bench = new NetBench(scenario, stream, new InterruptibleRun());
            final List<NetResult> results = new ArrayList<>();
            for (final Variant card : cards) {
                if (Interruption.isRequested()) {
                    break;
                }
                final NetResult result =
                        bench.measure(card, reports.isEmpty() && results.isEmpty() ? record : null);
                if (result.operations() > 0 || !result.interrupted()) {
                    results.add(result);
                }
            }
            reports.add(new NetReport(scenario, Machine.here(), busyProcessors, results));
        }
        return reports;
    }

    /** A capture with a snap length has shorter frames than there were on the wire. */
    private void warnOfSnappedFrames() {
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
