/**
 * Measures this host: what memory, threads and, where the kernel lets us, exits of a guest cost.
 *
 * <p>Read {@link io.ringside.perf.calibrate.Calibration} (the whole), {@link
 * io.ringside.perf.calibrate.VmExits} (a guest that is left again and again), then {@link
 * io.ringside.perf.calibrate.HostCosts} (the cost profile that comes of it).
 *
 * <p>Threads: the caller's; a thread that answers it, and one that runs the guest. Each measurement
 * ends before the next begins.
 *
 * <p>Rests on the Foreign Function and Memory API, and on {@link
 * io.ringside.perf.measure.CacheLines}. Facts: {@code <linux/kvm.h>}, the kernel's documentation of
 * its API, {@code /proc} and {@code /sys}.
 */
@NullMarked
package io.ringside.perf.calibrate;

import org.jspecify.annotations.NullMarked;
