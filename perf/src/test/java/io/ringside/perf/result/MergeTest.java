package io.ringside.perf.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.UsageException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MergeTest {
    private static ResultDocument fork(final long elapsedNanos) {
        return Samples.document(Samples.diskJob(32, Samples.disk("ide-dma", 10, elapsedNanos)));
    }

    @Test
    void putsForksOfOneScenarioTogether() throws Exception {
        final ResultDocument all =
                fork(1_000_000).mergedWith(fork(2_000_000)).mergedWith(fork(4_000_000));
        final Row row = Objects.requireNonNull(all.jobs().getFirst().row("ide-dma"));
        assertThat(row.main().operations()).isEqualTo(30);
        assertThat(row.main().of(Metric.OPERATIONS_PER_SECOND))
                .isEqualTo(Series.of(10_000, 5_000, 2_500));
        assertThat(row.main().crossings().guest().get(Crossing.PORT_EXIT))
                .isEqualTo(Series.of(2, 2, 2));
        final LatencyHistogram latency = Objects.requireNonNull(row.main().latency());
        assertThat(latency.histogram().getTotalCount()).isEqualTo(30);
    }

    @Test
    void countsACrossingThatOneForkLacksAsNone() throws Exception {
        final Crossings first = new Crossings(Map.of(Crossing.KICK, Series.of(1, 2)), Map.of());
        final Crossings second = new Crossings(Map.of(Crossing.UPCALL, Series.of(3)), Map.of());
        assertThat(first.plus(2, second, 1).guest())
                .isEqualTo(
                        Map.of(
                                Crossing.KICK, Series.of(1, 2, 0),
                                Crossing.UPCALL, Series.of(0, 0, 3)));
    }

    @Test
    void takesARowThatOnlyTheOtherHas() throws Exception {
        final ResultDocument other =
                Samples.document(Samples.diskJob(32, Samples.disk("storvsc", 10, 1_000_000)));
        assertThat(fork(1_000_000).mergedWith(other).jobs().getFirst().rows())
                .extracting(Row::device)
                .containsExactly("ide-dma", "storvsc");
    }

    @Test
    void refusesOtherScenariosAndNamesWhatDiffers() {
        assertRefused(
                fork(1),
                Samples.document(Samples.diskJob(8, Samples.disk("ide-dma", 10, 1_000_000))),
                "the scenarios differ: depth: 32 and 8");
        assertRefused(
                fork(1),
                Samples.document(Samples.netJob(Samples.net("netvsc"))),
                "workload: disk and net; pattern: randrw and nothing");
        assertRefused(fork(1), Samples.sweep(1, "1"), "one has 1 jobs and 0 sweeps");
        final Job job = Samples.diskJob(32);
        final Job dearer =
                new Job(
                        job.workload(),
                        job.scenario(),
                        job.clock(),
                        new Costs("today", "a paper", List.of()),
                        List.of());
        assertRefused(
                Samples.document(job),
                Samples.document(dearer),
                "figures of the cost profile 'today'");
    }

    @Test
    void refusesAnotherMachineWhereTimesAreOfTheWallClock() throws Exception {
        final Machine other = new Machine("another", 2, "Linux", "JDK", 1024, "2026-11-22", 0.9);
        final ResultDocument elsewhere =
                new ResultDocument("1.2", other, Noise.UNKNOWN, fork(1).jobs(), List.of());
        assertRefused(
                fork(1),
                elsewhere,
                "the machines differ: processor: a \"quoted\" processor and another");
        assertThat(modelled(Samples.MACHINE).mergedWith(modelled(other)).jobs()).hasSize(1);
    }

    private static ResultDocument modelled(final Machine machine) {
        final Job job = Samples.diskJob(32, Samples.disk("ide-dma", 10, 1_000_000));
        return new ResultDocument(
                "1.2",
                machine,
                Noise.UNKNOWN,
                List.of(
                        new Job(
                                job.workload(),
                                job.scenario(),
                                Clock.MODELLED,
                                job.costs(),
                                job.rows())),
                List.of());
    }

    @Test
    void keepsTheMostNoiseOfAllForks() throws Exception {
        final ResultDocument quiet =
                new ResultDocument(
                        "1.2", Samples.MACHINE, new Noise(-1, 0.05), fork(1).jobs(), List.of());
        assertThat(quiet.noise().isBusy()).isFalse();
        assertThat(quiet.mergedWith(fork(1)).noise()).isEqualTo(new Noise(0.1, 0.3));
        assertThat(fork(1).noise().isBusy()).isTrue();
    }

    @Test
    void unitesThePartsOfASweepInTheOrderOfItsValues() throws Exception {
        final ResultDocument two = Samples.sweep(3, "32").mergedWith(Samples.sweep(1, "1"));
        final Sweep sweep = two.sweeps().getFirst();
        assertThat(sweep.points()).extracting(Sweep.Point::value).containsExactly("1", "32");
        assertThat(sweep.present()).containsExactly(1, 3);
        assertThat(sweep.missing()).containsExactly(2);
        final Sweep whole = two.mergedWith(Samples.sweep(2, "8")).sweeps().getFirst();
        assertThat(whole.missing()).isEmpty();
        assertThat(whole.points()).extracting(Sweep.Point::value).containsExactly("1", "8", "32");
    }

    @Test
    void takesAPartThatIsThereTwiceAsFurtherForks() throws Exception {
        final ResultDocument twice = Samples.sweep(1, "1").mergedWith(Samples.sweep(1, "1"));
        final Job job = Objects.requireNonNull(twice.sweeps().getFirst().at("1"));
        assertThat(job.rows().getFirst().main().forks()).isEqualTo(2);
    }

    private static void assertRefused(
            final ResultDocument one, final ResultDocument other, final String part) {
        assertThatThrownBy(() -> one.mergedWith(other))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("cannot be merged")
                .hasMessageContaining(part);
    }
}
