/**
 * The host's half of the network pair: joins one frontend to a port of a network, a {@link
 * io.ringside.device.host.PacketPort}.
 *
 * <p>Read in this order: {@link io.ringside.xen.netfront.backend.Netback} (how it meets its
 * frontend, and lets go of it) with {@link io.ringside.xen.netfront.backend.NetbackServices},
 * {@link io.ringside.xen.netfront.backend.NetbackOptions}, {@code OfferedKeys}, {@code
 * FrontendKeys} and {@code KeyWatches}; {@code NetbackConnection} with {@code VifState} (what its
 * queues share) and {@code NetbackQueue}. Then what the frontend sends: {@code TransmitRing},
 * {@code TransmitSlots} with {@code TakenPacket} (what is refused), {@code TransmitOutput}; and
 * what it receives: {@code ReceiveRing}, {@code ReceiveBacklog}, {@code PostedPages}, {@code
 * ReceiveWriter}, {@code ReceiveSlots}; {@code HostPages} holds both. The features that need more:
 * {@code ControlRing} with {@code ReceiveHash} and {@code StaticGrants}, {@code MulticastFilter},
 * {@code TransmitCredit}. Last {@link io.ringside.xen.netfront.backend.NetbackCounters} with {@link
 * io.ringside.xen.netfront.backend.NetbackRefusal}.
 *
 * <pre>
 *   frontend's pages --one hypercall--&gt; our pages --send--&gt; network      TransmitRing
 *   frontend's pages &lt;--one hypercall-- our pages &lt;--take-- network      ReceiveRing
 * </pre>
 *
 * <p>Threads: one, that of the backend's agent. Rests on: {@code protocol}, the slot ring, the
 * checksums, hashes and segments of {@code device.frame}, and the grants, event channels and store
 * of {@code xenbus}. Facts: xen/io/netif.h, and what Linux's own backend refuses, as recorded in
 * the wire facts {@code xen-netif}.
 */
@NullMarked
package io.ringside.xen.netfront.backend;

import org.jspecify.annotations.NullMarked;
