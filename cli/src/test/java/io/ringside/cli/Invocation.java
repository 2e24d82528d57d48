package io.ringside.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * One command line, run in this process.
 *
 * @param exitCode what the process would end with
 * @param out all of standard output
 * @param err all of standard error
 */
record Invocation(int exitCode, String out, String err) {
    /** Runs a command; a comparison in this process and briefly, unless it says otherwise. */
    static Invocation of(final String... arguments) {
        final List<String> all = new ArrayList<>(List.of(arguments));
        if (all.contains("compare") && !all.contains("--help")) {
            addUnlessSaid(all, "--forks", "0");
            addUnlessSaid(all, "--warm-up", "0.05");
        }
        return exactly(all.toArray(String[]::new));
    }

    private static void addUnlessSaid(
            final List<String> all, final String option, final String value) {
        if (!all.contains(option)) {
            all.add(option);
            all.add(value);
        }
    }

    /** Runs a command as it is. */
    static Invocation exactly(final String... arguments) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final PrintStream realOut = System.out;
        final PrintStream realErr = System.err;
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            System.setOut(outStream);
            System.setErr(errStream);
            final CommandLine command = Ringside.commandLine();
            command.setOut(new PrintWriter(outStream, true));
            command.setErr(new PrintWriter(errStream, true));
            final int exitCode = command.execute(arguments);
            return new Invocation(
                    exitCode,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } finally {
            Interruption.finish(); // Or the end of this process would wait for a run to end.
            System.setOut(realOut);
            System.setErr(realErr);
        }
    }
}
