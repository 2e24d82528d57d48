/**
 * What a run found, in one form for every device: the one thing that JSON, CSV, tables, pages,
 * merging and the search for regressions rest on.
 *
 * <p>Read {@link io.ringside.perf.result.ResultDocument} from the outside to the inside (a {@link
 * io.ringside.perf.result.Job} has a {@link io.ringside.perf.result.Row} a device, that a {@link
 * io.ringside.perf.result.LoadResult} a load, that a {@link io.ringside.perf.result.Series} a
 * {@link io.ringside.perf.result.Metric}), then {@link io.ringside.perf.result.DiskRows} and {@link
 * io.ringside.perf.result.NetRows}, which make it of measurements, and {@link
 * io.ringside.perf.result.ResultJson}, {@link io.ringside.perf.result.ResultReader} and {@link
 * io.ringside.perf.result.ResultCsv}.
 *
 * <p>Threads: all records are immutable.
 */
@NullMarked
package io.ringside.perf.result;

import org.jspecify.annotations.NullMarked;
