/**
 * Results for people and for machines: an aligned table, one JSON object, one HTML page.
 *
 * <p>Read {@link io.ringside.perf.report.DiskReport} (what is reported), then {@link
 * io.ringside.perf.report.DiskTable}, {@link io.ringside.perf.report.DiskJson} and {@code
 * DiskHtml}.
 *
 * <p>Threads: one. Counts and times never share a column.
 */
@NullMarked
package io.ringside.perf.report;

import org.jspecify.annotations.NullMarked;
