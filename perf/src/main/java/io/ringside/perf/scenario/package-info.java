/**
 * What is compared: scenarios, and the devices set up whole.
 *
 * <p>Read {@link io.ringside.perf.scenario.DiskScenario}, then {@link
 * io.ringside.perf.scenario.DiskRig} and its implementations, one a device.
 *
 * <p>Threads: setting up and taking apart belong to one thread.
 */
@NullMarked
package io.ringside.perf.scenario;

import org.jspecify.annotations.NullMarked;
