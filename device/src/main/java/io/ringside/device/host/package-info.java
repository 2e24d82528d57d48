/**
 * The host edge: what a backend drives, whoever asked.
 *
 * <p>Disks: read {@link io.ringside.device.host.BlockStore} first, then {@link
 * io.ringside.device.host.StoreRequest}. Networks: {@link io.ringside.device.host.PacketPort}, then
 * {@link io.ringside.device.host.Packet}.
 *
 * <p>Threads: a store is driven by one backend thread; it may have workers of its own behind it.
 * Rests on: Agrona's buffers, {@code device.frame}.
 */
@NullMarked
package io.ringside.device.host;

import org.jspecify.annotations.NullMarked;
