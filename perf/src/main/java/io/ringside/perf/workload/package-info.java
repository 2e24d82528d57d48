/**
 * What drives a device: request streams, and the model of what a medium must hold.
 *
 * <p>Read {@link io.ringside.perf.workload.DiskStream}, then {@link
 * io.ringside.perf.workload.DiskModel}, then {@link io.ringside.perf.workload.DiskWorkload}.
 *
 * <p>Threads: a workload runs on its frontend's thread. Rests on {@code device} and {@code
 * hypervisor}; no workload knows which family carries it.
 */
@NullMarked
package io.ringside.perf.workload;

import org.jspecify.annotations.NullMarked;
