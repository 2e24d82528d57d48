package io.ringside.cli;

import io.ringside.perf.measure.DiskBench;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.report.DiskHtml;
import io.ringside.perf.report.DiskJson;
import io.ringside.perf.report.DiskReport;
import io.ringside.perf.report.DiskTable;
import io.ringside.perf.scenario.DiskMedium;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.ImageFormat;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a disk comparison from its options to its report. */
final class DiskComparison implements RunControl {
    private static final long LOOK_NANOS = 200_000_000;

    private final DiskOptions options;

    DiskComparison(final DiskOptions options) {
        this.options = options;
    }

    int run() throws Exception {
        final List<DiskScenario> scenarios = options.scenarios();
        final List<Variant> disks = options.disks();
        final Path xenstoreSocket = options.xenstoreSocket(disks);
        final Path output = output();
        final ImageFormat format = options.format();
        Interruption.arm();
        final double busy = Machine.busyProcessors(LOOK_NANOS);
        final List<DiskReport> reports = new ArrayList<>();
        for (final DiskScenario scenario : scenarios) {
            try (DiskMedium medium =
                    DiskMedium.open(
                            options.image(), format, options.mediumKind(), scenario, this)) {
                reports.add(
                        new DiskReport(
                                scenario,
                                medium.description(),
                                medium.bytes(),
                                Machine.here(),
                                busy,
                                results(
                                        disks,
                                        new DiskBench(scenario, medium, this, xenstoreSocket))));
                if (medium.bytes() < scenarios.getLast().blockBytes()) {
                    break; // Too small for the job that nobody asked for.
                }
            } catch (final UsageException e) {
                if (reports.isEmpty() || !Interruption.isRequested()) {
                    throw e;
                }
            }
            if (Interruption.isRequested()) {
                break;
            }
        }
        Terminal.clear();
        print(reports, output);
        if (Interruption.isRequested()) {
            return Ringside.INTERRUPTED;
        }
        if (System.out.checkError()) {
            System.err.println("ringside: standard output could not be written: make room there");
            return Ringside.FAILED;
        }
        return reports.stream()
                        .flatMap(report -> report.results().stream())
                        .allMatch(DiskResult::verified)
                ? Ringside.DONE
                : Ringside.FAILED;
    }

    private static List<DiskResult> results(final List<Variant> disks, final DiskBench bench)
            throws Exception {
        final List<DiskResult> results = new ArrayList<>();
        for (final Variant disk : disks) {
            if (Interruption.isRequested()) {
                break;
            }
            final DiskResult result = bench.measure(disk);
            if (result.operations() > 0 || !result.interrupted()) {
                results.add(result);
            }
        }
        return results;
    }

    private void print(final List<DiskReport> reports, final Path output) throws UsageException {
        System.out.print(options.json() ? DiskJson.text(reports) : DiskTable.text(reports));
        if (output.toString().equals("-") || reports.getFirst().results().isEmpty()) {
            return;
        }
        try {
            Files.writeString(output, DiskHtml.text(reports));
        } catch (final IOException e) {
            throw new UsageException(
                    "cannot write the report '"
                            + output
                            + "' ("
                            + e.getMessage()
                            + "): name another file with --output, or '-' for none");
        }
        if (!options.json()) {
            System.out.println("report: " + output);
        }
    }

    /** Refuses a report that could not be written before anything is run. */
    private Path output() throws UsageException {
        try {
            final Path output = Path.of(options.output());
            final Path directory = output.toAbsolutePath().getParent();
            if (!output.toString().equals("-")
                    && (Files.isDirectory(output)
                            || directory == null
                            || !Files.isWritable(Files.exists(output) ? output : directory))) {
                throw new UsageException(
                        "cannot write the report '"
                                + output
                                + "': name another file with --output, or '-' for none");
            }
            return output;
        } catch (final InvalidPathException e) {
            throw new UsageException("--output is not a file name: " + e.getMessage());
        }
    }

    @Override
    public void progress(final String device, final double fraction) {
        Terminal.progress(fraction < 0 ? device + "  warming up" : device, fraction);
    }

    @Override
    public boolean isInterrupted() {
        return Interruption.isRequested();
    }
}
