/**
 * The guest's half of the network pair: a {@link io.ringside.device.guest.NetDevice} that a backend
 * serves over two slot rings for each queue.
 *
 * <p>Read in this order: {@link io.ringside.xen.netfront.frontend.Netfront} (how it meets its
 * backend, and lets go of it) with {@code Stage}, {@link
 * io.ringside.xen.netfront.frontend.NetfrontServices} and {@link
 * io.ringside.xen.netfront.frontend.NetfrontOptions}; {@code NetAgreement} (what both ends do),
 * {@code Card} and {@code Shares} (rings and ports); {@code NetConnection} and {@code QueuePair};
 * what is sent: {@code TransmitQueue}, {@code TransmitWriter}, {@code CallersPages} or {@code
 * CopyPages}; what is received: {@code ReceiveQueue}, {@code ReceiveExtras}, {@code ReceivePool};
 * what is asked beside packets: {@link io.ringside.xen.netfront.frontend.NetfrontSettings}, {@code
 * MulticastJoins}, {@code ControlRing} with {@code HashTask} and {@code StagingTask}; {@link
 * io.ringside.xen.netfront.frontend.NetfrontCounters} with {@link
 * io.ringside.xen.netfront.frontend.NetfrontRefusal}.
 *
 * <pre>
 *               +--&gt; TransmitQueue ---&gt; tx ring ---&gt;
 *   workload ---|                                     backend
 *               +&lt;-- ReceiveQueue &lt;---- rx ring &lt;---
 *                       |     ^
 *                       v     |
 *                     ReceivePool (pages and frames, for longer than a connection)
 * </pre>
 *
 * <p>Threads: one, that of the driver's agent and of whoever submits. Rests on: {@code protocol},
 * the slot ring, and the grants, event channels and store of {@code xenbus}. Facts: xen/io/netif.h,
 * and what Linux's own backend expects, as recorded in the wire facts {@code xen-netif}.
 */
@NullMarked
package io.ringside.xen.netfront.frontend;

import org.jspecify.annotations.NullMarked;
