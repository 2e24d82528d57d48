package io.ringside.cli;

import io.ringside.perf.scenario.UsageException;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code ./ringside COMMAND}. */
@Command(
        name = "ringside",
        mixinStandardHelpOptions = true,
        versionProvider = RingsideVersion.class,
        subcommands = {
            CompareCommand.class,
            ReportCommand.class,
            ForkCommand.class,
            SweepCommand.class,
            CopyCommand.class,
            CostsCommand.class,
            BenchCommand.class,
            PredictCommand.class,
            CalibrateCommand.class,
            TraceCommand.class,
            XenstoreCommand.class
        },
        description = {
            "A bench for paravirtual split drivers: one workload over enlightened and emulated"
                    + " devices, every exit, hypercall, kick and copy counted.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ./ringside compare",
            "      the main job, on an embedded ext4 image",
            "  ./ringside compare disk --image disk.img --pattern randrw --block-size 4k --ops"
                    + " 20000",
            "      the same on an image of yours, which is never changed",
            "  ./ringside report before.json after.json",
            "      what changed between two results that 'compare --json' wrote",
            "  ./ringside copy disk.img copy.img --device xen-blkfront",
            "      writes an image through a device, and reads it back by another path",
            "  ./ringside costs",
            "      what crossings can be charged, each figure with its source",
            "  ./ringside predict",
            "      published results next to what the modelled clock gives for them",
            "  ./ringside bench rings",
            "      both rings between two threads, beside their peers",
            "  ./ringside bench disk --quick",
            "      a whole disk beside the ring that carries it",
            "  ./ringside trace disk --device storvsc --ops 3",
            "      every message and packet of a connection, explained",
            "  ./ringside xenstore --socket /tmp/xenstored --sample",
            "      a live tree for xenstore-ls, xenstore-write and their kin"
        })
public final class Ringside implements Runnable {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int UNUSABLE = 2;
    static final int INTERRUPTED = 130;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Runs one command and ends the process with its exit code. */
    public static void main(final String[] arguments) {
        int code = FAILED;
        try {
            code = commandLine().execute(arguments);
        } catch (final OutOfMemoryError e) {
            System.err.println(
                    "ringside: not enough memory ("
                            + e.getMessage()
                            + "): use a larger --block-size or a smaller --image, or give the JVM"
                            + " more with JAVA_TOOL_OPTIONS=-Xmx...");
        } finally {
            Interruption.finish(); // Or the end of this process would wait for a run to end.
        }
        System.exit(code);
    }

    static CommandLine commandLine() {
        final CommandLine line = new CommandLine(new Ringside());
        final CommandLine compare = Objects.requireNonNull(line.getSubcommands().get("compare"));
        JobFlags.addTo(compare.getCommandSpec(), JobFlags.ALL);
        JobFlags.addTo(
                Objects.requireNonNull(line.getSubcommands().get("sweep")).getCommandSpec(),
                JobFlags.ALL);
        for (final String word : List.of(JobFlags.DISK, JobFlags.NET, JobFlags.ALL)) {
            JobFlags.addTo(
                    Objects.requireNonNull(compare.getSubcommands().get(word)).getCommandSpec(),
                    word);
        }
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                Terminal.usesColour() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Ringside::refuse)
                .setExecutionExceptionHandler(Ringside::fail);
    }

    private static int refuse(final ParameterException e, final String[] arguments) {
        final CommandLine command = e.getCommandLine();
        final String message = String.valueOf(e.getMessage());
        command.getErr()
                .println(
                        "ringside: "
                                + message.replace('\n', ' ')
                                + " (see './"
                                + command.getCommandSpec().qualifiedName()
                                + " --help')");
        return UNUSABLE;
    }

    private static int fail(
            final Exception e, final CommandLine command, final CommandLine.ParseResult parsed) {
        if (e instanceof UsageException) {
            command.getErr().println("ringside: " + e.getMessage());
            return UNUSABLE;
        }
        if (e instanceof ForkFailure) {
            command.getErr().println("ringside: " + e.getMessage());
            return FAILED;
        }
        command.getErr()
                .println(
                        "ringside: failed, and this is a defect of ringside: "
                                + e
                                + (e.getCause() == null ? "" : " caused by " + e.getCause()));
        if (Boolean.getBoolean("ringside.stackTraces")) {
            e.printStackTrace(command.getErr());
        }
        return FAILED;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
