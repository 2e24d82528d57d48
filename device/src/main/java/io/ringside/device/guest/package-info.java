/**
 * The guest edge: what a workload drives, whatever carries it.
 *
 * <p>Read {@link io.ringside.device.guest.BlockDevice} first, then {@link
 * io.ringside.device.guest.BlockRequest}.
 *
 * <p>Threads: a device, its workload and its requests belong to one thread. Rests on: nothing.
 */
@NullMarked
package io.ringside.device.guest;

import org.jspecify.annotations.NullMarked;
