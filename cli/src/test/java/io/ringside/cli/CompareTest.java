package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Metric;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Row;
import io.ringside.perf.scenario.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job through the command line. */
class CompareTest {
    @TempDir private Path directory = Path.of("");

    /** Two threads: the comparison's, and one that looks at the store meanwhile. */
    @Test
    void showsTheStoreOfARunningDisk() throws Exception {
        final Path socket = directory.resolve("socket");
        final AtomicReference<Invocation> result = new AtomicReference<>();
        final Thread comparison =
                new Thread(() ->
                        result.set(
                                Invocation.of(
                                        "compare",
                                        "disk",
                                        "--devices",
                                        "xen-blkfront",
                                        "--ops",
                                        "2000",
                                        "--xenstore-socket",
                                        socket.toString(),
                                        "--output",
                                        "-")));
        comparison.start();
        String seen = "";
        while (comparison.isAlive() && !seen.equals("51712\0")) {
            seen = StoreClient.directory(socket, "/local/domain/1/device/vbd");
        }
        comparison.join();
        final Invocation ended = Objects.requireNonNull(result.get(), "result");
        assertThat(ended.exitCode()).as("%s", ended).isZero();
        assertThat(seen).as("what the toolstack wrote").isEqualTo("51712\0");
        assertThat(socket).doesNotExist();
    }

    @Test
    void printsOneJsonObjectThatHoldsTheScenarioAndEveryCount() throws Exception {
        final Invocation run =
                Invocation.of(
                        "compare",
                        "--json",
                        "--ops",
                        "500",
                        "--seed",
                        "9",
                        "--costs",
                        "counts",
                        "--output",
                        "-");
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("{").contains("\"schema\" : \"ringside.result/1\"");
        final ResultDocument result = ResultReader.parse(run.out(), "out");
        assertThat(result.noise().before()).isNotNegative();
        assertThat(result.jobs()).hasSize(2);
        final Job job = result.jobs().getFirst();
        assertThat(job.scenario())
                .containsEntry("pattern", "randread")
                .containsEntry("blockBytes", "4096")
                .containsEntry("depth", "32")
                .containsEntry("operations", "500")
                .containsEntry("seed", "9");
        assertThat(job.costs().name()).isEqualTo("counts");
        assertThat(job.rows())
                .extracting(Row::device)
                .containsExactly(
                        "ide-pio",
                        "ide-dma",
                        "xen-blkfront",
                        "storvsc",
                        "ide-pio+ioreq",
                        "ide-dma+ioreq",
                        "xen-blkfront+persistent",
                        "xen-blkfront+indirect",
                        "xen-blkfront+ring4",
                        "xen-blkfront+2q",
                        "xen-blkfront+all",
                        "storvsc+subchannels");
        for (final Row row : job.rows()) {
            assertThat(row.verified()).isTrue();
            assertThat(row.main().operations()).isEqualTo(500);
            assertThat(row.main().series())
                    .containsKeys(
                            Metric.EXITS,
                            Metric.HYPERCALLS,
                            Metric.KICKS,
                            Metric.INTERRUPTS,
                            Metric.BYTES_COPIED,
                            Metric.ELAPSED,
                            Metric.LATENCY_P50,
                            Metric.LATENCY_P99,
                            Metric.LATENCY_P999,
                            Metric.GUEST_CPU,
                            Metric.HOST_CPU);
        }
    }

