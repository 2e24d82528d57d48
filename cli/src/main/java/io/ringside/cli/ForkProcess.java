package io.ringside.cli;

import io.ringside.perf.scenario.RunControl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One fresh process with the same Java and the same options as this one.
 *
 * <p>Threads: the caller's, and one that reads what the process complains of.
 */
final class ForkProcess {
    /** What belongs to this process alone, or would make a fork another thing than a fresh one. */
    private static final List<String> NOT_INHERITED =
            List.of(
                    "-XX:AOT",
                    "-XX:SharedArchiveFile",
                    "-XX:ArchiveClassesAtExit",
                    "-agentlib:",
                    "-javaagent:",
                    "-Dringside.outIsTerminal",
                    "-Dringside.errIsTerminal");

    private static final String NEEDED_OPENING =
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";
    private static final String NEEDED_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private ForkProcess() {}

    /**
     * What became of it.
     *
     * @param exitCode as the system tells it
     * @param lastWords the last line of what it complained of; may be empty
     */
    record Ended(int exitCode, String lastWords) {}

    /** Runs a command to its end, which Ctrl-C brings nearer. */
    static Ended run(final List<String> arguments, final RunControl control)
            throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command(arguments)).start();
        final AtomicReference<String> lastWords = new AtomicReference<>("");
        final Thread complaints =
                new Thread(() -> lastWords.set(lastLine(process.getErrorStream())), "complaints");
        complaints.setDaemon(true);
        complaints.start();
        final OutputStream input = process.getOutputStream();
        Interruption.tell(() -> close(input));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                tell(line, control);
                if (control.isInterrupted()) {
                    close(input);
                }
            }
            final int exitCode = process.waitFor();
            complaints.join();
            return new Ended(exitCode, Objects.requireNonNullElse(lastWords.get(), ""));
        } finally {
            Interruption.tell(() -> {});
            close(input);
            process.destroy();
        }
    }

    private static List<String> command(final List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (NOT_INHERITED.stream().noneMatch(option::startsWith)) {
                command.add(option);
            }
        }
        for (final String needed : List.of(NEEDED_OPENING, NEEDED_ACCESS)) {
            if (!command.contains(needed)) {
                command.add(needed);
            }
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Ringside.class.getName());
        command.addAll(arguments);
        return command;
    }

    private static void tell(final String line, final RunControl control) {
        final int tab = line.indexOf('\t');
        if (tab > 0) {
            try {
                control.progress(
                        line.substring(tab + 1), Double.parseDouble(line.substring(0, tab)));
            } catch (final NumberFormatException e) {
                return; // Not of ours: something else wrote to standard output.
            }
        }
    }

    private static String lastLine(final InputStream stream) {
        String last = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line.isBlank() ? last : line;
            }
        } catch (final IOException e) {
            return last; // It is gone, and said no more.
        }
        return last;
    }

    private static void close(final OutputStream input) {
        try {
            input.close();
        } catch (final IOException e) {
            return; // It is gone already.
        }
    }
}
