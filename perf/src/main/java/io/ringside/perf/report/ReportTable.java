package io.ringside.perf.report;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.WakeupMode;
import java.util.List;
import java.util.Locale;

/** Any comparison as aligned text, for a terminal; and what all of them say in the same words. */
public final class ReportTable {
    private ReportTable() {}

    /** All jobs, one after the other. */
    public static String text(final List<? extends Report> reports) {
        final StringBuilder text = new StringBuilder();
        for (final Report report : reports) {
            text.append(text.isEmpty() ? "" : "\n").append(text(report));
        }
        return text.toString();
    }

    /** One job. */
    static String text(final Report report) {
        return switch (report) {
            case DiskReport disk -> DiskTable.text(disk);
            case NetReport net -> NetTable.text(net);
        };
    }

    static String machine(final Machine machine) {
        return String.format(
                Locale.ROOT,
                "machine: %s, %d processors, %s, %s%n",
                machine.processor(),
                machine.processors(),
                machine.jdk(),
                machine.date());
    }

    static String times(final WakeupMode wakeups, final CrossingCosts costs) {
        return "times: "
                + (wakeups == WakeupMode.SLEEP
                        ? "a half with nothing to do sleeps until it is woken"
                        : "both halves poll and are never woken")
                + "; crossings are charged by profile '"
                + costs.name()
                + "' ("
                + costs.source()
                + ").\n";
    }

    static String interrupted(final String device) {
        return device + " was interrupted: its row holds what was measured so far\n";
    }

    static String busy(final Report report) {
        return report.isMachineBusy()
                ? String.format(
                        Locale.ROOT,
                        "the machine was busy (%.1f of %d processors) before the run: do not"
                                + " trust the times; end what else runs and repeat%n",
                        report.busyProcessors(),
                        report.machine().processors())
                : "";
    }

    static String perOperation(final long count, final double operations) {
        return String.format(Locale.ROOT, "%.3f", count / Math.max(1, operations));
    }

    static String micros(final double nanos) {
        return String.format(Locale.ROOT, "%,.1f", nanos / 1000);
    }
}
