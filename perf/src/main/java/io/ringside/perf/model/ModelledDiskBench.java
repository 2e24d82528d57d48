package io.ringside.perf.model;

import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.HalfCounts;
import io.ringside.perf.measure.HalvesUse;
import io.ringside.perf.measure.RigRun;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskRig;
import io.ringside.perf.scenario.DiskRigs;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.DiskStream;
import io.ringside.perf.workload.DiskWorkload;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Runs disks in simulated time. Each guest has a copy of the medium and a request stream of its
 * own; all of them share the host's processors and the medium's time.
 *
 * <p>Every nanosecond of a result is simulated; the same scenario gives the same result to the
 * digit. With several guests a result is of all of them together: operations and counts are summed,
 * and the time runs from the first start to the last end.
 *
 * <p>Threads: one. Errors are those of {@link ModelledRun}.
 */
public final class ModelledDiskBench {
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;

    private final DiskScenario scenario;
    private final DiskMedium medium;
    private final ModelCosts costs;
    private final ModelSetup setup;
    private final RunControl control;

    /**
     * A bench for one scenario over one medium, which is in memory.
     *
     * @param costs what time costs; the scenario's own costs mean nothing
     */
    public ModelledDiskBench(
            final DiskScenario scenario,
            final DiskMedium medium,
            final ModelCosts costs,
            final ModelSetup setup,
            final RunControl control) {
        this.scenario = scenario.withCosts(ModelledRun.crossings(costs.crossings(), setup));
        this.medium = medium;
        this.costs = costs;
        this.setup = setup;
        this.control = control;
    }

    /** Runs one disk, and reads back what was written. */
    public DiskResult measure(final Variant disk) throws Exception {
        final ModelledRun run = new ModelledRun(costs, setup, scenario.wakeups(), control);
        final SharedMedium shared = new SharedMedium(setup.medium());
        final List<DiskGuest> guests = new ArrayList<>();
        final List<HalvesUse> uses;
        try {
            for (int i = 0; i < setup.guests(); i++) {
                guests.add(guest(disk, i, run, shared));
            }
            uses = run.run(new RigRun.Length(scenario.operations(), scenario.seconds(), false));
        } finally {
            for (final DiskGuest guest : guests) {
                guest.rig.close();
            }
        }
        final DiskResult result = result(disk, guests, uses);
        boolean found = true;
        for (final DiskGuest guest : guests) {
            found &= !scenario.pattern().writes() || medium.readBack(guest.opened);
            guest.opened.close();
        }
        return result.readBack(found);
    }

    private record DiskGuest(DiskMedium.Opened opened, DiskRig rig, DiskWorkload workload) {}

    private DiskGuest guest(
            final Variant disk, final int number, final ModelledRun run, final SharedMedium shared)
            throws Exception {
        final DiskMedium.Opened opened = medium.open();
        final Simulation simulation = run.simulation();
        final ModelledTimeline timeline = run.pair();
        final ModelledStore store =
                new ModelledStore(opened.store(), shared, simulation, setup.hostWorkNanos());
        final DiskRig rig = DiskRigs.of(disk, scenario, store, timeline);
        new RigRun(rig, scenario.wakeups(), control).connect();
        final DiskWorkload workload =
                new DiskWorkload(
                        new ChargedDisk(rig.disk(), simulation, setup.guestWorkNanos()),
                        new DiskStream(
                                scenario.pattern(),
                                opened.model().blocks(),
                                scenario.seed() + number),
                        opened.model(),
                        simulation,
                        rig.halves().guestMemory(),
                        rig.halves().guestFrames(),
                        scenario.blockBytes(),
                        scenario.depth(),
                        scenario.operations() == 0 ? Long.MAX_VALUE : scenario.operations(),
                        scenario.pattern().writes());
        run.add(timeline, rig, workload);
        return new DiskGuest(opened, rig, workload);
    }

    private DiskResult result(
            final Variant disk, final List<DiskGuest> guests, final List<HalvesUse> uses) {
        long operations = 0;
        long discards = 0;
        long failures = 0;
        long mismatches = 0;
        long elapsed = 0;
        final Histogram latency = new Histogram(HIGHEST_NANOS, 3);
        for (final DiskGuest guest : guests) {
            operations += guest.workload.finished();
            discards += guest.workload.discards();
            failures += guest.workload.failures();
            mismatches += guest.workload.mismatches();
            elapsed = Math.max(elapsed, guest.workload.elapsedNanos());
            latency.add(guest.workload.latency());
        }
        final HalvesUse all = together(uses);
        return new DiskResult(
                disk.name(),
                operations,
                scenario.blockBytes(),
                discards,
                failures,
                mismatches,
                true,
                all.interrupted(),
                elapsed,
                all.frontendCpuNanos(),
                all.backendCpuNanos(),
                latency,
                all.frontend(),
                all.backend());
    }

    /** What all guests used. */
    static HalvesUse together(final List<HalvesUse> uses) {
        boolean interrupted = false;
        long frontendNanos = 0;
        long backendNanos = 0;
        HalfCounts frontend = uses.getFirst().frontend();
        HalfCounts backend = uses.getFirst().backend();
        for (int i = 0; i < uses.size(); i++) {
            final HalvesUse use = uses.get(i);
            interrupted |= use.interrupted();
            frontendNanos += use.frontendCpuNanos();
            backendNanos += use.backendCpuNanos();
            frontend = i == 0 ? frontend : frontend.plus(use.frontend());
            backend = i == 0 ? backend : backend.plus(use.backend());
        }
        return new HalvesUse(interrupted, frontendNanos, backendNanos, frontend, backend);
    }
}
