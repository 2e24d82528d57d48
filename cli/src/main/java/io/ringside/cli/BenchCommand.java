package io.ringside.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench}: benchmarks of the parts. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchRingsCommand.class,
            BenchDiskCommand.class,
            BenchNetCommand.class,
            BenchLunCommand.class
        },
        description = "Benchmarks parts of Ringside beside their peers.")
final class BenchCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
