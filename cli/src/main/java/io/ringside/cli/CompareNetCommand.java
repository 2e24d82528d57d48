package io.ringside.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code compare net}: one stream of frames over every network card. */
@Command(
        name = "net",
        mixinStandardHelpOptions = true,
        description =
                "Sends one stream of frames over each device, checks every byte of every frame that"
                        + " arrives, searches for the highest rate without loss, and takes the"
                        + " latency at 50 %% and at 90 %% of it.",
        footer = {
            "",
            "Examples:",
            "  ./ringside compare net",
            "  ./ringside compare net --frame imix --rate 25g --direction rx",
            "  ./ringside compare net --frame 1500 --rate max --queues 2 --costs counts",
            "  ./ringside compare net --pcap capture.pcap --pcap-out arrived.pcap --json"
        })
final class CompareNetCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private RunOptions run = new RunOptions();

    @Mixin private ReportOptions report = new ReportOptions();

    @Override
    public Integer call() throws Exception {
        return Comparison.run(JobFlags.NET, spec, run, report);
    }
}
