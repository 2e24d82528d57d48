package io.ringside.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code compare}: the main job. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        subcommands = CompareDiskCommand.class,
        description =
                "Runs one workload over every device and prints what each crossed, copied and took."
                        + " Without a workload: 'disk', on an embedded ext4 image.",
        footer = {
            "",
            "Examples:",
            "  ./ringside compare",
            "  ./ringside compare --json > result.json",
            "  ./ringside compare disk --pattern randwrite --depth 8 --ops 10000"
        })
final class CompareCommand implements Callable<Integer> {
    @Mixin private DiskOptions options = new DiskOptions();

    @Override
    public Integer call() throws Exception {
        return new DiskComparison(options).run();
    }
}
