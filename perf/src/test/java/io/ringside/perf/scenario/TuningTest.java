package io.ringside.perf.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.DiskBench;
import io.ringside.perf.measure.DiskResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TuningTest {
    @Test
    void readsNumbersAndSwitches() throws UsageException {
        final Tuning tuning = Tuning.of(List.of("persistent=on", "ring-pages=8"));
        assertThat(tuning.get(TuningKey.PERSISTENT, 0)).isEqualTo(1);
        assertThat(tuning.get(TuningKey.RING_PAGES, 1)).isEqualTo(8);
        assertThat(tuning.get(TuningKey.QUEUES, 3)).as("not chosen").isEqualTo(3);
        assertThat(tuning.assignments()).containsExactly("ring-pages=8", "persistent=1");
    }

    @Test
    void refusesWhatIsNoNumberOfAnyDevice() {
        assertThatThrownBy(() -> Tuning.of(List.of("ring-pages")))
                .hasMessageStartingWith("--tune 'ring-pages' has no number: write ring-pages=N");
        assertThatThrownBy(() -> Tuning.of(List.of("ring-pages=x")))
                .hasMessageStartingWith("--tune 'ring-pages=x' has no number: write ring-pages=N");
        assertThatThrownBy(() -> Tuning.of(List.of("copybrake=1")))
                .hasMessageStartingWith(
                        "--tune 'copybrake' is unknown (did you mean 'copybreak'?)");
    }

    @Test
    void refusesWhatADeviceDoesNotTake() throws UsageException {
        final Variant xen = DiskDevices.ALL.plain(DiskDevices.XEN_BLKFRONT);
        final Variant storvsc = DiskDevices.ALL.plain(DiskDevices.STORVSC);
        final Tuning one = Tuning.of(List.of("ring-pages=1"));
        one.check(List.of(xen));
        assertThatThrownBy(() -> one.check(List.of(xen, storvsc)))
                .hasMessage(
                        "--tune ring-pages=1 cannot be used: xen-blkfront takes a power of two from"
                                + " 1 to 16, storvsc takes 2 to 64, netvsc takes 2 to 256");
        final Tuning segments = Tuning.of(List.of("indirect-segments=8"));
        segments.check(List.of(storvsc, xen));
        assertThatThrownBy(() -> segments.check(List.of(storvsc)))
                .hasMessage(
                        "--tune indirect-segments has no device that it is of among --devices:"
                                + " xen-blkfront takes 0 to 256");
    }

    /** A feature is a number with a name: both ways to say it give the same device. */
    @Test
    void givesTheDeviceThatTheFeatureGives() throws Exception {
        assertThat(mapsOf("xen-blkfront", List.of("persistent=1")))
                .isEqualTo(mapsOf("xen-blkfront+persistent", List.of()))
                .isLessThan(mapsOf("xen-blkfront", List.of()));
        assertThat(mapsOf("xen-blkfront+persistent", List.of("persistent=0")))
                .isEqualTo(mapsOf("xen-blkfront", List.of()));
    }

    /** Memory answers a whole batch at once, which is one interrupt anyway. */
    @Test
    void gainsNothingByAHoldOffWhereABatchIsAnsweredAtOnce() throws Exception {
        final long at1 = deepRun(List.of("hold-off=1")).interrupts();
        assertThat(deepRun(List.of()).interrupts()).as("not chosen").isEqualTo(at1);
        assertThat(deepRun(List.of("hold-off=8")).interrupts()).isEqualTo(at1);
    }

    @Test
    void refusesAHoldOffThatCannotBe() throws UsageException {
        final List<Variant> both =
                List.of(
                        DiskDevices.ALL.plain(DiskDevices.XEN_BLKFRONT),
                        NetDevices.ALL.plain(NetDevices.XEN_NETFRONT));
        Tuning.of(List.of("hold-off=256")).check(both);
        assertThatThrownBy(() -> Tuning.of(List.of("hold-off=0")).check(both))
                .hasMessage(
                        "--tune hold-off=0 cannot be used: xen-blkfront takes 1 to 512,"
                                + " xen-netfront takes 1 to 256");
        assertThatThrownBy(() -> Tuning.of(List.of("hold-off=257")).check(both))
                .hasMessageStartingWith("--tune hold-off=257 cannot be used");
    }

    @Test
    void carriesDataWhateverIsChosen() throws Exception {
        for (final String each :
                List.of(
                        "xen-blkfront ring-pages=16 queues=3",
                        "xen-blkfront indirect-segments=17",
                        "xen-blkfront hold-off=512",
                        "xen-blkfront hold-off=3 queues=2",
                        "storvsc ring-pages=2",
                        "storvsc ring-pages=64 queues=8")) {
            final List<String> words = new ArrayList<>(List.of(each.split(" ")));
            final DiskResult result = run(words.removeFirst(), words);
            assertThat(result.verified()).as(each).isTrue();
            assertThat(result.operations()).as(each).isEqualTo(200);
        }
    }

    private static long mapsOf(final String name, final List<String> tune) throws Exception {
        return run(name, tune).grantOperations();
    }

    private static DiskResult run(final String name, final List<String> tune) throws Exception {
        return run(name, 1, tune);
    }

    private static DiskResult deepRun(final List<String> tune) throws Exception {
        return run("xen-blkfront", 32, tune);
    }

    private static DiskResult run(final String name, final int depth, final List<String> tune)
            throws Exception {
        final DiskScenario scenario =
                DiskScenario.of(
                                DiskPattern.RANDREAD,
                                32 * 1024,
                                depth,
                                200,
                                0,
                                7,
                                WakeupMode.SLEEP,
                                CrossingCosts.COUNTS)
                        .withTuning(Tuning.of(tune));
        try (DiskMedium medium =
                DiskMedium.open(null, null, DiskMedium.Kind.RAM, scenario, RunControl.NONE)) {
            return new DiskBench(scenario, medium, RunControl.NONE)
                    .measureOnce(DiskDevices.ALL.variant(name));
        }
    }
}
