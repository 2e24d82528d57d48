package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

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
    void printsOneJsonObjectThatHoldsTheScenarioAndEveryCount() throws IOException {
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
        final Map<String, Object> report = JSON.std.mapFrom(run.out());
        assertThat(report).containsEntry("schema", "ringside.compare/1");
        assertThat(map(report, "scenario"))
                .containsEntry("pattern", "randread")
                .containsEntry("blockBytes", 4096)
                .containsEntry("depth", 32)
                .containsEntry("operations", 500)
                .containsEntry("seed", 9)
                .containsEntry("costs", "counts");
        assertThat(map(report, "machine")).containsKeys("processor", "processors", "jdk", "date");
        final List<?> results = (List<?>) Objects.requireNonNull(report.get("results"));
        assertThat(results.stream().map(result -> ((Map<?, ?>) result).get("device")))
                .isEqualTo(
                        List.of(
                                "ide-pio",
                                "ide-dma",
                                "xen-blkfront",
                                "storvsc",
                                "xen-blkfront+persistent",
                                "xen-blkfront+indirect",
                                "xen-blkfront+ring4",
                                "xen-blkfront+2q",
                                "xen-blkfront+all",
                                "storvsc+subchannels"));
        assertThat((List<?>) Objects.requireNonNull(report.get("furtherJobs"))).hasSize(1);
        for (final Object each : results) {
            @SuppressWarnings("unchecked")
            final Map<String, Object> result = (Map<String, Object>) each;
            assertThat(result).containsEntry("operations", 500).containsEntry("verified", true);
            assertThat(map(result, "counts"))
                    .containsKeys("exits", "hypercalls", "kicks", "interrupts", "bytesCopied");
            assertThat(map(result, "times"))
                    .containsKeys(
                            "elapsedNanos",
                            "p50Nanos",
                            "p99Nanos",
                            "p999Nanos",
                            "frontendCpuNanos",
                            "backendCpuNanos");
        }
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
    void givesTheSameCountsForTheSameSeedWhereCountsDoNotDependOnTime() throws IOException {
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

    private static String counts(final String json) throws IOException {
        final StringBuilder counts = new StringBuilder();
        final List<?> results =
                (List<?>) Objects.requireNonNull(JSON.std.mapFrom(json).get("results"));
        for (final Object result : results) {
            counts.append(((Map<?, ?>) result).get("counts")).append('\n');
        }
        return counts.toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(final Map<String, Object> parent, final String key) {
        return (Map<String, Object>) Objects.requireNonNull(parent.get(key));
    }

    private static long temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("ringside-"))
                    .count();
        }
    }
}
