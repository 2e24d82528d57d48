package io.ringside.perf.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.scenario.WakeupMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every disk in simulated time, over the real rings. */
class ModelledDiskBenchTest {
    private static final int OPERATIONS = 200;

    /** An interrupt: two hypercalls of the line, its wake-up, and a look or two. */
    private static final long MOST_BESIDE_NANOS = 6_000;

    /** A block copied, which the other thread does while the guest goes on. */
    private static final long COPY_NANOS = 410;

    static final ModelCosts COSTS =
            new ModelCosts(
                    new CrossingCosts(
                            "test",
                            "round figures",
                            Map.of(
                                    Crossing.HYPERCALL, 600,
                                    Crossing.PORT_EXIT, 3_000,
                                    Crossing.INTERRUPT, 500,
                                    Crossing.KICK, 100,
                                    Crossing.PAGE_MAP, 400,
                                    Crossing.PAGE_UNMAP, 400,
                                    Crossing.TLB_FLUSH, 1_000)),
                    3_000,
                    1_500,
                    50,
                    0.1);

    static List<Arguments> everyDeviceAndMode() throws UsageException {
        final List<Arguments> all = new ArrayList<>();
        for (final Variant disk : DiskDevices.ALL.rows(List.of(), List.of())) {
            for (final WakeupMode wakeups : WakeupMode.values()) {
                all.add(Arguments.of(disk.name(), wakeups));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyDeviceAndMode")
    void movesEveryByteRightAndRepeatsToTheDigit(final String disk, final WakeupMode wakeups)
            throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.RANDRW, 8, wakeups, 7);
        final ModelSetup setup = ModelSetup.CROSSINGS_ONLY.withGuests(3, 2).withWork(700, 900);
        final DiskResult first = run(disk, scenario, setup);
        assertThat(first.verified()).as("%s", first).isTrue();
        assertThat(first.operations()).isEqualTo(3 * OPERATIONS);
        assertThat(first.latency().getTotalCount()).isEqualTo(3 * OPERATIONS);
        final DiskResult second = run(disk, scenario, setup);
        assertThat(second).isEqualTo(first);
        if (disk.startsWith("ide")) {
            return; // A controller that does one at a time takes as long for any block.
        }
        final DiskResult other = run(disk, scenario(DiskPattern.RANDRW, 8, wakeups, 8), setup);
        assertThat(other.latency()).isNotEqualTo(first.latency());
    }

    @Test
    void takesExactlyWhatAnEmulatedDiskCrosses() throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.RANDREAD, 1, WakeupMode.SLEEP, 7);
        final DiskResult result = run("ide-dma", scenario, ModelSetup.CROSSINGS_ONLY);
        final double crossings =
                result.frontend().count(Crossing.PORT_EXIT) * 3_000.0
                        + result.interrupts() * 500.0
                        + result.operations() * 4096 * 0.1;
        assertThat(result.frontendCpuNanos() + result.backendCpuNanos())
                .isBetween((long) crossings, (long) (crossings * 1.02));
        assertThat(result.elapsedNanos()).isLessThanOrEqualTo((long) (crossings * 1.02));
    }

    /** An exit that goes to another thread costs its hand-over more, and no wake-up or kick. */
    @ParameterizedTest
    @CsvSource({"0, SLEEP", "0, POLL", "6000, SLEEP", "6000, POLL"})
    void chargesAnExitToAnotherThreadItsHandOverAndNothingElse(
            final int handOverNanos, final WakeupMode wakeups) throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.RANDREAD, 1, wakeups, 7);
        final ModelCosts costs = handingOver(handOverNanos);
        final DiskResult here = run("ide-dma", scenario, ModelSetup.CROSSINGS_ONLY, costs);
        final DiskResult there = run("ide-dma+ioreq", scenario, ModelSetup.CROSSINGS_ONLY, costs);
        assertThat(there.exits()).isEqualTo(here.exits());
        final long handedOver = there.frontend().count(Crossing.PORT_EXIT);
        assertThat(there.frontend().count(Crossing.KICK)).isEqualTo(handedOver).isPositive();
        assertThat(there.backend().count(Crossing.UPCALL)).isEqualTo(handedOver);
        assertThat(there.backend().count(Crossing.KICK)).isEqualTo(handedOver);
        if (wakeups == WakeupMode.SLEEP) {
            assertThat(there.frontendCpuNanos())
                    .as("%s", there)
                    .isBetween(
                            exitNanos(there, handOverNanos),
                            exitNanos(there, handOverNanos) + OPERATIONS * 1_000L);
        }
        assertThat(there.elapsedNanos() - here.elapsedNanos())
                .as("%s %s", here, there)
                .isBetween(
                        handedOver * handOverNanos - OPERATIONS * COPY_NANOS,
                        handedOver * handOverNanos + OPERATIONS * MOST_BESIDE_NANOS);
    }

    private static long exitNanos(final DiskResult result, final int handOverNanos) {
        return result.frontend().count(Crossing.PORT_EXIT) * (3_000L + handOverNanos)
                + result.interrupts() * 500L;
    }

    private static ModelCosts handingOver(final int nanos) {
        final CrossingCosts crossings = COSTS.crossings();
        return new ModelCosts(
                new CrossingCosts(
                        crossings.name(), crossings.source(), crossings.nanos(), Map.of(), nanos),
                COSTS.wakeNanos(),
                COSTS.threadSwitchNanos(),
                COSTS.lineNanos(),
                COSTS.copyNanosPerByte());
    }

    @Test
    void waitsForTheMedium() throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.RANDREAD, 1, WakeupMode.SLEEP, 7);
        final ModelSetup slow =
                ModelSetup.CROSSINGS_ONLY.withMedium(new MediumTime(100_000, 1, 100_000_000));
        for (final String disk : List.of("ide-dma", "xen-blkfront", "storvsc")) {
            final DiskResult result = run(disk, scenario, slow);
            assertThat(result.elapsedNanos() / (double) OPERATIONS)
                    .as(disk)
                    .isBetween(140_960.0, 340_000.0);
        }
    }

    @Test
    void scalesWithTheProcessorsOfTheHost() throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.RANDREAD, 8, WakeupMode.SLEEP, 7);
        final ModelSetup busyHost = ModelSetup.CROSSINGS_ONLY.withWork(0, 20_000);
        final double one = run("storvsc", scenario, busyHost).operationsPerSecond();
        final double free =
                run("storvsc", scenario, busyHost.withGuests(4, 4)).operationsPerSecond();
        final double shared =
                run("storvsc", scenario, busyHost.withGuests(4, 2)).operationsPerSecond();
        assertThat(free).isBetween(3.9 * one, 4.01 * one);
        assertThat(shared).isBetween(1.5 * one, 2.2 * one);
    }

    @Test
    void makesFlushesDearerForEachFurtherProcessorOfTheHost() throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.RANDREAD, 1, WakeupMode.SLEEP, 7);
        final ModelSetup small = ModelSetup.CROSSINGS_ONLY.withFlush(1_000);
        final ModelSetup large = small.withGuests(1, 24);
        final long cheap = run("xen-blkfront", scenario, small).elapsedNanos();
        final long dear = run("xen-blkfront", scenario, large).elapsedNanos();
        assertThat(dear - cheap).isBetween(23_000L * (OPERATIONS - 1), 23_000L * OPERATIONS);
        assertThat(run("storvsc", scenario, large).elapsedNanos())
                .isEqualTo(run("storvsc", scenario, small).elapsedNanos());
    }

    private static DiskScenario scenario(
            final DiskPattern pattern, final int depth, final WakeupMode wakeups, final long seed) {
        return new DiskScenario(
                pattern, 4096, depth, OPERATIONS, 0, seed, wakeups, CrossingCosts.COUNTS);
    }

    private static DiskResult run(
            final String disk, final DiskScenario scenario, final ModelSetup setup)
            throws Exception {
        return run(disk, scenario, setup, COSTS);
    }

    private static DiskResult run(
            final String disk,
            final DiskScenario scenario,
            final ModelSetup setup,
            final ModelCosts costs)
            throws Exception {
        try (DiskMedium medium =
                DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, RunControl.NONE)) {
            final Variant variant = DiskDevices.ALL.rows(List.of(disk), List.of()).getFirst();
            return new ModelledDiskBench(scenario, medium, costs, setup, RunControl.NONE)
                    .measure(variant);
        }
    }
}
