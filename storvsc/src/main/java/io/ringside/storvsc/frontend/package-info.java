/**
 * The guest's half of the storage pair: finds the units of one controller, and is a {@link
 * io.ringside.device.guest.BlockDevice} for each that is a disk or a disc.
 *
 * <p>Read in this order: {@code Storvsc} (the controller), {@code Handshake}, {@code
 * ControllerChannels}, {@code StorvscDisk} (how a block request becomes a command), {@code
 * PendingRequest}, {@code StorvscQueue} (how one channel carries it), {@code UnitProbe} (how units
 * are found), {@link io.ringside.storvsc.frontend.StorvscCounters} with {@link
 * io.ringside.storvsc.frontend.StorvscRefusal}.
 *
 * <p>Threads: one, that of the frontend's agent, which is the bus client's. Rests on: {@code
 * protocol} and the channels of {@code vmbus}. Facts: what Linux's own storvsc does, as recorded in
 * the wire facts {@code hv-storvsc} and {@code scsi}.
 */
@NullMarked
package io.ringside.storvsc.frontend;

import org.jspecify.annotations.NullMarked;
