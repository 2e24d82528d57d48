package io.ringside.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.SpentBudgetRig;
import io.ringside.perf.scenario.WakeupMode;
import org.junit.jupiter.api.Test;

/** A half whose peer's events are held back sleeps until the run's watcher begins a new period. */
class EventBudgetTest {
    private static final int OPERATIONS = 500;

    @Test
    void goesOnWithAGuestThatSpentItsEventsOnNothing() throws Exception {
        final DiskScenario scenario =
                new DiskScenario(
                        DiskPattern.RANDREAD,
                        512,
                        1,
                        OPERATIONS,
                        0,
                        1,
                        WakeupMode.SLEEP,
                        CrossingCosts.COUNTS);
        try (DiskMedium medium =
                        DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, RunControl.NONE);
                DiskMedium.Opened opened = medium.open();
                SpentBudgetRig rig =
                        new SpentBudgetRig(
                                DiskDevices.ALL.variant("xen-blkfront"),
                                scenario,
                                opened.store())) {
            final DiskRun run = new DiskRun(rig, scenario, RunControl.NONE);
            run.connect();
            rig.spendTheGuestsEvents();
            assertThat(rig.isHeld()).as("the guest's events are held back").isTrue();
            final DiskResult result = run.run(opened.model(), OPERATIONS, 0, false);
            assertThat(result.verified()).as("%s", result).isTrue();
            assertThat(rig.isHeld()).as("the guest's events come through").isFalse();
        }
    }
}
