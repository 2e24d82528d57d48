package io.ringside.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * One command line, run in this process.
 *
 * @param exitCode what the process would end with
 * @param out all of standard output
 * @param err all of standard error
 */
record Invocation(int exitCode, String out, String err) {
    static Invocation of(final String... arguments) {
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
