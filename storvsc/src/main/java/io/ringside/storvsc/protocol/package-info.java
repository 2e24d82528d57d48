/**
 * The synthetic storage protocol of Hyper-V as bytes, numbers and names: what storvsc and storvsp
 * must agree on.
 *
 * <p>Read in this order: {@link io.ringside.storvsc.protocol.VstorPacket} (every message is one)
 * with {@link io.ringside.storvsc.protocol.VstorOperation} and {@link
 * io.ringside.storvsc.protocol.VstorVersion}, then what a packet carries: {@link
 * io.ringside.storvsc.protocol.ScsiRequest}, {@link io.ringside.storvsc.protocol.ChannelProperties}
 * and {@link io.ringside.storvsc.protocol.WorldWideNames}. The commands inside of a request are in
 * {@link io.ringside.storvsc.protocol.scsi}. What both ends have besides: {@link
 * io.ringside.storvsc.protocol.ControllerKind}, {@link io.ringside.storvsc.protocol.Wakeups} (how
 * one waits) and {@link io.ringside.storvsc.protocol.Refusals} (what it would not do).
 *
 * <p>Threads: a flyweight belongs to one thread; of refusals see there; all else is constant. Rests
 * on: Agrona's buffers. Facts: linux/hyperv.h and drivers/scsi/storvsc_drv.c, as recorded in the
 * wire facts {@code hv-storvsc}.
 */
@NullMarked
package io.ringside.storvsc.protocol;

import org.jspecify.annotations.NullMarked;
