package io.ringside.perf.report;

import io.ringside.perf.measure.DiskResult;
import io.ringside.perf.scenario.Sizes;
import java.util.Locale;

/** A disk comparison's part of {@link ReportHtml}. */
final class DiskHtml {
    private static final String JOB =
            """
            <h2>Disk: %s, %s blocks, depth %d, seed %d</h2>
            <p class="facts">On %s (%s)</p>
            <h3>Counts an operation: exact, what this run crossed</h3>
            %s
            <h3>Times: this machine, this run, crossings charged by profile '%s'</h3>
            %s
            <h3>All figures</h3>
            <pre>%s</pre>
            """;

    private DiskHtml() {}

    /** One job. */
    static String job(final DiskReport report) {
        final String counts =
                ReportHtml.bars(
                                report.results(),
                                "Exits (trapped register accesses)",
                                ReportHtml.COUNTS,
                                "%,.2f",
                                result -> ReportHtml.perOperation(result, result.exits()))
                        + ReportHtml.bars(
                                report.results(),
                                "Hypercalls, both halves",
                                ReportHtml.COUNTS,
                                "%,.2f",
                                result -> ReportHtml.perOperation(result, result.hypercalls()))
                        + ReportHtml.bars(
                                report.results(),
                                "Pages mapped and unmapped by grants",
                                ReportHtml.COUNTS,
                                "%,.2f",
                                result -> ReportHtml.perOperation(result, result.grantOperations()))
                        + ReportHtml.bars(
                                report.results(),
                                "Bytes copied by the two halves",
                                ReportHtml.COUNTS,
                                "%,.0f",
                                result -> ReportHtml.perOperation(result, result.bytesCopied()))
                        + ReportHtml.bars(
                                report.results(),
                                "Interrupts into the guest",
                                ReportHtml.COUNTS,
                                "%,.2f",
                                result -> ReportHtml.perOperation(result, result.interrupts()));
        final String times =
                ReportHtml.bars(
                                report.results(),
                                "Operations a second",
                                ReportHtml.TIMES,
                                "%,.0f",
                                DiskResult::operationsPerSecond)
                        + ReportHtml.bars(
                                report.results(),
                                "Latency, 99th percentile, microseconds",
                                ReportHtml.TIMES,
                                "%,.1f",
                                result -> result.latency().getValueAtPercentile(99) / 1000.0);
        return String.format(
                Locale.ROOT,
                JOB,
                ReportHtml.escaped(report.scenario().pattern().label()),
                Sizes.text(report.scenario().blockBytes()),
                report.scenario().depth(),
                report.scenario().seed(),
                ReportHtml.escaped(report.medium()),
                Sizes.text(report.mediumBytes()),
                counts,
                ReportHtml.escaped(report.scenario().costs().name()),
                times,
                ReportHtml.escaped(DiskTable.text(report)));
    }
}
