package io.ringside.perf.report;

import io.ringside.perf.measure.NetResult;
import io.ringside.perf.scenario.NetDirection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A network comparison's part of {@link ReportHtml}. */
final class NetHtml {
    private static final String JOB =
            """
            <h2>Net: %s, %s</h2>
            <h3>Counts a packet: exact, what this run crossed</h3>
            %s
            <h3>Times: this machine, this run, crossings charged by profile '%s'</h3>
            %s
            <h3>All figures</h3>
            <pre>%s</pre>
            """;

    private NetHtml() {}

    /** One job. */
    static String job(final NetReport report) {
        final String counts =
                count(report, "Trapped register accesses", "%,.3f", NetResult::exits)
                        + count(report, "Hypercalls, both halves", "%,.3f", NetResult::hypercalls)
                        + count(report, "Kicks, guest to host", "%,.3f", NetResult::kicks)
                        + count(report, "Interrupts into the guest", "%,.3f", NetResult::interrupts)
                        + count(
                                report,
                                "Pages mapped and unmapped, pieces copied, by grants",
                                "%,.2f",
                                NetResult::grantOperations)
                        + count(
                                report,
                                "Bytes copied by the two halves",
                                "%,.0f",
                                NetResult::bytesCopied);
        final String times =
                time(
                                report,
                                "Highest rate without loss, packets a second",
                                "%,.0f",
                                NetResult::operationsPerSecond)
                        + time(
                                report,
                                "The same on the wire, Gbit/s",
                                "%,.2f",
                                result -> result.highest().gigabitsPerSecond())
                        + time(
                                report,
                                "Latency at 50 % of it, 99th percentile, microseconds",
                                "%,.1f",
                                result -> result.half().latency().getValueAtPercentile(99) / 1000.0)
                        + time(
                                report,
                                "Latency at 90 % of it, 99th percentile, microseconds",
                                "%,.1f",
                                result ->
                                        result.most().latency().getValueAtPercentile(99) / 1000.0);
        return String.format(
                Locale.ROOT,
                JOB,
                ReportHtml.escaped(report.scenario().stream()),
                report.scenario().direction() == NetDirection.TX
                        ? "sent by the guest"
                        : "received by the guest",
                counts,
                ReportHtml.escaped(report.scenario().costs().name()),
                times,
                ReportHtml.escaped(NetTable.text(report)));
    }

    private static String count(
            final NetReport report,
            final String title,
            final String format,
            final ToDoubleFunction<NetResult> count) {
        return ReportHtml.bars(
                report.results(),
                title,
                ReportHtml.COUNTS,
                format,
                result -> count.applyAsDouble(result) / Math.max(1, result.operations()));
    }

    private static String time(
            final NetReport report,
            final String title,
            final String format,
            final ToDoubleFunction<NetResult> value) {
        return ReportHtml.bars(report.results(), title, ReportHtml.TIMES, format, value);
    }
}
