/**
 * The host's half of the storage pair: serves one controller of a guest, with all of its units.
 *
 * <p>Read in this order: {@code Storvsp} (the controller: channels, what happens to units), {@code
 * Handshake}, {@code StorvspQueue} (how one channel is served), {@code RequestIntake} (what is
 * taken from a SCSI request, and what is refused), {@code ControllerTargets}, {@link
 * io.ringside.storvsc.backend.StorvspCounters} with {@link
 * io.ringside.storvsc.backend.StorvspRefusal}. The units are in {@code backend.scsi}.
 *
 * <p>Threads: one, that of the backend's agent, which is the bus server's. Rests on: {@code
 * protocol}, the units, and the channels of {@code vmbus}. Facts: what Linux's own storvsc expects,
 * as recorded in the wire facts {@code hv-storvsc}.
 */
@NullMarked
package io.ringside.storvsc.backend;

import org.jspecify.annotations.NullMarked;
