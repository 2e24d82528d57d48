package io.ringside.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trace}: what passes between two ends. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        subcommands = TraceDiskCommand.class,
        description = "Prints what passes between the two ends of a device, and explains it.",
        footer = {"", "Examples:", "  ./ringside trace disk --device storvsc --ops 3"})
final class TraceCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
