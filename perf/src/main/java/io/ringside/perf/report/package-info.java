/**
 * Results for people: an aligned table and one HTML page, of one result or of several side by side;
 * the results themselves, and JSON and CSV, are {@link io.ringside.perf.result}'s.
 *
 * <p>Read {@link io.ringside.perf.report.ResultTable} and {@link
 * io.ringside.perf.report.ReportHtml}, and then {@link io.ringside.perf.report.ResultComparison},
 * which searches for regressions. The page's parts: {@code JobHtml} and {@code SweepHtml} put
 * together {@code Bars}, {@code LatencyPlot}, {@code TimeStack}, {@code SweepPlot} and {@code
 * FigureTables}; its looks are in {@code report.css}.
 *
 * <p>Threads: one. Counts and times never share a column, and nor do the two clocks.
 */
@NullMarked
package io.ringside.perf.report;

import org.jspecify.annotations.NullMarked;
