/**
 * What crossings cost: profiles of decimal nanoseconds, each figure with its range and its source.
 *
 * <p>Read {@link io.ringside.perf.costs.CostKey} (what has a cost), {@link
 * io.ringside.perf.costs.Cost} with {@link io.ringside.perf.costs.Basis} (one figure and what it is
 * worth), {@link io.ringside.perf.costs.CostProfile}, {@link io.ringside.perf.costs.CostProfiles}
 * (where profiles come from; the shipped ones are the {@code .toml} files beside these classes).
 *
 * <p>Threads: any; everything is immutable. Rests on: {@code hypervisor} for crossings, tomlj.
 * Facts: each figure of a profile names its own source.
 */
@NullMarked
package io.ringside.perf.costs;

import org.jspecify.annotations.NullMarked;
