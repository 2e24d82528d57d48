package io.ringside.perf.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.traffic.FrameMix;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.NetResult;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.FrameStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every card in simulated time, over the real rings. */
class ModelledNetBenchTest {
    static List<Arguments> everyDeviceAndMode() throws UsageException {
        final List<Arguments> all = new ArrayList<>();
        for (final String card : NetDevices.ALL.devices()) {
            for (final WakeupMode wakeups : WakeupMode.values()) {
                for (final NetDirection direction : NetDirection.values()) {
                    all.add(Arguments.of(card, wakeups, direction));
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyDeviceAndMode")
    void movesEveryByteRightAndRepeatsToTheDigit(
            final String card, final WakeupMode wakeups, final NetDirection direction)
            throws Exception {
        final ModelSetup setup = ModelSetup.CROSSINGS_ONLY.withGuests(2, 1).withWork(300, 400);
        final NetResult first = measure(card, scenario(wakeups, direction, 10), setup);
        assertThat(first.verified()).as("%s", first).isTrue();
        assertThat(measure(card, scenario(wakeups, direction, 10), setup)).isEqualTo(first);
    }

    @Test
    void sendsAtTheRateOfTheWireThatAllShare() throws Exception {
        final ModelSetup setup = ModelSetup.CROSSINGS_ONLY.withGuests(3, 0);
        final NetScenario slow = scenario(WakeupMode.SLEEP, NetDirection.TX, 1);
        final NetResult.Run run = frames(NetDevices.XEN_NETFRONT, slow, setup, 1000);
        assertThat(run.arrived()).isEqualTo(3 * 1000);
        assertThat(run.gigabitsPerSecond()).isBetween(0.99, 1.01);
    }

    private static NetScenario scenario(
            final WakeupMode wakeups, final NetDirection direction, final int gigabits) {
        return new NetScenario(
                "1500", direction, gigabits, 1, 0.001, wakeups, CrossingCosts.COUNTS);
    }

    private static NetResult measure(
            final String card, final NetScenario scenario, final ModelSetup setup)
            throws Exception {
        return bench(scenario, setup).measure(variant(card));
    }

    private static NetResult.Run frames(
            final String card,
            final NetScenario scenario,
            final ModelSetup setup,
            final long frames)
            throws Exception {
        return bench(scenario, setup).frames(variant(card), frames);
    }

    private static Variant variant(final String card) throws UsageException {
        return NetDevices.ALL.rows(List.of(card), List.of()).getFirst();
    }

    private static ModelledNetBench bench(final NetScenario scenario, final ModelSetup setup) {
        return new ModelledNetBench(
                scenario,
                FrameStream.of(FrameMix.MTU_1500, NetRigs.GUEST_MAC, NetRigs.WIRE_MAC),
                ModelledDiskBenchTest.COSTS,
                setup,
                RunControl.NONE);
    }
}
