package io.ringside.cli;

import io.ringside.perf.report.ReportHtml;
import io.ringside.perf.report.ResultTable;
import io.ringside.perf.result.ResultCsv;
import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultJson;
import io.ringside.perf.scenario.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a comparison's results go, and how they get there; every comparison takes it. */
final class ReportOptions {
    private static final String NOWHERE = "-";

    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    @Option(
            names = "--csv",
            description =
                    "print CSV instead of the table: a line for each device, load and fork, a"
                            + " column for each figure")
    private boolean csv;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "where the HTML report goes; default ringside-report.html, '-' for none")
    private String output = "ringside-report.html";

    /** Refuses a report that could not be written before anything is run. */
    void check() throws UsageException {
        if (json && csv) {
            throw new UsageException("--json and --csv cannot be printed at once: choose one");
        }
        if (!output.equals(NOWHERE)) {
            file("--output", output);
        }
    }

    /** A file that can be written; a refusal names the option. */
    static Path file(final String option, final String name) throws UsageException {
        try {
            final Path file = Path.of(name);
            final Path directory = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file)
                    || directory == null
                    || !Files.isWritable(Files.exists(file) ? file : directory)) {
                throw new UsageException(
                        "cannot write '" + file + "': name another file with " + option);
            }
            return file;
        } catch (final InvalidPathException e) {
            throw new UsageException(option + " is not a file name: " + e.getMessage());
        }
    }

    /** Prints what was measured and writes the page; the process's exit code. */
    int finish(final ResultDocument result) throws UsageException {
        Terminal.clear();
        System.out.print(text(result));
        if (!output.equals(NOWHERE) && hasRows(result)) {
            write(result);
        }
        if (Interruption.isRequested()) {
            return Ringside.INTERRUPTED;
        }
        if (!isPrinted()) {
            return Ringside.FAILED;
        }
        return result.verified() ? Ringside.DONE : Ringside.FAILED;
    }

    /** Whether standard output took everything; an error line where it did not. */
    static boolean isPrinted() {
        if (System.out.checkError()) {
            System.err.println("ringside: standard output could not be written: make room there");
            return false;
        }
        return true;
    }

    private static boolean hasRows(final ResultDocument result) {
        return !result.sweeps().isEmpty()
                || result.jobs().stream().anyMatch(job -> !job.rows().isEmpty());
    }

    private String text(final ResultDocument result) {
        if (json) {
            return ResultJson.text(result);
        }
        return csv ? ResultCsv.text(result) : ResultTable.text(result);
    }

    private void write(final ResultDocument result) throws UsageException {
        write(output, ReportHtml.text(result));
        if (!json && !csv) {
            System.out.println("report: " + output);
        }
    }

    /** Writes a page to a file; a refusal names the option. */
    static void write(final String file, final String page) throws UsageException {
        try {
            Files.writeString(Path.of(file), page);
        } catch (final IOException e) {
            throw new UsageException(
                    "cannot write the report '"
                            + file
                            + "' ("
                            + e.getMessage()
                            + "): name another file with --output");
        }
    }
}
