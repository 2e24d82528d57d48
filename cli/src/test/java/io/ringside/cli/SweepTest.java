package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.result.Noise;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultJson;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Sweep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps through the command line. */
class SweepTest {
    @TempDir private Path directory = Path.of("");

    private Invocation sweep(final String file, final String... arguments) {
        final List<String> all = new ArrayList<>(List.of("sweep"));
        all.addAll(List.of(arguments));
        all.addAll(
                List.of(
                        "--ops",
                        "60",
                        "--warm-up",
                        "0",
                        "--forks",
                        "0",
                        "--output",
                        "-",
                        "--result",
                        directory.resolve(file).toString()));
        return Invocation.exactly(all.toArray(String[]::new));
    }

    @Test
    void runsEveryCombinationOfValues() throws Exception {
        final Invocation run =
                sweep("s.json", "depth=1,4", "block-size=4k,8k", "--devices", "ide-dma,storvsc");
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out())
                .startsWith(
                        "sweep over depth, block-size (at 1, 4k: disk: randread, 4 KiB blocks,"
                                + " depth 1): 4 of 4 points\n")
                .containsPattern("\n4, 8k +[\\d,]+ +[\\d,]+\n");
        final ResultDocument result = ResultReader.read(directory.resolve("s.json"));
        assertThat(result.sweeps()).hasSize(1);
        final Sweep sweep = result.sweeps().getFirst();
        assertThat(sweep.values()).containsExactly("1, 4k", "1, 8k", "4, 4k", "4, 8k");
        assertThat(sweep.points().getLast().job().scenario())
                .containsEntry("depth", "4")
                .containsEntry("blockBytes", "8192");
    }

    @Test
    void changesWhatADeviceDoesByItsNumbers() throws Exception {
        sweep(
                "s.json",
                "indirect-segments=0,64",
                "--block-size",
                "128k",
                "--depth",
                "2",
                "--costs",
                "counts");
        final Sweep sweep = ResultReader.read(directory.resolve("s.json")).sweeps().getFirst();
        assertThat(sweep.points().getFirst().job().rows())
                .extracting(row -> row.device())
                .containsExactly("xen-blkfront");
        assertThat(sweep.points())
                .extracting(point -> point.job().scenario().get("tune"))
                .containsExactly("indirect-segments=0", "indirect-segments=64");
    }

    @Test
    void chargesTheCostThatIsVaried() throws Exception {
        sweep("s.json", "cost.port-exit=0,5000", "--devices", "ide-dma", "--depth", "1");
        final Sweep sweep = ResultReader.read(directory.resolve("s.json")).sweeps().getFirst();
        assertThat(sweep.points())
                .extracting(point -> point.job().costs().name())
                .containsExactly("today with port-exit=0", "today with port-exit=5000");
    }

    @Test
    void putsThePartsOfASweepTogether() throws Exception {
        final List<String> files = new ArrayList<>(List.of("sweep", "--merge", "--output", "-"));
        for (int part = 1; part <= 3; part++) {
            final Invocation run =
                    sweep(
                            "part" + part,
                            "depth=1,2,4,8",
                            "--devices",
                            "ide-dma",
                            "--shard",
                            part + "/3");
            assertThat(run.exitCode()).as("%s", run).isZero();
            files.add(directory.resolve("part" + part).toString());
        }
        final Invocation merged = Invocation.exactly(files.toArray(String[]::new));
        assertThat(merged.exitCode()).as("%s", merged).isZero();
        assertThat(merged.out()).contains("4 of 4 points").containsPattern("\n8 +[\\d,]+\n");
        final String last = files.removeLast();
        assertRefused("parts are missing: [3] of 3: give the files of all", files);
        files.add(files.getLast());
        assertRefused(
                "'"
                        + files.getLast()
                        + "' is part 2 of 3, which is there already: give each part once",
                files);
        files.removeLast();
        sweep("other", "depth=1,2,4,8", "--devices", "ide-dma", "--shard", "3/3", "--seed", "2");
        files.add(directory.resolve("other").toString());
        assertRefused(
                "the parts are of different scenarios: depth=1 has seed=1, depth=4 has seed=2",
                files);
        assertThat(Path.of(last)).exists();
    }

    private static void assertRefused(final String message, final List<String> arguments) {
        final Invocation run = Invocation.exactly(arguments.toArray(String[]::new));
        assertThat(run.err()).isEqualTo("ringside: " + message + "\n");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void goesOnWithWhatIsDoneAndNothingElse() throws Exception {
        final Path file = directory.resolve("s.json");
        assertThat(sweep("s.json", "depth=1,2", "--devices", "ide-dma").exitCode()).isZero();
        final String whole = Files.readString(file);
        final Invocation again = sweep("s.json", "depth=1,2", "--devices", "ide-dma");
        assertThat(again.err())
                .isEqualTo(
                        "ringside: '"
                                + file
                                + "' exists: go on with --resume "
                                + file
                                + ", name another file with --result, or remove it\n");
        final Invocation resumed =
                sweep("t.json", "depth=1,2", "--devices", "ide-dma", "--resume", file.toString());
        assertThat(resumed.exitCode()).as("%s", resumed).isZero();
        assertThat(directory.resolve("t.json")).as("nothing was left to do").doesNotExist();
        assertThat(Files.readString(file)).isEqualTo(whole);
        assertThat(
                        sweep(
                                        "t.json",
                                        "depth=1,2,4",
                                        "--devices",
                                        "ide-dma",
                                        "--resume",
                                        file.toString())
                                .err())
                .isEqualTo(
                        "ringside: '"
                                + file
                                + "' is of another sweep or part: depth=1,2, part"
                                + " 1/1\n");
        assertThat(
                        sweep(
                                        "t.json",
                                        "depth=1,2",
                                        "--devices",
                                        "ide-dma",
                                        "--seed",
                                        "9",
                                        "--resume",
                                        file.toString())
                                .err())
                .isEqualTo(
                        "ringside: '"
                                + file
                                + "' is of another scenario: seed is 1 there and 9 here\n");
    }

    @Test
    void letsAFinishedSweepOfTheUsualNameGiveWayAndNoOther() throws Exception {
        final Path file = directory.resolve("s.json");
        assertThat(sweep("s.json", "depth=1,2", "--devices", "ide-dma").exitCode()).isZero();
        final String finished = Files.readString(file);
        assertThat(SweepCommand.isFinished(file)).isTrue();
        final ResultDocument whole = ResultReader.read(file);
        final Sweep sweep = whole.sweeps().getFirst();
        final Sweep half =
                new Sweep(
                        sweep.workload(),
                        sweep.parameter(),
                        sweep.values(),
                        sweep.shards(),
                        sweep.present(),
                        sweep.points().subList(0, 1));
        Files.writeString(
                file,
                ResultJson.text(
                        new ResultDocument(
                                whole.version(),
                                whole.machine(),
                                whole.noise(),
                                whole.jobs(),
                                List.of(half))));
        assertThat(SweepCommand.isFinished(file)).isFalse();
        assertThat(SweepCommand.isFinished(Files.writeString(file, "precious"))).isFalse();
        Files.writeString(file, finished);
        assertThat(sweep("s.json", "depth=1,2", "--devices", "ide-dma").err())
                .as("somebody gave it this name")
                .contains("exists: go on with --resume");
    }

    @Test
    void timesNothingWhereEveryPointIsModelled() throws Exception {
        final Invocation run =
                sweep("s.json", "depth=1,4", "--devices", "ide-dma", "--clock", "modelled");
        assertThat(run.exitCode()).as("%s", run).isZero();
        assertThat(run.out())
                .contains("modelled clock: computed", "charged by profile 'today'", "Prediction:")
                .doesNotContain("do not trust");
        assertThat(run.err()).doesNotContain("fork", "do not trust");
        assertThat(ResultReader.read(directory.resolve("s.json")).noise()).isEqualTo(Noise.UNKNOWN);
        assertThat(
                        Invocation.exactly(
                                        "sweep",
                                        "depth=1,4",
                                        "--devices",
                                        "ide-dma",
                                        "--clock",
                                        "modelled",
                                        "--forks",
                                        "3",
                                        "--print-scenario")
                                .out())
                .startsWith("forks = 0\n");
    }

    @Test
    void refusesWhatCannotBeSwept() {
        assertRefused("say what to vary: sweep NAME=VALUE,VALUE,...", List.of("sweep"));
        assertRefused(
                "'depth' is no parameter of a sweep: write NAME=VALUE,VALUE,...",
                List.of("sweep", "depth"));
        assertRefused(
                "'depth=1,1' has a value twice: write each value once",
                List.of("sweep", "depth=1,1"));
        assertRefused(
                "'depth' is said twice: say it once, as a parameter",
                List.of("sweep", "depth=1,2", "--depth", "4"));
        assertRefused(
                "'clock' is no parameter of a sweep: times of the two clocks are never put side by"
                        + " side; run one sweep with each --clock",
                List.of("sweep", "clock=wall,modelled"));
        assertRefused(
                "--depth 0 cannot be used: it must be 1 to 1024", List.of("sweep", "depth=4,0"));
        assertRefused(
                "--shard '4/3' is no part: write K/N with K from 1 to N, as 3/16",
                List.of("sweep", "depth=4,8", "--shard", "4/3"));
        assertRefused(
                "--resume none.json does not exist: begin without it",
                List.of("sweep", "depth=4,8", "--resume", "none.json"));
        final Invocation unknown = Invocation.exactly("sweep", "dpth=1,2");
        assertThat(unknown.err())
                .startsWith("ringside: unknown parameter 'dpth' (did you mean 'depth'?): use ")
                .contains("ring-pages");
        assertThat(unknown.exitCode()).isEqualTo(2);
    }
}
