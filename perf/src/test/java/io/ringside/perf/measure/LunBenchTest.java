package io.ringside.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.WakeupMode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The bench itself, for correctness; how fast it is says a run by hand. */
class LunBenchTest {
    private static final int OPERATIONS = 20_000;
    private static final int DEPTH = 64;

    private static DiskScenario scenario(final DiskPattern pattern, final WakeupMode wakeups) {
        return new DiskScenario(
                pattern, 4096, DEPTH, OPERATIONS, 0, 3, wakeups, CrossingCosts.COUNTS);
    }

    private static LunBench.Result measure(final long delayNanos) throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.RANDREAD, WakeupMode.POLL);
        try (DiskMedium medium =
                DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, RunControl.NONE)) {
            return new LunBench(scenario, delayNanos, medium, RunControl.NONE).measureOnce();
        }
    }

    /** Each read of the late unit takes the delay: of the fast one's, none needs to wait for it. */
    @Test
    void servesTheFastUnitWhileTheLateOneHasAllItTakesInFlight() throws Exception {
        final LunBench.Result result = measure(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(result.verified()).as("%s", result).isTrue();
        assertThat(result.alone().operations()).isEqualTo(OPERATIONS);
        assertThat(result.beside().operations()).isEqualTo(OPERATIONS);
        assertThat(result.beside().operations() / DEPTH)
                .as("turns of the fast unit for each turn of the late one")
                .isGreaterThan(1 + result.late().operations() / DEPTH);
    }

    @Test
    void checksWhatTheLateUnitBringsAndTakesNoLessThanTheDelay() throws Exception {
        final long delayNanos = TimeUnit.MICROSECONDS.toNanos(20);
        final LunBench.Result result = measure(delayNanos);
        assertThat(result.verified()).as("%s", result).isTrue();
        assertThat(result.late().operations()).isPositive();
        assertThat(result.late().latency().getTotalCount()).isEqualTo(result.late().operations());
        assertThat(result.late().latency().getMinValue())
                .as("to the three digits of a histogram")
                .isGreaterThanOrEqualTo(delayNanos * 999 / 1000);
    }

    @Test
    void refusesWhatALateStoreCannotServe() throws UsageException {
        final DiskScenario sleeps = scenario(DiskPattern.RANDREAD, WakeupMode.SLEEP);
        final DiskScenario writes = scenario(DiskPattern.RANDRW, WakeupMode.POLL);
        try (DiskMedium medium =
                DiskMedium.open(null, DiskMedium.Kind.RAM, sleeps, RunControl.NONE)) {
            assertThatThrownBy(() -> new LunBench(sleeps, 1, medium, RunControl.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("SLEEP");
            assertThatThrownBy(() -> new LunBench(writes, 1, medium, RunControl.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("RANDRW");
        }
    }
}
