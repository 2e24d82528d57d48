package io.ringside.perf.calibrate;

import io.ringside.perf.measure.Machine;
import io.ringside.perf.report.TextTable;
import java.util.Locale;

/** A calibration for people: the host, an aligned table, and a line for each figure. */
public final class CalibrationTable {
    private CalibrationTable() {}

    /** All of it, each line ended by a newline. */
    public static String text(final Calibration host) {
        final Machine machine = host.machine();
        final StringBuilder out = new StringBuilder();
        out.append(
                String.format(
                        Locale.ROOT,
                        "machine: %s, %d processors, %s, %s, %s\n",
                        machine.processor(),
                        machine.processors(),
                        machine.kernel(),
                        machine.jdk(),
                        machine.date()));
        out.append("host: ").append(host.virtualisation().host()).append('\n');
        out.append("monitor: ").append(host.virtualisation().monitor()).append('\n');
        for (final String remark : host.remarks()) {
            out.append(remark).append('\n');
        }
        out.append('\n').append(table(host)).append('\n');
        for (final Figure figure : host.figures()) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            "%-17s %s\n",
                            figure.quantity().key(),
                            figure.quantity().meaning()));
        }
        out.append("\nnanoseconds each time: median of several rounds, least and most.");
        if (!host.guestMode().isEmpty()) {
            out.append(" Guest: ").append(host.guestMode()).append('.');
        }
        out.append("\nfrom the profile today, not measured: ")
                .append(HostCosts.borrowed(host))
                .append('\n');
        return out.toString();
    }

    /** A line where figures are not to be trusted; empty otherwise. */
    public static String warning(final Calibration host) {
        return host.isDoubtful()
                ? String.format(
                        Locale.ROOT,
                        "the machine was busy (%.1f of %d processors) before the run, or has too"
                                + " few: do not trust the figures",
                        host.busyProcessors(),
                        host.machine().processors())
                : "";
    }

    private static String table(final Calibration host) {
        final TextTable table = new TextTable("figure", "median ns", "least", "most", "ns a byte");
        for (final Figure figure : host.figures()) {
            final Spread nanos = figure.nanos();
            final int bytes = figure.quantity().bytes();
            table.row(
                    figure.quantity().key(),
                    number(nanos.median()),
                    number(nanos.least()),
                    number(nanos.most()),
                    bytes == 0 ? "" : String.format(Locale.ROOT, "%.4f", nanos.median() / bytes));
        }
        return table.text();
    }

    private static String number(final double nanos) {
        return String.format(Locale.ROOT, nanos < 100 ? "%,.2f" : "%,.0f", nanos);
    }
}
