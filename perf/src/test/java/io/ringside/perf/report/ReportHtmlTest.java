package io.ringside.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Clock;
import io.ringside.perf.result.CostFigure;
import io.ringside.perf.result.Costs;
import io.ringside.perf.result.CrossingKeys;
import io.ringside.perf.result.DiskRows;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.Range;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Samples;
import io.ringside.perf.result.Sweep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportHtmlTest {
    private static final Set<CostKey> NO_CROSSINGS =
            EnumSet.of(
                    CostKey.WAKE,
                    CostKey.THREAD_SWITCH,
                    CostKey.COPY_BYTE,
                    CostKey.LINE_TRANSFER,
                    CostKey.EXIT_HAND_OVER);

    private static Job disks(final long ideMicros, final long xenMicros) {
        return Samples.diskJob(
                32,
                Samples.disk("ide-dma", 10, ideMicros * 1000),
                Samples.disk("xen-blkfront", 10, xenMicros * 1000),
                Samples.disk("xen-blkfront+ring4", 10, xenMicros * 1000));
    }

    private static ResultDocument forks(final long[] ideMicros, final long[] xenMicros)
            throws Exception {
        ResultDocument all = Samples.document(disks(ideMicros[0], xenMicros[0]));
        for (int i = 1; i < ideMicros.length; i++) {
            all = all.mergedWith(Samples.document(disks(ideMicros[i], xenMicros[i])));
        }
        return all;
    }

    private static Job modelled(final Job job, final String... settings) {
        final Map<String, String> scenario = new LinkedHashMap<>(job.scenario());
        scenario.put("wakeups", "sleep");
        for (int i = 0; i < settings.length; i += 2) {
            scenario.put(settings[i], settings[i + 1]);
        }
        return new Job(job.workload(), scenario, Clock.MODELLED, job.costs(), job.rows());
    }

    @Test
    void showsTheRatioWithItsInterval() throws Exception {
        assertThat(
                        ReportHtml.text(
                                forks(new long[] {1000, 2000, 1500}, new long[] {100, 120, 150})))
                .contains("12.5<span class=\"times\">×</span>")
                .contains("6.67 to 20.0 over 3 forks")
                .doesNotContain("No difference found");
    }

    @Test
    void saysThatNoDifferenceWasFoundWhereForksOverlap() throws Exception {
        assertThat(ReportHtml.text(forks(new long[] {100, 200}, new long[] {90, 150})))
                .contains("No difference found")
                .doesNotContain("<span class=\"times\">×</span>");
    }

    @Test
    void saysThatOneForkHasNoInterval() throws Exception {
        assertThat(ReportHtml.text(forks(new long[] {1000}, new long[] {100})))
                .contains("one fork: no interval");
    }

    @Test
    void callsTimesThatRestOnUsedAssumedCostsAPrediction() {
        final Job job = disks(10, 1);
        assertThat(Words.prediction(job)).as("wake is assumed, and no crossing").isEmpty();
        assertThat(Words.prediction(modelled(job))).contains("wake").doesNotContain("port");
        assertThat(Words.prediction(modelled(job, "wakeups", "poll"))).isEmpty();
        assertThat(ReportHtml.text(Samples.document(modelled(job))))
                .contains("<span class=\"chip prediction\">prediction</span>");
        assertThat(ReportHtml.text(Samples.document(job))).doesNotContain("chip prediction\">");
    }

    @Test
    void namesOnlyTheAssumedCostsThatAModelledRunTookTimeFor() {
        final Job disks = disks(10, 1);
        final List<CostFigure> figures = new ArrayList<>();
        for (final CostKey key : CostKey.values()) {
            if (key.crossing() != null || NO_CROSSINGS.contains(key)) {
                final String figure = CrossingKeys.of(key.label());
                figures.add(new CostFigure(figure, 10, 5, 20, Basis.ASSUMED, "a guess"));
            }
        }
        final Job job =
                new Job(
                        disks.workload(),
                        disks.scenario(),
                        Clock.WALL,
                        new Costs("guessed", "guesses", figures),
                        disks.rows());
        final List<String> crossed =
                List.of(
                        "hypercall",
                        "port-exit",
                        "mmio-exit",
                        "interrupt",
                        "upcall",
                        "kick",
                        "page-map",
                        "page-unmap");
        assertThat(Charges.assumed(job)).isEqualTo(crossed);
        assertThat(Charges.assumed(modelled(job)))
                .hasSize(crossed.size() + 3)
                .containsAll(crossed)
                .contains("wake", "copy-byte", "line-transfer");
        assertThat(Charges.assumed(modelled(job, "hostProcessors", "1")))
                .hasSize(crossed.size() + 4)
                .contains("thread-switch");
        assertThat(ReportHtml.text(Samples.document(job)))
                .contains(">port-exit<")
                .doesNotContain("portExit");
    }

    @Test
    void saysWhatSoftwareTakesOnTheModelledClock() {
        final Job free = modelled(disks(10, 1), "guests", "2", "hostProcessors", "1");
        final String bound = "ratios are upper bounds";
        assertThat(ReportHtml.text(Samples.document(free)))
                .contains("<span class=\"interval\">Drivers and workload take no time of their own")
                .contains("2 guests, 1 processor of the host for all guests; drivers and workload");
        assertThat(ResultTable.text(Samples.document(free))).contains("2 guests", bound);
        final Job charged = modelled(free, "guestWorkNanos", "700", "hostWorkNanos", "0");
        final String told =
                "oftware takes 700 ns of the guest (--guest-work) and 0 ns of the host"
                        + " (--host-work) for each operation";
        assertThat(ReportHtml.text(Samples.document(charged))).contains(told).doesNotContain(bound);
        assertThat(ResultTable.text(Samples.document(charged)))
                .contains(told)
                .doesNotContain(bound);
        assertThat(ResultTable.text(Samples.document(disks(10, 1))))
                .doesNotContain(bound, "oftware takes");
    }

    @Test
    void escapesWhateverAFileSays() {
        final String evil = "</title><script>alert('1')</script>%s%n\" onload=\"";
        final Job job =
                new Job(
                        "disk",
                        Map.of("pattern", evil, evil, evil),
                        Clock.WALL,
                        new Costs(evil, evil, List.of()),
                        List.of(DiskRows.row(Samples.disk("ide-" + evil, 10, 1000))));
        final Machine machine = new Machine(evil, 2, evil, evil, 1, evil, 0);
        final String page =
                ReportHtml.text(
                        new ResultDocument(
                                evil, machine, new Noise(1, 1), List.of(job), List.of()));
        assertThat(page)
                .doesNotContain("<script", "onload=\"")
                .contains("&lt;script&gt;alert(&#39;1&#39;)");
    }

    @Test
    void asksTheNetworkForNothing() throws Exception {
        assertThat(ReportHtml.text(forks(new long[] {1000, 2000}, new long[] {100, 120})))
                .doesNotContain("http:", "https:", "<script", "@import", "url(", "src=");
    }

    @Test
    void keepsTheTwoClocksInChartsOfTheirOwn() {
        final Job wall = disks(10, 1);
        final Sweep sweep =
                new Sweep(
                        "disk",
                        "depth",
                        List.of("1", "8"),
                        1,
                        List.of(1),
                        List.of(new Sweep.Point("1", wall), new Sweep.Point("8", modelled(wall))));
        final String page =
                ReportHtml.text(
                        new ResultDocument(
                                "1", Samples.MACHINE, Noise.UNKNOWN, List.of(), List.of(sweep)));
        final int modelled = page.indexOf("modelled clock: computed");
        assertThat(page.substring(0, modelled))
                .contains(Clock.WALL.label(), "Operations a second; ide-dma: 1 gives")
                .doesNotContain("8 gives");
        assertThat(page.substring(modelled)).contains("8 gives").doesNotContain("1 gives 1");
        final String text =
                ResultTable.text(
                        new ResultDocument(
                                "1", Samples.MACHINE, Noise.UNKNOWN, List.of(), List.of(sweep)));
        final int second = text.indexOf(Clock.MODELLED.label());
        assertThat(text.substring(0, second)).containsPattern("\n1 .*").doesNotContain("\n8 ");
        assertThat(text.substring(second)).containsPattern("\n8 .*").doesNotContain("\n1 ");
        final String profile = "rossings are charged by profile 'today' (";
        for (final String each : List.of(page.replace("&#39;", "'"), text)) {
            assertThat(each.split(Pattern.quote(profile), -1)).as("once a clock").hasSize(3);
            assertThat(each.indexOf("Prediction: the times rest on assumed costs (wake)."))
                    .as("the wall clock charged no wake")
                    .isGreaterThan(each.indexOf(Clock.MODELLED.label()));
        }
    }

    @Test
    void namesThePartsOfASweepThatAreMissing() {
        final String page = ReportHtml.text(Samples.sweep(2, "8"));
        assertThat(page).contains("Parts 1, 3 of 3 are not here");
        assertThat(ResultTable.text(Samples.sweep(2, "8"))).contains("parts [2] of 3");
    }

    @Test
    void warnsOfABusyMachineWithTheRemedy() throws Exception {
        final ResultDocument busy = forks(new long[] {10}, new long[] {1});
        assertThat(ReportHtml.text(busy)).contains("0.3 of 2 processors after", "and repeat");
        assertThat(ResultTable.text(busy)).contains("Others kept the machine busy");
        assertThat(
                        ReportHtml.text(
                                new ResultDocument(
                                        "1",
                                        Samples.MACHINE,
                                        new Noise(0, 0.1),
                                        busy.jobs(),
                                        List.of())))
                .doesNotContain("and repeat");
    }

    @Test
    void drawsTheBandOfTheCosts() {
        final Job job = disks(100, 100);
        // Two port exits an operation in the guest's half, at 3000 to 4000 ns in place of 3400.
        final Range band = Objects.requireNonNull(Charges.band(job, job.rows().getFirst()));
        assertThat(band.least()).isCloseTo(1e9 / (10_000 + 2 * 600), within(0.1));
        assertThat(band.most()).isCloseTo(1e9 / (10_000 - 2 * 400), within(0.1));
        assertThat(ReportHtml.text(Samples.document(job))).contains("<i class=\"band emulated\"");
    }

    @Test
    void tellsTheRangeThatAModelledRunFound() {
        final Row row = DiskRows.row(Samples.disk("storvsc", 10, 2_000_000));
        final Map<Metric, Range> band =
                Map.of(Metric.OPERATIONS_PER_SECOND, new Range(2_000, 10_000));
        final LoadResult load = row.main();
        final Row ranged =
                new Row(
                        row.device(),
                        row.features(),
                        row.operationBytes(),
                        true,
                        false,
                        List.of(
                                new LoadResult(
                                        load.load(),
                                        load.operations(),
                                        load.series(),
                                        band,
                                        load.crossings(),
                                        load.latency())),
                        List.of());
        final Job disks = disks(10, 1);
        final Job job = new Job("disk", Map.of(), Clock.MODELLED, disks.costs(), List.of(ranged));
        assertThat(ResultTable.text(Samples.document(job)))
                .contains("range of costs", "5,000  2,000 to 10,000")
                .doesNotContain("±");
        assertThat(ReportHtml.text(Samples.document(job)))
                .contains("left:20.00%;width:80.00%", "light: range of the costs");
        final Sweep sweep =
                new Sweep(
                        "disk",
                        "depth",
                        List.of("1", "8"),
                        1,
                        List.of(1),
                        List.of(new Sweep.Point("1", job), new Sweep.Point("8", job)));
        assertThat(SweepTable.text(sweep)).contains("5,000 (2,000 to 10,000)");
        assertThat(ResultTable.text(Samples.document(disks))).contains("±");
    }

    @Test
    void saysHowFramesWereOfferedForTheFullRate() {
        final Job sent = Samples.netJob(Samples.net("netvsc"));
        final Map<String, String> scenario = new LinkedHashMap<>(sent.scenario());
        scenario.put("direction", "tx");
        final Job transmit = new Job("net", scenario, Clock.MODELLED, sent.costs(), sent.rows());
        scenario.put("direction", "rx");
        final Job receive = new Job("net", scenario, Clock.MODELLED, sent.costs(), sent.rows());
        assertThat(ResultTable.text(Samples.document(transmit)))
                .contains("where the guest offered as many as its ring took");
        assertThat(ResultTable.text(Samples.document(receive)))
                .contains("where all that the wire carries was offered");
    }

    @Test
    void hasATableBehindEveryFigure() throws Exception {
        final String page =
                ReportHtml.text(Samples.document(Samples.netJob(Samples.net("netvsc"))));
        assertThat(page)
                .contains("All times as a table", "All counts as tables", "Where the time goes")
                .contains("Scenario: every option", "wireGigabitsPerSecond");
        assertThat(page.split("<figure", -1)).hasSizeGreaterThan(6);
        assertThat(page.split("role=\"img\" aria-label=\"", -1)).hasSizeGreaterThan(5);
    }
}
