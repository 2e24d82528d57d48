package io.ringside.perf.measure;

import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.LateStore;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.StorvscRig;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.DiskStream;
import io.ringside.perf.workload.DiskWorkload;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.Agent;

/**
 * Whether a unit whose store answers late holds up another unit of the same controller: the fast
 * one is measured while the late one idles, and while the late one has as many requests as it is
 * given, by turns, so that both see the same machine.
 *
 * <p>Both units read a medium in memory and check every byte. The guest's thread drives both, the
 * host's thread serves both, and both poll.
 *
 * <p>Threads: one calls it; each run starts two. Errors: those of {@link DiskRun}.
 */
public final class LunBench {
    private static final int LATE_LUN = 1;
    private static final double WARM_UP_SECONDS = 1;

    private final DiskScenario scenario;
    private final long delayNanos;
    private final DiskMedium medium;
    private final RunControl control;

    /**
     * A bench.
     *
     * @param scenario what each of the two units is asked; of its wakeups only polling is sound
     * @param delayNanos how long the late unit's store takes for each request
     */
    public LunBench(
            final DiskScenario scenario,
            final long delayNanos,
            final DiskMedium medium,
            final RunControl control) {
        if (scenario.wakeups() != WakeupMode.POLL || scenario.pattern().writes()) {
            throw new IllegalArgumentException(
                    "not a scenario that polls and reads: scenario=" + scenario);
        }
        this.scenario = scenario;
        this.delayNanos = delayNanos;
        this.medium = medium;
        this.control = control;
    }

    /**
     * What one unit did, in all rounds together.
     *
     * @param operations how many reads ended
     * @param elapsedNanos the time of all rounds
     * @param latency of each read, in nanoseconds
     * @param verified whether each of them brought the right bytes
     */
    public record Figure(long operations, long elapsedNanos, Histogram latency, boolean verified) {
        private static Figure none() {
            return new Figure(0, 0, new Histogram(3), true);
        }

        private Figure and(
                final long moreOperations,
                final long moreNanos,
                final Histogram moreLatency,
                final boolean good) {
            latency.add(moreLatency);
            return new Figure(
                    operations + moreOperations,
                    elapsedNanos + moreNanos,
                    latency,
                    verified && good);
        }

        /** Reads a second. */
        public double operationsPerSecond() {
            return elapsedNanos == 0 ? 0 : operations * 1e9 / elapsedNanos;
        }
    }

    /**
     * The three rows.
     *
     * @param alone the fast unit while the late one idles
     * @param beside the fast unit while the late one is busy
     * @param late the late unit meanwhile
     */
    public record Result(Figure alone, Figure beside, Figure late) {
        /** Whether every unit brought the right bytes, and the fast one did anything at all. */
        public boolean verified() {
            return alone.verified()
                    && beside.verified()
                    && late.verified()
                    && alone.operations() > 0
                    && beside.operations() > 0;
        }
    }

    /** Warms both ways up, then measures them by turns. */
    public Result measure(final int rounds) throws Exception {
        Result result = new Result(Figure.none(), Figure.none(), Figure.none());
        run(result, false, true);
        run(result, true, true);
        result = new Result(Figure.none(), Figure.none(), Figure.none());
        for (int round = 0; round < rounds; round++) {
            result = run(run(result, false, false), true, false);
        }
        return result;
    }

    /** Measures each way once, without warming up, where only correctness matters. */
    public Result measureOnce() throws Exception {
        final Result none = new Result(Figure.none(), Figure.none(), Figure.none());
        return run(run(none, false, false), true, false);
    }

    private Result run(final Result before, final boolean isLateBusy, final boolean isWarmUp)
            throws Exception {
        final Variant disk = DiskDevices.ALL.plain(DiskDevices.STORVSC);
        try (DiskMedium.Opened fast = medium.open();
                DiskMedium.Opened slow = medium.open();
                LateStore lateStore =
                        new LateStore(
                                slow.store(), System::nanoTime, delayNanos, scenario.depth());
                StorvscRig rig = new StorvscRig(disk, scenario, List.of(fast.store(), lateStore))) {
            final DiskWorkload late =
                    new DiskWorkload(
                            rig.disk(LATE_LUN),
                            new DiskStream(
                                    scenario.pattern(), slow.model().blocks(), ~scenario.seed()),
                            slow.model(),
                            System::nanoTime,
                            rig.halves().guestMemory(),
                            rig.halves().guestFrames(),
                            scenario.blockBytes(),
                            scenario.depth(),
                            Long.MAX_VALUE,
                            false);
            final List<Agent> beside = isLateBusy ? List.of(late) : List.of();
            final DiskRun run = new DiskRun(rig, scenario, control, beside);
            run.connect();
            final DiskResult result =
                    run.run(
                            fast.model(),
                            isWarmUp ? 0 : scenario.operations(),
                            isWarmUp ? WARM_UP_SECONDS : scenario.seconds(),
                            isWarmUp);
            return isLateBusy
                    ? new Result(
                            before.alone(),
                            and(before.beside(), result),
                            before.late()
                                    .and(
                                            late.finished(),
                                            result.elapsedNanos(),
                                            late.latency(),
                                            late.failures() == 0 && late.mismatches() == 0))
                    : new Result(and(before.alone(), result), before.beside(), before.late());
        }
    }

    private static Figure and(final Figure before, final DiskResult result) {
        return before.and(
                result.operations(),
                result.elapsedNanos(),
                result.latency(),
                result.failures() == 0 && result.mismatches() == 0);
    }
}
