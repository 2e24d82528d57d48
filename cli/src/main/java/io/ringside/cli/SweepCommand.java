package io.ringside.cli;

import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultJson;
import io.ringside.perf.result.ResultReader;
import io.ringside.perf.result.Sweep;
import io.ringside.perf.scenario.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sweep}: one comparison at many values of a parameter. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a comparison at each value of a parameter, or each combination of several.",
            "A parameter is an option of 'compare' (depth, block-size, frame, queues, wakeups,"
                    + " rate, ...), a number of --tune (ring-pages, indirect-segments, persistent,"
                    + " copybreak, batch, ...), or a cost (cost.port-exit, ...).",
            "What is done is kept in a file after each point, so that a sweep that was interrupted"
                    + " can go on, and the parts of one that was cut can be put together."
        },
        footer = {
            "",
            "Examples:",
            "  ./ringside sweep depth=1,2,4,8,16,32",
            "  ./ringside sweep ring-pages=1,2,4,8,16 block-size=4k,64k --devices xen-blkfront",
            "  ./ringside sweep cost.port-exit=1000,3400,12000 --devices ide-dma,storvsc",
            "  ./ringside sweep frame=64,imix,1500 --forks 3 --json > frames.json",
            "  ./ringside sweep depth=1,2,4,8 --shard 2/4 --result part-2.json",
            "  ./ringside sweep --merge part-1.json part-2.json part-3.json part-4.json",
            "  ./ringside sweep depth=1,2,4,8 --resume ringside-sweep.json"
        })
final class SweepCommand implements Callable<Integer> {
    private static final int USUAL_FORKS = 1;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "NAME=VALUES",
            arity = "0..*",
            description = "a parameter and its values, with commas; or the files of --merge")
    private List<String> parameters = new ArrayList<>();

    @Option(
            names = "--shard",
            paramLabel = "K/N",
            description = "run every N-th point only, from the K-th on")
    private @Nullable String shard;

    @Option(
            names = "--result",
            paramLabel = "FILE",
            description =
                    "where what is done is kept after each point; default ringside-sweep.json, or"
                            + " with --shard ringside-sweep-K-of-N.json, which replaces a finished"
                            + " one")
    private @Nullable String resultFile;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "go on with a sweep, said again as it was, whose points are kept there")
    private @Nullable String resumeFile;

    @Option(names = "--merge", description = "put the parts of a sweep together")
    private boolean merges;

    @Mixin private RunOptions run = new RunOptions();

    @Mixin private ReportOptions report = new ReportOptions();

    @Override
    public Integer call() throws Exception {
        report.check();
        final Map<String, String> said = JobFlags.said(spec.commandLine().getParseResult());
        if (merges) {
            if (parameters.isEmpty() || shard != null || resumeFile != null || !said.isEmpty()) {
                throw new UsageException(
                        "--merge takes the files of all parts and nothing else: sweep --merge"
                                + " part-1.json part-2.json");
            }
            return merge();
        }
        if (parameters.isEmpty()) {
            throw new UsageException("say what to vary: sweep NAME=VALUE,VALUE,...");
        }
        final SweepPlan plan = SweepPlan.of(parameters, said, run);
        final List<JobSpec> jobs = plan.points().stream().flatMap(List::stream).toList();
        final int forks = run.forks(jobs, USUAL_FORKS);
        if (run.printsScenario()) {
            System.out.print(ScenarioText.of(jobs, forks));
            return Ringside.DONE;
        }
        final SweepShard part = SweepShard.of(shard);
        final SweepRun sweep = new SweepRun(plan, part, file(part), forks);
        if (resumeFile != null) {
            sweep.resume(existing(resumeFile));
        }
        Interruption.arm();
        final ResultDocument result;
        try {
            result = sweep.run();
        } finally {
            if (sweep.isBegun() && sweep.isUnfinished()) {
                Terminal.clear();
                System.err.println(
                        "ringside: the sweep is not finished: go on with --resume " + sweep.file());
            }
        }
        return report.finish(result);
    }

    /**
     * The file of what is done; one that has something in it is not lost by mistake. A finished
     * sweep gives way to the next one if nobody gave it a name: it was told when it ended.
     */
    private Path file(final SweepShard part) throws UsageException {
        String name = resultFile;
        if (name == null) {
            name = resumeFile == null ? part.fileName() : resumeFile;
        }
        final Path file = ReportOptions.file("--result", name);
        if (Files.exists(file)
                && !name.equals(resumeFile)
                && !(resultFile == null && isFinished(file))) {
            throw new UsageException(
                    "'"
                            + file
                            + "' exists: go on with --resume "
                            + file
                            + ", name another file with --result, or remove it");
        }
        return file;
    }

    /** Whether a file holds a sweep, and all points of it. */
    static boolean isFinished(final Path file) {
        try {
            final List<Sweep> sweeps = ResultReader.read(file).sweeps();
            return !sweeps.isEmpty() && sweeps.stream().allMatch(Sweep::isFinished);
        } catch (final UsageException e) {
            return false; // It is something else, and not ours to replace.
        }
    }

    private static Path existing(final String name) throws UsageException {
        final Path file = ReportOptions.file("--resume", name);
        if (!Files.isRegularFile(file)) {
            throw new UsageException("--resume " + name + " does not exist: begin without it");
        }
        return file;
    }

    private int merge() throws UsageException {
        final List<Path> files = new ArrayList<>();
        for (final String name : parameters) {
            files.add(existing(name));
        }
        final ResultDocument result = SweepMerge.of(files);
        if (resultFile != null) {
            ForkCommand.write(ReportOptions.file("--result", resultFile), ResultJson.text(result));
        }
        return report.finish(result);
    }
}
