package io.ringside.perf.measure;

import io.ringside.perf.scenario.DiskRig;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.workload.DiskModel;
import io.ringside.perf.workload.DiskStream;
import io.ringside.perf.workload.DiskWorkload;
import io.ringside.perf.workload.ReadSink;
import java.util.List;
import org.agrona.concurrent.Agent;

/** Runs one workload over one disk and measures it; threads and errors are {@link RigRun}'s. */
public final class DiskRun {
    private final DiskRig rig;
    private final DiskScenario scenario;
    private final RigRun halves;
    private final List<Agent> beside;
    private ReadSink sink = ReadSink.NONE;

    /** A run of one scenario over one disk, watched by {@code control}. */
    public DiskRun(final DiskRig rig, final DiskScenario scenario, final RunControl control) {
        this(rig, scenario, control, List.of());
    }

    /**
     * The same beside other work of the guest.
     *
     * @param beside runs on the guest's thread for as long as the workload does
     */
    public DiskRun(
            final DiskRig rig,
            final DiskScenario scenario,
            final RunControl control,
            final List<Agent> beside) {
        this.rig = rig;
        this.scenario = scenario;
        this.halves = new RigRun(rig, scenario.wakeups(), control);
        this.beside = List.copyOf(beside);
    }

    /** Has what is read taken, too. */
    public void readsTo(final ReadSink newSink) {
        sink = newSink;
    }

    /** Whether the rate of a warm-up was steady before its end. */
    public boolean wasSteady() {
        return halves.wasSteady();
    }

    /** Steps both halves until the disk is ready and nothing moves any more. */
    public void connect() throws Exception {
        halves.connect();
    }

    /**
     * Runs the workload.
     *
     * @param model what the medium must hold
     * @param operationLimit how many operations, or 0 to go by {@code seconds}
     * @param isWarmUp whether it is one, which ends as soon as its rate is steady
     */
    public DiskResult run(
            final DiskModel model,
            final long operationLimit,
            final double seconds,
            final boolean isWarmUp) {
        final DiskWorkload workload =
                new DiskWorkload(
                        rig.disk(),
                        new DiskStream(scenario.pattern(), model.blocks(), scenario.seed()),
                        model,
                        System::nanoTime,
                        rig.halves().guestMemory(),
                        rig.halves().guestFrames(),
                        scenario.blockBytes(),
                        scenario.depth(),
                        operationLimit == 0 ? Long.MAX_VALUE : operationLimit,
                        scenario.pattern().writes());
        workload.readsTo(sink);
        final HalvesUse use =
                halves.run(workload, beside, new RigRun.Length(operationLimit, seconds, isWarmUp));
        return new DiskResult(
                rig.device(),
                workload.finished(),
                scenario.blockBytes(),
                workload.discards(),
                workload.failures(),
                workload.mismatches(),
                true,
                use.interrupted(),
                workload.elapsedNanos(),
                use.frontendCpuNanos(),
                use.backendCpuNanos(),
                workload.latency(),
                use.frontend(),
                use.backend());
    }
}
