package io.ringside.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.report.Change.Verdict;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.Samples;
import io.ringside.perf.result.Series;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

class ResultComparisonTest {
    private static final double FIVE_PERCENT = 0.05;

    private static Verdict verdict(final Metric metric, final Series before, final Series after) {
        return Change.verdict(metric, before, after, FIVE_PERCENT, false);
    }

    /** One fork for each length of a run, in microseconds. */
    private static NamedResult result(final String name, final long... micros) throws Exception {
        @Nullable ResultDocument all = null;
        for (final long each : micros) {
            final ResultDocument fork =
                    Samples.document(Samples.diskJob(32, Samples.disk("storvsc", 10, each * 1000)));
            all = all == null ? fork : all.mergedWith(fork);
        }
        return new NamedResult(name, Objects.requireNonNull(all));
    }

    @Test
    void findsARegressionWhereForksDoNotOverlapAndMediansDifferByMoreThanTheThreshold() {
        final Series before = Series.of(100, 101, 99);
        assertThat(verdict(Metric.OPERATIONS_PER_SECOND, before, Series.of(90, 91, 92)))
                .isEqualTo(Verdict.WORSE);
        assertThat(verdict(Metric.OPERATIONS_PER_SECOND, before, Series.of(120, 121, 122)))
                .isEqualTo(Verdict.BETTER);
        assertThat(verdict(Metric.LATENCY_P99, before, Series.of(120, 121, 122)))
                .isEqualTo(Verdict.WORSE);
        assertThat(verdict(Metric.LATENCY_P99, before, Series.of(90, 91, 92)))
                .isEqualTo(Verdict.BETTER);
    }

    @Test
    void findsNoneWhereForksOverlapHoweverFarTheMediansAreApart() {
        assertThat(
                        verdict(
                                Metric.OPERATIONS_PER_SECOND,
                                Series.of(100, 101, 99),
                                Series.of(50, 60, 99)))
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void findsNoneBelowTheThresholdHoweverQuietTheForksAre() {
        assertThat(
                        verdict(
                                Metric.OPERATIONS_PER_SECOND,
                                Series.of(100, 100),
                                Series.of(95.5, 95.5)))
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void doesNotJudgeByOneForkButOnTheModelledClock() {
        final Series before = Series.of(100);
        final Series after = Series.of(50);
        assertThat(verdict(Metric.OPERATIONS_PER_SECOND, before, after)).isEqualTo(Verdict.UNCLEAR);
        assertThat(Change.verdict(Metric.OPERATIONS_PER_SECOND, before, after, 0.05, true))
                .isEqualTo(Verdict.WORSE);
        assertThat(verdict(Metric.ELAPSED, Series.of(1, 1), Series.of(9, 9)))
                .isEqualTo(Verdict.SAME);
    }

    @Test
    void seesACountThatCameFromNothing() {
        assertThat(verdict(Metric.EXITS, Series.of(0, 0), Series.of(0.001, 0.001)))
                .isEqualTo(Verdict.WORSE);
    }

    @Test
    void tellsWhatChangedOfTheSameScenario() throws Exception {
        final ResultComparison comparison =
                ResultComparison.of(
                        result("old.json", 100, 101, 99),
                        result("new.json", 200, 201, 202),
                        FIVE_PERCENT);
        assertThat(comparison.regressions())
                .extracting(Change::metric)
                .containsExactly(Metric.OPERATIONS_PER_SECOND);
        assertThat(ComparisonTable.text(comparison))
                .contains("old.json (baseline) against new.json")
                .contains("disk: randrw, 4 KiB blocks, depth 32")
                .containsPattern("storvsc +operations a second .* -50\\.2 % +REGRESSION")
                .containsPattern("1 regression among \\d+ figures")
                .contains("more than 5.0 % of the median");
        assertThat(JSON.std.mapFrom(ComparisonJson.text(List.of(comparison))))
                .containsEntry("schema", "ringside.comparison/1");
        assertThat(
                        ReportHtml.text(
                                List.of(result("old.json", 1), result("new.json", 1)),
                                List.of(comparison)))
                .contains("new.json against the baseline old.json", "REGRESSION");
    }

    @Test
    void findsNothingBetweenAResultAndItself() throws Exception {
        final NamedResult result = result("same.json", 100, 120, 140);
        final ResultComparison comparison = ResultComparison.of(result, result, 0);
        assertThat(comparison.told()).isEmpty();
        assertThat(comparison.changes()).isNotEmpty();
        assertThat(ComparisonTable.text(comparison)).contains("no regression found among");
    }

    @Test
    void saysWhatItCannotCompare() throws Exception {
        final NamedResult disk = result("disk.json", 100, 101);
        final NamedResult net =
                new NamedResult(
                        "net.json", Samples.document(Samples.netJob(Samples.net("netvsc"))));
        final ResultComparison other = ResultComparison.of(disk, net, FIVE_PERCENT);
        assertThat(other.changes()).isEmpty();
        assertThat(ComparisonTable.text(other))
                .contains("nothing to compare")
                .contains("only disk.json has the scenario 'disk: randrw")
                .contains("only net.json has the scenario 'net: imix");
        final Machine faster = new Machine("faster", 64, "Linux", "JDK", 1, "2026-11-22", 0);
        final NamedResult elsewhere =
                new NamedResult(
                        "elsewhere.json",
                        new ResultDocument(
                                "1.2",
                                faster,
                                Noise.UNKNOWN,
                                result("", 1, 2).document().jobs(),
                                List.of()));
        final ResultComparison machines = ResultComparison.of(disk, elsewhere, FIVE_PERCENT);
        assertThat(machines.changes())
                .isNotEmpty()
                .allMatch(change -> change.metric().kind() == Metric.Kind.COUNT);
        assertThat(machines.notes()).anyMatch(note -> note.contains("of different machines"));
    }
}
