/** Workloads against disks that lie, and the streams that they draw from. */
@NullMarked
package io.ringside.perf.workload;

import org.jspecify.annotations.NullMarked;
