package io.ringside.perf.report;

import io.ringside.perf.measure.NetResult;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetScenario;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** A network comparison as aligned text, for a terminal. */
final class NetTable {
    private static final double MILLION = 1e6;

    private NetTable() {}

    /** The scenario, the table, what its columns mean, and what to make of it. */
    static String text(final NetReport report) {
        return heading(report) + '\n' + table(report) + '\n' + notes(report);
    }

    private static String heading(final NetReport report) {
        final NetScenario scenario = report.scenario();
        return String.format(
                        Locale.ROOT,
                        "net: %s, %s, wire of %s, %d %s, %.1f s a run%n",
                        scenario.stream(),
                        scenario.direction() == NetDirection.TX
                                ? "sent by the guest"
                                : "received by the guest",
                        scenario.gigabits() == 0 ? "any speed" : scenario.gigabits() + " Gbit/s",
                        scenario.queues(),
                        scenario.queues() == 1 ? "queue" : "queues",
                        scenario.seconds())
                + ReportTable.machine(report.machine());
    }

    private static String table(final NetReport report) {
        final TextTable table =
                new TextTable(
                                "device",
                                "exits",
                                "hypercalls",
                                "kicks",
                                "interrupts",
                                "grant ops",
                                "bytes copied",
                                "Mpackets/s",
                                "Gbit/s",
                                "guest ns/p",
                                "host ns/p",
                                "lost",
                                "p50 us",
                                "p99 us",
                                "p99.9 us",
                                "p50 us",
                                "p99 us",
                                "p99.9 us",
                                "checked")
                        .group("", 1)
                        .group("counts per packet (exact)", 6)
                        .group("at the highest rate without loss", 4)
                        .group("full rate", 1)
                        .group("latency at 50 % of it", 3)
                        .group("latency at 90 % of it", 3)
                        .group("", 1);
        for (final NetResult result : report.results()) {
            final double packets = Math.max(1, result.operations());
            final Histogram half = result.half().latency();
            final Histogram most = result.most().latency();
            table.row(
                    result.device(),
                    ReportTable.perOperation(result.exits(), packets),
                    ReportTable.perOperation(result.hypercalls(), packets),
                    ReportTable.perOperation(result.kicks(), packets),
                    ReportTable.perOperation(result.interrupts(), packets),
                    ReportTable.perOperation(result.grantOperations(), packets),
                    String.format(Locale.ROOT, "%,.0f", result.bytesCopied() / packets),
                    number("%.3f", result.operationsPerSecond() / MILLION),
                    number("%.2f", result.highest().gigabitsPerSecond()),
                    number("%,.0f", result.highest().use().frontendCpuNanos() / packets),
                    number("%,.0f", result.highest().use().backendCpuNanos() / packets),
                    number("%,.0f", result.lostAtFullRate().total()),
                    ReportTable.micros(half.getValueAtPercentile(50)),
                    ReportTable.micros(half.getValueAtPercentile(99)),
                    ReportTable.micros(half.getValueAtPercentile(99.9)),
                    ReportTable.micros(most.getValueAtPercentile(50)),
                    ReportTable.micros(most.getValueAtPercentile(99)),
                    ReportTable.micros(most.getValueAtPercentile(99.9)),
                    checked(result));
        }
        return table.text();
    }

    private static String checked(final NetResult result) {
        if (!result.verified()) {
            return "WRONG";
        }
        return result.interrupted() ? "stopped" : "ok";
    }

    private static String notes(final NetReport report) {
        final StringBuilder notes = new StringBuilder();
        notes.append(
                "exits: trapped register accesses. hypercalls: of both halves. kicks: guest to"
                    + " host. interrupts: into the guest. grant ops: pages mapped\n"
                    + "and unmapped, pieces copied. bytes copied: by the two halves. Gbit/s: on the"
                    + " wire, with preamble, check sequence and gap. guest, host ns/p:\n"
                    + "processor time of the two halves, the workload and the wire included. lost:"
                    + " frames, where all that the wire carries was offered. latency:\n"
                    + "from the time at which a frame was to be sent to its arrival on the other"
                    + " side, of every seventh frame, whatever became of those before.\n");
        notes.append(ReportTable.times(report.scenario().wakeups(), report.scenario().costs()));
        for (final NetResult result : report.results()) {
            notes.append(replay(result)).append(losses(result)).append(faults(result));
            if (result.interrupted()) {
                notes.append(ReportTable.interrupted(result.device()));
            }
        }
        return notes.append(ReportTable.busy(report))
                .append(DeviceRatios.text(report.results(), "packets"))
                .append(FeatureGains.text(report.results(), "packet"))
                .toString();
    }

    private static String replay(final NetResult result) {
        final NetResult.Run run = result.replay();
        return run == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s: of the capture's %,d frames %,d arrived as they are%s%n",
                        result.device(),
                        run.sent(),
                        run.arrived(),
                        result.isReplayed() ? ", in their order" : ": WRONG");
    }

    private static String losses(final NetResult result) {
        final NetResult.Losses lost = result.lostAtFullRate();
        return lost.total() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s: of %.3f million packets a second, %,d were lost before the host's"
                                + " half took them and %,d between the two halves%n",
                        result.device(),
                        result.offeredPerSecond() / MILLION,
                        lost.wire(),
                        lost.device());
    }

    private static String faults(final NetResult result) {
        if (result.verified()) {
            return "";
        }
        final StringBuilder text = new StringBuilder();
        fault(text, result.device(), "the highest rate", result.highest());
        fault(text, result.device(), "50 %", result.half());
        fault(text, result.device(), "90 %", result.most());
        return text.toString();
    }

    private static void fault(
            final StringBuilder text,
            final String device,
            final String rate,
            final NetResult.Run run) {
        if (!run.verified()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%s is WRONG at %s: of %d packets %d arrived, %d more were altered or"
                                    + " foreign, %d out of order%n",
                            device,
                            rate,
                            run.sent(),
                            run.arrived(),
                            run.foreign(),
                            run.disordered()));
        }
    }

    private static String number(final String format, final double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
