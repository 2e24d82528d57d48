package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario files through the command line. */
class ScenarioTest {
    @TempDir private Path directory = Path.of("");

    private Path file(final String text) throws IOException {
        return Files.writeString(directory.resolve("mine.toml"), text);
    }

    @Test
    void runsTheJobsOfAFileAndLetsTheCommandLinePrevail() throws Exception {
        final Path file =
                file(
                        """
                        depth = 8
                        [[job]]
                        workload = "disk"
                        devices = ["ide-dma"]
                        seconds = 60
                        pattern = "read"
                        [[job]]
                        workload = "net"
                        devices = ["netvsc"]
                        direction = "rx"
                        seconds = 0.05
                        """);
        final Invocation run =
                Invocation.of(
                        "compare",
                        "--scenario",
                        file.toString(),
                        "--ops",
                        "100",
                        "--pattern",
                        "randread",
                        "--json",
                        "--output",
                        "-");
        final ResultDocument result = ResultReader.parse(run.out(), "out");
        assertThat(result.jobs()).extracting(Job::workload).containsExactly("disk", "net");
        assertThat(result.jobs().getFirst().scenario())
                .containsEntry("pattern", "randread")
                .containsEntry("depth", "8")
                .containsEntry("operations", "100")
                .containsEntry("ops", "100")
                .containsEntry("warm-up", "0.05")
                .containsEntry("costs", "today");
        assertThat(result.jobs().getFirst().rows()).extracting(Row::device).containsOnly("ide-dma");
        assertThat(result.jobs().getLast().scenario())
                .containsEntry("direction", "rx")
                .containsEntry("frame", "64");
    }

    @Test
    void printsAScenarioThatGivesItselfWhenItIsGivenBack() throws IOException {
        for (final String[] options :
                List.of(
                        new String[] {"compare", "--print-scenario"},
                        new String[] {"compare", "all", "--print-scenario", "--forks", "7"},
                        new String[] {
                            "compare",
                            "disk",
                            "--print-scenario",
                            "--ops",
                            "5",
                            "--tune",
                            "ring-pages=4",
                            "--devices",
                            "xen-blkfront,storvsc"
                        })) {
            final Invocation first = Invocation.exactly(options);
            assertThat(first.exitCode()).as("%s", first).isZero();
            final Invocation second =
                    Invocation.exactly(
                            "compare",
                            "--print-scenario",
                            "--scenario",
                            file(first.out()).toString());
            assertThat(second.out()).isEqualTo(first.out());
        }
    }

    @Test
    void meansAllDevicesBrieflyWhereNothingIsSaid() {
        final Invocation run = Invocation.exactly("compare", "--print-scenario");
        assertThat(run.out())
                .startsWith("forks = 3\n")
                .contains("\"ide-pio\", \"ide-dma\", \"xen-blkfront\", \"storvsc\"")
                .contains("\"xen-blkfront+all\"")
                .contains("\"netvsc+all\"")
                .contains("seconds = 0.5")
                .contains("block-size = \"128k\"");
    }

    @Test
    void givesEachWorkloadTheOptionsThatItHas() {
        final Invocation run =
                Invocation.exactly(
                        "compare",
                        "all",
                        "--devices",
                        "netvsc,ide-dma",
                        "--depth",
                        "3",
                        "--frame",
                        "1500",
                        "--print-scenario");
        assertThat(run.out())
                .containsPattern("(?s)workload = \"disk\".*depth = 3.*devices = \\[\"ide-dma\"]")
                .containsPattern("(?s)workload = \"net\".*frame = 1500.*devices = \\[\"netvsc\"]");
    }

