package io.ringside.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code compare}: the main job. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        subcommands = {CompareDiskCommand.class, CompareNetCommand.class, CompareAllCommand.class},
        description =
                "Runs one workload over every device and prints what each crossed, copied and took."
                        + " Without a workload and without a word of devices: all disks on an"
                        + " embedded ext4 image, and all network cards, briefly.",
        footer = {
            "",
            "Examples:",
            "  ./ringside compare",
            "  ./ringside compare --json > result.json",
            "  ./ringside compare --scenario scenarios/features.toml --forks 5",
            "  ./ringside compare --depth 8 --print-scenario > mine.toml",
            "  ./ringside compare disk --pattern randwrite --depth 8 --ops 10000",
            "  ./ringside compare net --frame imix"
        })
final class CompareCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private RunOptions run = new RunOptions();

    @Mixin private ReportOptions report = new ReportOptions();

    @Override
    public Integer call() throws Exception {
        return Comparison.run(null, spec, run, report);
    }
}
