package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.result.Clock;
import io.ringside.perf.result.Costs;
import io.ringside.perf.result.Crossings;
import io.ringside.perf.result.Job;
import io.ringside.perf.result.Load;
import io.ringside.perf.result.LoadResult;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultJson;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Row;
import io.ringside.perf.result.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Earlier results through the command line. */
class ReportCommandTest {
    private static final Machine MACHINE =
            new Machine("a processor", 2, "Linux", "JDK", 1024, "2026-11-21", 0.5);

    @TempDir private Path directory = Path.of("");

    private static Row row(final String device, final double... rates) {
        return new Row(
                device,
                List.of(),
                4096,
                true,
                false,
                List.of(
                        new LoadResult(
                                Load.HIGHEST,
                                1000,
                                Map.of(Metric.OPERATIONS_PER_SECOND, Series.of(rates)),
                                Map.of(),
                                Crossings.NONE,
                                null)),
                List.of());
    }

    private String file(final String name, final String depth, final double... rates)
            throws IOException {
        final Job job =
                new Job(
                        "disk",
                        Map.of("pattern", "randread", "blockBytes", "4096", "depth", depth),
                        Clock.WALL,
                        new Costs("counts", "charges nothing", List.of()),
                        List.of(row("ide-dma", 10, 10, 10), row("storvsc", rates)));
        final ResultDocument document =
                new ResultDocument("1", MACHINE, Noise.UNKNOWN, List.of(job), List.of());
        return Files.writeString(directory.resolve(name), ResultJson.text(document)).toString();
    }

    @Test
    void rendersOneResult() throws Exception {
        final Path html = directory.resolve("page.html");
        final Invocation run =
                Invocation.of(
                        "report", file("a.json", "8", 90, 100, 110), "--output", html.toString());
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out()).contains("disk: randread, 4 KiB blocks, depth 8", "report: " + html);
        assertThat(Files.readString(html)).startsWith("<!DOCTYPE html>").contains("storvsc");
        assertThat(Invocation.of("report", file("a.json", "8", 90), "--csv").out())
                .startsWith("workload,")
                .contains("\ndisk,,,wall,counts,storvsc,");
    }

    @Test
    void findsARegressionAndFailsOnlyWhereAsked() throws Exception {
        final String before = file("before.json", "8", 99, 100, 101);
        final String after = file("after.json", "8", 79, 80, 81);
        final Invocation told = Invocation.of("report", before, after);
        assertThat(told.exitCode()).as("%s", told).isZero();
        assertThat(told.out())
                .contains("before.json (baseline) against ")
                .containsPattern("storvsc +operations a second .* -20\\.0 % +REGRESSION")
                .contains("1 regression among 2 figures")
                .doesNotContain("ide-dma");
        final Path html = directory.resolve("page.html");
        final Invocation failed =
                Invocation.of(
                        "report",
                        before,
                        after,
                        "--fail-on-regression",
                        "--output",
                        html.toString());
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(Files.readString(html)).contains("REGRESSION");
        assertThat(
                        Invocation.of("report", after, before, "--fail-on-regression", "--json")
                                .exitCode())
                .isZero();
        assertThat(
                        Invocation.of("report", before, "--baseline", after, "--fail-on-regression")
                                .exitCode())
                .isZero();
        assertThat(
                        Invocation.of(
                                        "report",
                                        before,
                                        after,
                                        "--fail-on-regression",
                                        "--threshold",
                                        "25")
                                .exitCode())
                .isZero();
    }

    @Test
    void putsForksTogether() throws Exception {
        final Invocation run =
                Invocation.of(
                        "report",
                        file("one.json", "8", 1, 2),
                        file("two.json", "8", 3),
                        "--merge",
                        "--json");
        assertThat(run.exitCode()).as("%s", run).isZero();
        final ResultDocument all = ResultReader.parse(run.out(), "out");
        assertThat(all.jobs().getFirst().rows().getLast().main().of(Metric.OPERATIONS_PER_SECOND))
                .isEqualTo(Series.of(1, 2, 3));
    }

    @Test
    void refusesBadInputInOneLineThatNamesFilePlaceAndRemedy() throws Exception {
        final String good = file("good.json", "8", 1);
        final String broken =
                Files.writeString(directory.resolve("broken.json"), "{\n  \"schema\": oops }")
                        .toString();
        final String foreign =
                Files.writeString(directory.resolve("foreign.json"), "{\"schema\": \"x\"}")
                        .toString();
        assertRefused("broken.json', line 2, column ", "write it anew", "report", good, broken);
        assertRefused("schema must be ringside.result/1, and is x", "anew", "report", foreign);
        assertRefused("none.json'", "name a file", "report", "none.json");
        assertRefused(
                "depth: 8 and 9",
                "merge files of one scenario",
                "report",
                good,
                file("other.json", "9", 1),
                "--merge");
        assertRefused("--threshold -1.0", "0 to 1000", "report", good, "--threshold", "-1");
        assertRefused("--csv cannot", "use --merge", "report", good, good, "--csv");
        assertRefused(
                "--merge cannot",
                "compares nothing",
                "report",
                good,
                "--merge",
                "--baseline",
                good);
        assertRefused("Missing required parameter", "RESULT.json", "report");
        assertRefused("cannot write", "--output", "report", good, "--output", "/nowhere/page.html");
    }

    private static void assertRefused(
            final String what, final String remedy, final String... arguments) {
        final Invocation run = Invocation.of(arguments);
        assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(what, remedy);
        assertThat(run.err().strip().lines()).hasSize(1);
    }
}
