/**
 * The guest edge: what a workload drives, whatever carries it.
 *
 * <p>Disks: read {@link io.ringside.device.guest.BlockDevice} first, then {@link
 * io.ringside.device.guest.BlockRequest}. Networks: {@link io.ringside.device.guest.NetDevice},
 * then {@link io.ringside.device.guest.NetFrame}.
 *
 * <p>Threads: a device, its workload and its requests belong to one thread. Rests on: {@code
 * device.frame}.
 */
@NullMarked
package io.ringside.device.guest;

import org.jspecify.annotations.NullMarked;
