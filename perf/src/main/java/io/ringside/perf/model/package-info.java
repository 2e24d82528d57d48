/**
 * The modelled clock: the same halves over the same rings, in simulated time.
 *
 * <p>Read in this order: {@link io.ringside.perf.model.Simulation} (whose turn it is, and what time
 * it is then), {@link io.ringside.perf.model.Strand} (one thread of a guest or of the host), {@link
 * io.ringside.perf.model.HostProcessors} (what the host's strands share), {@link
 * io.ringside.perf.model.ModelledStore} (a medium that takes its time), {@link
 * io.ringside.perf.model.ModelledDiskBench} and {@link io.ringside.perf.model.ModelledNetBench};
 * then {@link io.ringside.perf.model.Predictions}, the checks against published results.
 *
 * <p>What costs time is what a profile charges: crossings, copied bytes, wake-ups. The code of the
 * drivers, and that of the guest's and the host's operating systems, costs nothing unless it is
 * given as work for each operation. So a result is a lower bound of what the software would take,
 * and an exact account of what the crossings take.
 *
 * <p>Threads: one at a time, always; see {@link io.ringside.perf.model.Simulation}. Rests on:
 * {@code perf.scenario} for rigs, {@code perf.workload}, {@code perf.measure} for results, {@code
 * perf.costs} for profiles.
 */
@NullMarked
package io.ringside.perf.model;

import org.jspecify.annotations.NullMarked;
