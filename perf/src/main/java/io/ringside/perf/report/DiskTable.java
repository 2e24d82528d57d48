package io.ringside.perf.report;

import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.scenario.DiskScenario;
import io.ringside.perf.scenario.Sizes;
import io.ringside.perf.scenario.WakeupMode;
import java.util.List;
import java.util.Locale;

/** A disk comparison as aligned text, for a terminal. */
public final class DiskTable {
    private DiskTable() {}

    /** The scenario, the table, what its columns mean, and what to make of it. */
    public static String text(final DiskReport report) {
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
                "disk: %s, %s blocks, depth %d, %s, seed %d%n"
                        + "medium: %s, %s%n"
                        + "machine: %s, %d processors, %s, %s%n",
                scenario.pattern().label(),
                Sizes.text(scenario.blockBytes()),
                scenario.depth(),
                length,
                scenario.seed(),
                report.medium(),
                Sizes.text(report.mediumBytes()),
                report.machine().processor(),
                report.machine().processors(),
                report.machine().jdk(),
                report.machine().date());
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
                    perOperation(result.exits(), operations),
                    perOperation(result.hypercalls(), operations),
                    perOperation(result.kicks(), operations),
                    perOperation(result.interrupts(), operations),
                    perOperation(result.grantOperations(), operations),
                    String.format(Locale.ROOT, "%,.0f", result.bytesCopied() / operations),
                    String.format(Locale.ROOT, "%,.0f", result.operationsPerSecond()),
                    String.format(Locale.ROOT, "%,.1f", result.megabytesPerSecond()),
                    micros(result.latency().getValueAtPercentile(50)),
                    micros(result.latency().getValueAtPercentile(99)),
                    micros(result.latency().getValueAtPercentile(99.9)),
                    micros(result.frontendCpuNanos() / operations),
                    micros(result.backendCpuNanos() / operations),
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
        notes.append("times: ")
                .append(
                        report.scenario().wakeups() == WakeupMode.SLEEP
                                ? "a half with nothing to do sleeps until it is woken"
                                : "both halves poll and are never woken")
                .append("; crossings are charged by profile '")
                .append(report.scenario().costs().name())
                .append("' (")
                .append(report.scenario().costs().source())
                .append(").\n");
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
                notes.append(result.device())
                        .append(" was interrupted: its row holds what was measured so far\n");
            }
        }
        if (report.isMachineBusy()) {
            notes.append(
                    String.format(
                            Locale.ROOT,
                            "the machine was busy (%.1f of %d processors) before the run: do not"
                                    + " trust the times; end what else runs and repeat%n",
                            report.busyProcessors(),
                            report.machine().processors()));
        }
        return notes.append(summary(report)).append(FeatureGains.text(report.results())).toString();
    }

    /** All jobs, one after the other. */
    public static String text(final List<DiskReport> reports) {
        final StringBuilder text = new StringBuilder();
        for (final DiskReport report : reports) {
            text.append(text.isEmpty() ? "" : "\n").append(text(report));
        }
        return text.toString();
    }

    /**
     * One sentence: the fastest against each other disk; features are told apart. Two halves of one
     * run, so no interval.
     */
    static String summary(final DiskReport report) {
        final List<DiskResult> disks =
                report.results().stream().filter(each -> each.device().indexOf('+') < 0).toList();
        DiskResult best = null;
        for (final DiskResult result : disks) {
            if (best == null || result.operationsPerSecond() > best.operationsPerSecond()) {
                best = result;
            }
        }
        if (best == null || disks.size() < 2 || best.operations() == 0) {
            return "";
        }
        final StringBuilder text = new StringBuilder("\n").append(best.device()).append(" ran\n");
        for (final DiskResult result : disks) {
            if (result != best && result.operations() > 0) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "  %6.2f times as many operations a second as %s%n",
                                best.operationsPerSecond() / result.operationsPerSecond(),
                                result.device()));
            }
        }
        return text.append("  (one run a device: the ratios carry no interval)\n").toString();
    }

    private static String perOperation(final long count, final double operations) {
        return String.format(Locale.ROOT, "%.3f", count / operations);
    }

    private static String micros(final double nanos) {
        return String.format(Locale.ROOT, "%,.1f", nanos / 1000);
    }
}
