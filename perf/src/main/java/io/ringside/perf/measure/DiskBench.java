package io.ringside.perf.measure;

import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskRig;
import io.ringside.perf.scenario.DiskRigs;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.StoreWindow;
import io.ringside.perf.scenario.Variant;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures one device after the other over one medium: each first warms up on a device of its own
 * until its rate is steady, so that the compiler has done its work, and is then set up anew and
 * measured.
 */
public final class DiskBench {
    private static final double WARM_UP_SECONDS = 1;

    private final Set<String> unsteady = new LinkedHashSet<>();
    private double warmUpSeconds = WARM_UP_SECONDS;

    private final DiskScenario scenario;
    private final DiskMedium medium;
    private final RunControl control;
    private final @Nullable Path storeSocket;

    /** A bench for one scenario over one medium. */
    public DiskBench(
            final DiskScenario scenario, final DiskMedium medium, final RunControl control) {
        this(scenario, medium, control, null);
    }

    /**
     * The same, whose disks can be looked at while they run.
     *
     * @param storeSocket where the xenstore of a disk that has one is served; null for nowhere
     */
    public DiskBench(
            final DiskScenario scenario,
            final DiskMedium medium,
            final RunControl control,
            final @Nullable Path storeSocket) {
        this.storeSocket = storeSocket;
        this.scenario = scenario;
        this.medium = medium;
        this.control = control;
    }

    /** Warms each device up for at most so long; 0 for not at all. */
    public void warmUpSeconds(final double most) {
        warmUpSeconds = most;
    }

    /** Devices whose rate was not steady when their warm-up was at its limit. */
    public Set<String> unsteady() {
        return Collections.unmodifiableSet(unsteady);
    }

    /** Warms up, measures, and reads back what was written. */
    public DiskResult measure(final Variant disk) throws Exception {
        if (warmUpSeconds > 0) {
            run(disk, true);
        }
        return run(disk, false);
    }

    /** Measures without warming up first, where only counts matter. */
    public DiskResult measureOnce(final Variant disk) throws Exception {
        return run(disk, false);
    }

    private DiskResult run(final Variant disk, final boolean isWarmUp) throws Exception {
        try (DiskMedium.Opened opened = medium.open()) {
            final DiskResult result;
            try (DiskRig rig = DiskRigs.of(disk, scenario, opened.store());
                    StoreWindow window = StoreWindow.of(storeSocket, rig)) {
                final DiskRun run = new DiskRun(rig, scenario, control);
                run.connect();
                result =
                        run.run(
                                opened.model(),
                                isWarmUp ? 0 : scenario.operations(),
                                isWarmUp ? warmUpSeconds : scenario.seconds(),
                                isWarmUp);
                if (isWarmUp && !run.wasSteady() && !result.interrupted()) {
                    unsteady.add(disk.name());
                }
            }
            return isWarmUp || !scenario.pattern().writes()
                    ? result
                    : result.readBack(medium.readBack(opened));
        }
    }
}