    @Test
    void printsALineADeviceInCsv() {
        final Invocation run =
                Invocation.of(
                        "compare",
                        "disk",
                        "--csv",
                        "--ops",
                        "200",
                        "--features",
                        "none",
                        "--output",
                        "-");
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out())
                .startsWith("workload,sweep,")
                .contains("\ndisk,,,wall,today,ide-pio,");
        final Invocation both = Invocation.of("compare", "--csv", "--json", "--output", "-");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err()).contains("--json and --csv cannot be printed at once: choose one");
    }

    @Test
    void printsATableThatTellsCountsFromTimesAndWritesTheReport() throws IOException {
        final Path html = directory.resolve("report.html");
        final Invocation run =
                Invocation.of(
                        "compare",
                        "disk",
                        "--pattern",
                        "randread",
                        "--ops",
                        "300",
                        "--output",
                        html.toString());
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out())
                .contains("counts per operation (exact)")
                .contains("times (this machine, this run)")
                .contains("ide-pio")
                .contains("ide-dma")
                .contains("xen-blkfront")
                .contains("grant ops")
                .containsPattern("  xen-blkfront\\+persistent against xen-blkfront: .*fewer grant")
                .doesNotContain("WRONG")
                .doesNotContain("\u001b");
        assertThat(Files.readString(html)).startsWith("<!DOCTYPE html>").contains("xen-blkfront");
    }

    @Test
    void neverChangesTheImageAndLeavesNoTemporaryFile() throws IOException {
        final byte[] bytes = new byte[1 << 20];
        new SplittableRandom(4).nextBytes(bytes);
        final Path image = Files.write(directory.resolve("disk.img"), bytes);
        final long before = temporaryFiles();
        for (final String pattern : List.of("randwrite", "randrw", "read")) {
            final Invocation run =
                    Invocation.of(
                            "compare",
                            "disk",
                            "--features",
                            "none",
                            "--image",
                            image.toString(),
                            "--pattern",
                            pattern,
                            "--ops",
                            "200",
                            "--depth",
                            "4",
                            "--output",
                            "-");
            assertThat(run.exitCode()).as("%s", run).isZero();
        }
        assertThat(image).hasBinaryContent(bytes);
        assertThat(temporaryFiles()).isEqualTo(before);
    }

    @Test
    void runsAReadOnlyImageAndAnImageInMemory() throws IOException {
        final byte[] bytes = new byte[65536 + 512];
        new SplittableRandom(5).nextBytes(bytes);
        final Path image = Files.write(directory.resolve("disk.img"), bytes);
        assertThat(image.toFile().setReadOnly()).isTrue();
        for (final String medium : List.of("ram", "file")) {
            final Invocation run =
                    Invocation.of(
                            "compare",
                            "disk",
                            "--features",
                            "none",
                            "--image",
                            image.toString(),
                            "--medium",
                            medium,
                            "--ops",
                            "200",
                            "--block-size",
                            "512",
                            "--output",
                            "-");
            assertThat(run.exitCode()).as("%s", run).isZero();
        }
    }

    @Test
    void countsAnExitForEachWordWhereAHypervisorTakesStringsApart() throws Exception {
        final String[] modes = {"one-exit", "per-word"};
        final double[] exits = new double[modes.length];
        for (int i = 0; i < modes.length; i++) {
            final Invocation run =
                    Invocation.of(
                            "compare",
                            "disk",
                            "--devices",
                            "ide-pio",
                            "--ops",
                            "50",
                            "--block-size",
                            "4k",
                            "--pattern",
                            "read",
                            "--string-io",
                            modes[i],
                            "--costs",
                            "counts",
                            "--json",
                            "--output",
                            "-");
            assertThat(run.exitCode()).as("%s", run).isZero();
            final Row row =
                    ResultReader.parse(run.out(), "out").jobs().getFirst().rows().getFirst();
            assertThat(row.verified()).isTrue();
            exits[i] = row.main().median(Metric.EXITS);
        }
        assertThat(exits[1] - exits[0])
                .as("2048 words, each an exit, in place of one exit for all of them")
                .isEqualTo(2047);
    }

    @Test
    void givesTheSameCountsForTheSameSeedWhereCountsDoNotDependOnTime() throws Exception {
        final String[] command = {
            "compare", "--json", "--ops", "400", "--devices", "ide-pio,ide-dma", "--output", "-"
        };
        assertThat(counts(Invocation.of(command).out()))
                .isEqualTo(counts(Invocation.of(command).out()));
    }

    @Test
    void showsExamplesWithEveryHelp() {
        for (final String command :
                List.of(
                        "",
                        "compare",
                        "compare disk",
                        "compare net",
                        "report",
                        "copy",
                        "bench rings",
                        "bench disk",
                        "bench net",
                        "bench lun")) {
            final Invocation help = Invocation.of((command + " --help").strip().split(" "));
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).as(command).contains("Usage:").contains("Examples:");
        }
    }

    private static String counts(final String json) throws UsageException {
        final StringBuilder counts = new StringBuilder();
        for (final Job job : ResultReader.parse(json, "out").jobs()) {
            for (final Row row : job.rows()) {
                counts.append(row.device())
                        .append(row.main().crossings())
                        .append(row.main().of(Metric.BYTES_COPIED))
                        .append('\n');
            }
        }
        return counts.toString();
    }

    private static long temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("ringside-"))
                    .count();
        }
    }
}
