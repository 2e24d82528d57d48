/**
 * Results for people and for machines: an aligned table, one HTML page; JSON and CSV are {@link
 * io.ringside.perf.result}'s.
 *
 * <p>Read {@link io.ringside.perf.report.ResultTable} and {@link
 * io.ringside.perf.report.ReportHtml}, each with a part for every kind of job.
 *
 * <p>Threads: one. Counts and times never share a column.
 */
@NullMarked
package io.ringside.perf.report;

import org.jspecify.annotations.NullMarked;
