package io.ringside.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.DiskDevices;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskPattern;
import io.ringside.perf.scenario.DiskRig;
import io.ringside.perf.scenario.DiskRigs;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.scenario.WakeupMode;
import io.ringside.perf.workload.DiskModel;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every disk under every pattern, both halves on threads of their own, over the real rings. */
class DiskBenchTest {
    private static final int OPERATIONS = 2000;

    static List<Arguments> everyDeviceAndPattern() throws UsageException {
        final List<Arguments> all = new ArrayList<>();
        for (final String device : DiskDevices.ALL.devices()) {
            for (final DiskPattern pattern : DiskPattern.values()) {
                for (final WakeupMode wakeups : WakeupMode.values()) {
                    all.add(Arguments.of(device, pattern, wakeups));
                }
            }
        }
        for (final Variant disk : DiskDevices.ALL.rows(List.of(), List.of())) {
            if (!disk.isPlain()) {
                all.add(Arguments.of(disk.name(), DiskPattern.READ, WakeupMode.SLEEP));
                all.add(Arguments.of(disk.name(), DiskPattern.RANDRW, WakeupMode.SLEEP));
                all.add(Arguments.of(disk.name(), DiskPattern.RANDRW, WakeupMode.POLL));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyDeviceAndPattern")
    void movesEveryByteRightAndCountsEveryOperation(
            final String device, final DiskPattern pattern, final WakeupMode wakeups)
            throws Exception {
        final DiskResult result = run(device, scenario(pattern, 4096, 32, OPERATIONS, wakeups));
        assertThat(result.verified()).as("%s", result).isTrue();
        assertThat(result.operations()).isEqualTo(OPERATIONS);
        assertThat(result.latency().getTotalCount()).isEqualTo(OPERATIONS);
    }

    @ParameterizedTest
    @MethodSource("everyDeviceAndPattern")
    void splitsOperationsThatNoDeviceTakesWhole(
            final String device, final DiskPattern pattern, final WakeupMode wakeups)
            throws Exception {
        final DiskResult result = run(device, scenario(pattern, 512 * 513, 5, 40, wakeups));
        assertThat(result.verified()).as("%s", result).isTrue();
        assertThat(result.operations()).isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xen-blkfront", "storvsc", "storvsc+subchannels"})
    void losesNoWakeupBetweenTwoThreads(final String device) throws Exception {
        // Depth 1 makes both halves fall asleep for every single operation.
        for (final int depth : new int[] {1, 2, 32}) {
            final DiskScenario scenario =
                    scenario(DiskPattern.RANDREAD, 512, depth, 30_000, WakeupMode.SLEEP);
            final DiskResult result = run(device, scenario);
            assertThat(result.verified()).as("depth %d", depth).isTrue();
        }
    }

    @Test
    void countsWhatEachWayOfReadingCosts() throws Exception {
        final DiskScenario scenario =
                scenario(DiskPattern.RANDREAD, 4096, 8, OPERATIONS, WakeupMode.SLEEP);
        final DiskResult pio = run(DiskDevices.IDE_PIO, scenario);
        assertThat(pio.exits()).isEqualTo(13L * OPERATIONS);
        assertThat(pio.interrupts()).isEqualTo(OPERATIONS);
        assertThat(pio.bytesCopied()).isEqualTo(4096L * OPERATIONS);

        final DiskResult dma = run(DiskDevices.IDE_DMA, scenario);
        assertThat(dma.exits()).isEqualTo(20L * OPERATIONS);
        assertThat(dma.interrupts()).isEqualTo(OPERATIONS);
        assertThat(dma.bytesCopied()).isZero();

        final DiskResult xen = run(DiskDevices.XEN_BLKFRONT, scenario);
        assertThat(xen.exits()).isZero();
        assertThat(xen.bytesCopied()).isZero();
        assertThat(xen.backend().count(Crossing.PAGE_MAP)).isEqualTo(OPERATIONS);
        assertThat(xen.backend().count(Crossing.PAGE_UNMAP)).isEqualTo(OPERATIONS);
        assertThat(
                        xen.hypercalls()
                                - xen.frontend().count(Crossing.KICK)
                                - xen.backend().count(Crossing.KICK))
                .as("one to map and one to unmap what the host finds at a time, beside the kicks")
                .isBetween(2L * OPERATIONS / 8, 2L * OPERATIONS);
        assertThat(xen.kicks()).isBetween(1L, (long) OPERATIONS);
        assertThat(xen.interrupts()).isBetween(1L, (long) OPERATIONS);
    }

    /** A sector has 256 words; without the switch its page takes one exit for all of them. */
    @Test
    void takesAnExitForEachWordWhereStringInstructionsAreStepped() throws Exception {
        final int blockBytes = 8 * 512;
        final DiskScenario once =
                scenario(DiskPattern.RANDREAD, blockBytes, 8, OPERATIONS, WakeupMode.SLEEP);
        final DiskScenario stepped = once.with(StringIo.PER_WORD);
        final long more = run(DiskDevices.IDE_PIO, stepped).exits() - 13L * OPERATIONS;
        assertThat(more).isEqualTo((8 * 256L - 1) * OPERATIONS);
        assertThat(run(DiskDevices.IDE_DMA, stepped).exits()).isEqualTo(20L * OPERATIONS);
    }

    /**
     * Pages are named and never mapped: all that the two ends ask of the hypervisor is a signal.
     */
    @Test
    void countsSignalsAndNothingElseOfStorvsc() throws Exception {
        final DiskScenario scenario =
                scenario(DiskPattern.RANDREAD, 4096, 8, OPERATIONS, WakeupMode.SLEEP);
        for (final String name : List.of("storvsc", "storvsc+subchannels")) {
            final DiskResult result = run(name, scenario);
            assertThat(result.verified()).as("%s", result).isTrue();
            assertThat(result.device()).isEqualTo(name);
            assertThat(result.exits()).isZero();
            assertThat(result.grantOperations()).isZero();
            assertThat(result.bytesCopied()).isZero();
            assertThat(result.kicks()).isBetween(1L, (long) OPERATIONS);
            assertThat(result.interrupts()).isBetween(1L, (long) OPERATIONS);
            assertThat(result.hypercalls())
                    .isEqualTo(result.kicks() + result.backend().count(Crossing.KICK));
        }
    }

    /** A page is mapped when it is first lent, and never again. */
    @Test
    void keepsPagesMappedWithPersistentGrantsAndCopiesInstead() throws Exception {
        final DiskScenario scenario =
                scenario(DiskPattern.RANDREAD, 4096, 8, OPERATIONS, WakeupMode.SLEEP);
        final DiskResult persistent = run("xen-blkfront+persistent", scenario);
        assertThat(persistent.verified()).as("%s", persistent).isTrue();
        assertThat(persistent.backend().count(Crossing.PAGE_MAP)).isBetween(1L, 64L);
        assertThat(persistent.backend().count(Crossing.PAGE_UNMAP)).isZero();
        assertThat(persistent.bytesCopied()).isEqualTo(4096L * OPERATIONS);
    }

    /** 128 KiB are three direct requests, and one indirect request. */
    @Test
    void hasRoomForMoreLargeOperationsWithIndirectRequestsOrMorePages() throws Exception {
        final DiskScenario scenario =
                scenario(DiskPattern.RANDREAD, 128 * 1024, 64, 500, WakeupMode.SLEEP);
        for (final String name :
                List.of(
                        "xen-blkfront",
                        "xen-blkfront+indirect",
                        "xen-blkfront+ring4",
                        "xen-blkfront+2q",
                        "xen-blkfront+all",
                        "storvsc",
                        "storvsc+subchannels")) {
            final DiskResult result = run(name, scenario);
            assertThat(result.verified()).as("%s", result).isTrue();
            assertThat(result.device()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xen-blkfront", "storvsc"})
    void needsNoKickWhereBothHalvesPoll(final String device) throws Exception {
        final DiskResult result =
                run(device, scenario(DiskPattern.RANDREAD, 4096, 8, OPERATIONS, WakeupMode.POLL));
        assertThat(result.kicks()).isLessThanOrEqualTo(1);
        assertThat(result.interrupts()).isLessThanOrEqualTo(1);
    }

    @Test
    void seesThatAReadBroughtOtherBytes() throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.READ, 4096, 4, 1000, WakeupMode.SLEEP);
        try (DiskMedium medium =
                        DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, RunControl.NONE);
                DiskMedium.Opened opened = medium.open();
                DiskRig rig =
                        DiskRigs.of(
                                DiskDevices.ALL.plain(DiskDevices.XEN_BLKFRONT),
                                scenario,
                                opened.store())) {
            final DiskRun run = new DiskRun(rig, scenario, RunControl.NONE);
            run.connect();
            // A model of an image that is all zero: the sample is not.
            try (Arena arena = Arena.ofShared()) {
                final DiskModel zeros =
                        new DiskModel(
                                arena.allocate(medium.bytes()), 4096, 1, DiskModel.Writes.NONE);
                final DiskResult result = run.run(zeros, 1000, 0, false);
                assertThat(result.mismatches()).isPositive();
                assertThat(result.verified()).isFalse();
            }
        }
    }

    @Test
    void failsReadsThatNobodyCanTake() throws Exception {
        final DiskScenario scenario = scenario(DiskPattern.READ, 4096, 4, 100, WakeupMode.SLEEP);
        try (DiskMedium medium =
                        DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, RunControl.NONE);
                DiskMedium.Opened opened = medium.open();
                DiskRig rig =
                        DiskRigs.of(
                                DiskDevices.ALL.plain(DiskDevices.STORVSC),
                                scenario,
                                opened.store())) {
            final DiskRun run = new DiskRun(rig, scenario, RunControl.NONE);
            run.readsTo((block, memory) -> block < 10 && memory.byteSize() == 4096);
            run.connect();
            final DiskResult result = run.run(opened.model(), 100, 0, false);
            assertThat(result.failures()).isEqualTo(90);
            assertThat(result.mismatches()).isZero();
            assertThat(result.verified()).isFalse();
        }
    }

    private static DiskScenario scenario(
            final DiskPattern pattern,
            final int blockBytes,
            final int depth,
            final long operations,
            final WakeupMode wakeups) {
        return new DiskScenario(
                pattern, blockBytes, depth, operations, 0, 7, wakeups, CrossingCosts.COUNTS);
    }

    private static DiskResult run(final String device, final DiskScenario scenario)
            throws Exception {
        try (DiskMedium medium =
                DiskMedium.open(null, DiskMedium.Kind.RAM, scenario, RunControl.NONE)) {
            return new DiskBench(scenario, medium, RunControl.NONE)
                    .measureOnce(DiskDevices.ALL.variant(device));
        }
    }
}
