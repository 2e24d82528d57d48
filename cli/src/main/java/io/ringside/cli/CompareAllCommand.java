package io.ringside.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code compare all}: disks and network cards. */
@Command(
        name = "all",
        mixinStandardHelpOptions = true,
        description =
                "Runs 'compare disk' and then 'compare net'; each takes the options that it has.",
        footer = {
            "",
            "Examples:",
            "  ./ringside compare all --forks 5 --costs counts",
            "  ./ringside compare all --devices ide-dma,storvsc,xen-netfront,netvsc --seconds 1",
            "  ./ringside compare all --scenario scenarios/overview.toml --json"
        })
final class CompareAllCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private RunOptions run = new RunOptions();

    @Mixin private ReportOptions report = new ReportOptions();

    @Override
    public Integer call() throws Exception {
        return Comparison.run(JobFlags.ALL, spec, run, report);
    }
}
