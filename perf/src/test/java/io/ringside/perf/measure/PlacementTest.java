package io.ringside.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.traffic.FrameMix;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.FrameStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A device model in the exit, and the same one in another thread. */
class PlacementTest {
    private static final int OPERATIONS = 500;

    @ParameterizedTest
    @EnumSource(WakeupMode.class)
    void takesAsManyExitsOfADiskWhereverItsModelRuns(final WakeupMode wakeups) throws Exception {
        for (final String device : new String[] {DiskDevices.IDE_DMA, DiskDevices.IDE_PIO}) {
            final DiskResult here = disk(device, wakeups);
            final DiskResult elsewhere = disk(device + "+ioreq", wakeups);
            assertThat(elsewhere.verified()).as("%s", elsewhere).isTrue();
            assertThat(elsewhere.exits()).isEqualTo(here.exits());
            assertThat(elsewhere.interrupts()).isEqualTo(here.interrupts());
            assertThat(elsewhere.bytesCopied()).isEqualTo(here.bytesCopied());
            final long handedOver = elsewhere.frontend().count(Crossing.PORT_EXIT);
            countsBothWays(elsewhere.frontend(), elsewhere.backend(), handedOver);
            assertThat(elsewhere.backend().count(Crossing.HYPERCALL))
                    .as("and a rise and a fall of the line for each interrupt")
                    .isEqualTo(handedOver + 2 * elsewhere.interrupts());
            assertThat(here.frontend().count(Crossing.KICK)).isZero();
            assertThat(here.backend().count(Crossing.UPCALL)).isZero();
        }
    }

    private static void countsBothWays(
            final HalfCounts frontend, final HalfCounts backend, final long handedOver) {
        assertThat(frontend.count(Crossing.KICK)).isEqualTo(handedOver).isPositive();
        assertThat(backend.count(Crossing.UPCALL)).isEqualTo(handedOver);
        assertThat(backend.count(Crossing.KICK)).isEqualTo(handedOver);
    }

    private static DiskResult disk(final String device, final WakeupMode wakeups) throws Exception {
        final DiskScenario scenario =
                new DiskScenario(
                        DiskPattern.RANDRW,
                        4096,
                        4,
                        OPERATIONS,
                        0,
                        7,
                        wakeups,
                        CrossingCosts.COUNTS);
        try (DiskMedium medium =
                DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, RunControl.NONE)) {
            return new DiskBench(scenario, medium, RunControl.NONE)
                    .measureOnce(DiskDevices.ALL.variant(device));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rtl8139+ioreq, TX, SLEEP",
        "rtl8139+ioreq, RX, POLL",
        "tulip+ioreq, TX, POLL",
        "tulip+ioreq, RX, SLEEP",
        "e1000+ioreq, TX, POLL",
        "e1000+ioreq, RX, SLEEP",
    })
    void notifiesBothWaysForEachExitOfACard(
            final String card, final NetDirection direction, final WakeupMode wakeups)
            throws Exception {
        final NetScenario scenario =
                new NetScenario("test", direction, 0, 1, 0.2, wakeups, CrossingCosts.COUNTS);
        final FrameStream stream =
                FrameStream.of(FrameMix.IMIX, NetRigs.WIRE_MAC, NetRigs.GUEST_MAC);
        final NetResult.Run run =
                new NetBench(scenario, stream, RunControl.NONE)
                        .frames(NetDevices.ALL.variant(card), 4L * OPERATIONS);
        assertThat(run.verified()).as("%s", run).isTrue();
        assertThat(run.arrived()).isEqualTo(4L * OPERATIONS);
        final HalfCounts guest = run.use().frontend();
        countsBothWays(
                guest,
                run.use().backend(),
                guest.count(Crossing.PORT_EXIT) + guest.count(Crossing.MMIO_EXIT));
    }
}