    @Test
    void tellsAllThatIsWrongWithAFileAtOnce() throws IOException {
        final Path file =
                file(
                        """
                        depth = 0
                        blok-size = "4k"
                        forks = 2
                        [[job]]
                        workload = "disk"
                        devices = ["ide-dma", "storvcs"]
                        frame = "64"
                        [[job]]
                        workload = "nett"
                        [[job]]
                        workload = "net"
                        rate = "2g"
                        queues = "x"
                        forks = 1
                        [[job]]
                        workload = "disk"
                        depth = 65
                        block-size = "16M"
                        [[job]]
                        workload = "disk"
                        depth = 5
                        seconds = 5
                        ops = 5
                        """);
        final Invocation run = Invocation.exactly("compare", "--scenario", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        final List<String> lines = new ArrayList<>(run.err().lines().toList());
        assertThat(lines.removeFirst())
                .isEqualTo("ringside: scenario '" + file + "' cannot be used:");
        final String at = "  " + file + ":";
        assertThat(lines)
                .startsWith(
                        at + "1: depth 0 cannot be used: it must be 1 to 1024",
                        at
                                + "2: unknown key 'blok-size' (did you mean 'block-size'?): use one"
                                + allKeys())
                .anyMatch(line ->
                        line.startsWith(
                                at
                                        + "6: unknown device 'storvcs' (did you mean"
                                        + " 'storvsc'?): use ide-pio, ide-dma,"
                                        + " xen-blkfront, storvsc"))
                .contains(
                        at + "7: 'frame' is no option of workload 'disk'",
                        at
                                + "9: workload 'nett' is unknown (did you mean 'net'?): it must be"
                                + " disk, net or all",
                        at + "12: rate '2g' is unknown: it must be 1g, 10g, 25g, 40g, 100g or max",
                        at + "13: queues 'x' cannot be used: it must be 1 to 8",
                        at + "14: 'forks' is for all jobs: write it above the first [[job]]",
                        at
                                + "17: depth 65 of block-size 16777216 cannot be used: together"
                                + " they must be at most 1073741824 bytes",
                        at + "19: seconds and ops exclude each other: give one of them")
                .hasSize(10);
    }

    private static String allKeys() {
        return " of " + String.join(", ", JobFlags.of(JobFlags.ALL).keySet()) + ", workload, forks";
    }

    @Test
    void givesEachJobItsOwnOfTheDevicesThatAreNamedForAll() throws IOException {
        final Invocation run =
                Invocation.exactly(
                        "compare",
                        "--print-scenario",
                        "--scenario",
                        file("""
                        devices = ["netvsc", "ide-dma"]
                        features = ["ioreq"]
                        [[job]]
                        workload = "disk"
                        [[job]]
                        workload = "net"
                        features = ["none"]
                        """)
                                .toString());
        assertThat(run.out())
                .as("%s", run)
                .containsPattern(
                        "(?s)workload = \"disk\".*devices = \\[\"ide-dma\", \"ide-dma\\+ioreq\"]"
                                + ".*workload = \"net\".*devices = \\[\"netvsc\"]");
    }

    @Test
    void saysOfAKnownDeviceThatItIsOfTheOtherWorkload() throws IOException {
        final Path file =
                file(
                        """
                        devices = ["ide-dma"]
                        [[job]]
                        workload = "net"
                        """);
        assertThat(Invocation.exactly("compare", "--scenario", file.toString()).err())
                .isEqualTo(
                        "ringside: scenario '"
                                + file
                                + "' cannot be used:\n  "
                                + file
                                + ":1: device 'ide-dma' is no network card: use ideal, rtl8139,"
                                + " tulip, e1000, xen-netfront, netvsc\n");
        assertThat(Invocation.exactly("compare", "disk", "--devices", "netvsc+2q").err())
                .isEqualTo(
                        "ringside: device 'netvsc+2q' is no disk: use ide-pio, ide-dma,"
                                + " xen-blkfront, storvsc\n");
    }

    /** What is no number is refused in the words in which a number out of bounds is. */
    @Test
    void tellsWhichNumbersAreAllowedWhereSomethingElseStands() {
        for (final Map.Entry<String, String> range : NumberRanges.BY_KEY.entrySet()) {
            final String key = range.getKey();
            final String word = JobFlags.of(JobFlags.DISK).containsKey(key) ? "disk" : "net";
            final String allowed = " cannot be used: it must be " + range.getValue();
            assertThat(Invocation.exactly("compare", word, "--" + key, "x").err())
                    .isEqualTo("ringside: --" + key + " 'x'" + allowed + "\n");
            assertThat(Invocation.exactly("sweep", key + "=x").err())
                    .isEqualTo("ringside: --" + key + " 'x'" + allowed + "\n");
            if (!key.equals("seed")) {
                final List<String> options = new ArrayList<>(List.of("compare", word));
                if (!List.of("depth", "ops", "seconds", "queues", "warm-up").contains(key)) {
                    options.addAll(List.of("--clock", "modelled"));
                }
                options.add("--" + key + "=-1");
                assertThat(Invocation.exactly(options.toArray(String[]::new)).err())
                        .as(key)
                        .endsWith(allowed + "\n");
            }
        }
    }

    @Test
    void refusesWhatTheCommandLineSaysWrongBesideAFile() throws IOException {
        final String file = file("devices = [\"ide-dma\"]\n").toString();
        assertRefused(
                "--depth 0 cannot be used: it must be 1 to 1024",
                "--scenario",
                file,
                "--depth",
                "0");
        assertRefused(
                "--forks 101 cannot be used: it must be 0 to 100",
                "--scenario",
                file,
                "--forks",
                "101");
        assertRefused(
                "scenario 'none.toml' cannot be read, there is no such file: name another one with"
                        + " --scenario",
                "--scenario",
                "none.toml");
        assertRefused(
                "--tune ring-pages=3 cannot be used: xen-blkfront takes a power of two from 1 to"
                        + " 16, storvsc takes 2 to 64, netvsc takes 2 to 256",
                "--devices",
                "xen-blkfront",
                "--tune",
                "ring-pages=3");
        assertRefused(
                "--tune batch has no device that it is of among --devices: netvsc takes 1 to 128",
                "--devices",
                "xen-netfront",
                "--tune",
                "batch=3");
        assertRefused(
                "--tune 'rng-pages' is unknown (did you mean 'ring-pages'?): use ring-pages,"
                        + " queues, persistent, indirect-segments, copybreak, batch,"
                        + " moderation, receive-buffers, hold-off",
                "--devices",
                "xen-netfront",
                "--tune",
                "rng-pages=3");
        assertRefused(
                "--cost 'port-exit=-1' cannot be used: a cost is 0 to 1000000000 nanoseconds",
                "--cost",
                "port-exit=-1");
        assertRefused(
                "--depth needs a disk among --devices", "--devices", "netvsc", "--depth", "4");
    }

    private static void assertRefused(final String message, final String... options) {
        final List<String> all = new ArrayList<>(List.of("compare"));
        all.addAll(List.of(options));
        final Invocation run = Invocation.exactly(all.toArray(String[]::new));
        assertThat(run.err()).isEqualTo("ringside: " + message + "\n");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"overview", "driver-author", "performance-engineer", "teacher"})
    void runsTheShippedExample(final String name) {
        final Path file = Path.of("..", "scenarios", name + ".toml");
        final Invocation run =
                Invocation.exactly(
                        "compare",
                        "disk",
                        "--scenario",
                        file.toString(),
                        "--ops",
                        "50",
                        "--warm-up",
                        "0",
                        "--forks",
                        "0",
                        "--output",
                        "-");
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out()).contains("xen-blkfront").doesNotContain("WRONG");
    }

    @Test
    void runsTheCardsOfAShippedExample() {
        final Invocation run =
                Invocation.of(
                        "compare",
                        "net",
                        "--scenario",
                        "../scenarios/driver-author.toml",
                        "--seconds",
                        "0.05",
                        "--output",
                        "-");
        assertThat(run.out()).contains("net: imix, received by the guest").contains("netvsc");
    }
}
