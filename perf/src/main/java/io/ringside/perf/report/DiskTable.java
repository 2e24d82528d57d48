package io.ringside.perf.report;

import io.ringside.emulated.trap.StringIo;
import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.Sizes;
import java.util.Locale;

/** A disk comparison as aligned text, for a terminal. */
final class DiskTable {
    private DiskTable() {}

    /** The scenario, the table, what its columns mean, and what to make of it. */
    static String text(final DiskReport report) {
        return heading(report) + '\n' + table(report) + '\n' + notes(report);
    }

    private static String heading(final DiskReport report) {
        final DiskScenario scenario = report.scenario();
        final String length =
                scenario.operations() > 0
                        ? scenario.operations() + " operations a device"
                        : String.format(Locale.ROOT, "%.1f s a device", scenario.seconds());
        return String.format(
                        Locale.ROOT,
                        "disk: %s, %s blocks, depth %d, %s, seed %d%n" + "medium: %s, %s%n",
                        scenario.pattern().label(),
                        Sizes.text(scenario.blockBytes()),
                        scenario.depth(),
                        length,
                        scenario.seed(),
                        report.medium(),
                        Sizes.text(report.mediumBytes()))
                + ReportTable.machine(report.machine());
    }

    private static String table(final DiskReport report) {
        final TextTable table =
                new TextTable(
                                "device",
                                "exits",
                                "hypercalls",
                                "kicks",
                                "interrupts",
                                "grant ops",
                                "bytes copied",
                                "IOPS",
                                "MB/s",
                                "p50 us",
                                "p99 us",
                                "p99.9 us",
                                "guest us/op",
                                "host us/op",
                                "checked")
                        .group("", 1)
                        .group("counts per operation (exact)", 6)
                        .group("times (this machine, this run)", 7)
                        .group("", 1);
        for (final DiskResult result : report.results()) {
            final double operations = Math.max(1, result.operations());
            table.row(
                    result.device(),
                    ReportTable.perOperation(result.exits(), operations),
                    ReportTable.perOperation(result.hypercalls(), operations),
                    ReportTable.perOperation(result.kicks(), operations),
                    ReportTable.perOperation(result.interrupts(), operations),
                    ReportTable.perOperation(result.grantOperations(), operations),
                    String.format(Locale.ROOT, "%,.0f", result.bytesCopied() / operations),
                    String.format(Locale.ROOT, "%,.0f", result.operationsPerSecond()),
                    String.format(Locale.ROOT, "%,.1f", result.megabytesPerSecond()),
                    ReportTable.micros(result.latency().getValueAtPercentile(50)),
                    ReportTable.micros(result.latency().getValueAtPercentile(99)),
                    ReportTable.micros(result.latency().getValueAtPercentile(99.9)),
                    ReportTable.micros(result.frontendCpuNanos() / operations),
                    ReportTable.micros(result.backendCpuNanos() / operations),
                    result.verified() ? "ok" : "WRONG");
        }
        return table.text();
    }

    private static String notes(final DiskReport report) {
        final StringBuilder notes = new StringBuilder();
        notes.append(
                "exits: trapped register accesses. hypercalls: of both halves. kicks: guest to"
                    + " host. interrupts: into the guest.\n"
                    + "grant ops: pages of the guest mapped and unmapped by the host.\n"
                    + "bytes copied: by the two halves; the medium's own copy is not among them."
                    + " guest, host us/op: processor time of the two halves\n"
                    + "(of an emulated device: time inside its model); the workers of a file medium"
                    + " are in neither.\n");
        notes.append(ReportTable.times(report.scenario().wakeups(), report.scenario().costs()));
        if (report.scenario().stringIo() == StringIo.PER_WORD) {
            notes.append("string instructions of ide-pio exit once for each word.\n");
        }
        for (final DiskResult result : report.results()) {
            if (!result.verified()) {
                notes.append(
                        String.format(
                                Locale.ROOT,
                                "%s is WRONG: %d of %d operations failed, %d reads brought other"
                                        + " bytes, read back %s%n",
                                result.device(),
                                result.failures(),
                                result.operations(),
                                result.mismatches(),
                                result.readBack() ? "ok" : "found other bytes"));
            }
            if (result.interrupted()) {
                notes.append(ReportTable.interrupted(result.device()));
            }
        }
        return notes.append(ReportTable.busy(report))
                .append(DeviceRatios.text(report.results(), "operations"))
                .append(FeatureGains.text(report.results(), "operation"))
                .toString();
    }
}
