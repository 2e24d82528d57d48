/**
 * Runs a workload over a device and measures it: counts exactly, times with what they are worth.
 *
 * <p>Read {@link io.ringside.perf.measure.DiskRun}, then {@link
 * io.ringside.perf.measure.DiskResult}.
 *
 * <p>Threads: the runner's thread starts and ends the threads of both halves.
 */
@NullMarked
package io.ringside.perf.measure;

import org.jspecify.annotations.NullMarked;
