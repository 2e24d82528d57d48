/**
 * The guest's half of the network pair: a {@link io.ringside.device.guest.NetDevice} over NVSP and
 * RNDIS.
 *
 * <pre>
 *   submit --&gt; TransmitPath --+--&gt; a section of the send buffer, several frames in each
 *                             +--&gt; PagedFrames: ranges of pages
 *
 *   received &lt;-- ReceivePath &lt;-- ranges of the receive buffer
 *   giveBack --&gt; LentFrames --&gt; ReceivedPackets: one answer for each packet
 * </pre>
 *
 * <p>Read in this order: {@code Netvsc} with {@code NetvscOptions} and {@code NetvscFeatures} (what
 * a workload sees), {@code Device} (its parts, and how they come up and go down), {@code
 * DeviceChannels}, {@code Handshake} with {@code Stage} (NVSP), {@code RndisControl} with {@code
 * Question} and {@code Answers} (RNDIS), {@code Agreement} (what came of both), {@code
 * OffloadSettings}, {@code ScalingSettings} and {@code SendSpread}; then how one channel works:
 * {@code NetvscQueue}, {@code TransmitPath} with {@code TransmitTable}, {@code TransmitInfo} and
 * {@code PagedFrames}, {@code ReceivePath} with {@code ReceivedPackets}, {@code LentFrames}, {@code
 * ParkedRanges} and {@code ReceiveInfo}; last the memory: {@code DeviceMemory}, {@code
 * SharedBuffer}, {@code PageBlock}, {@code HeaderMemory}, {@code Slots}, and {@link
 * io.ringside.netvsc.frontend.NetvscCounters} with {@link
 * io.ringside.netvsc.frontend.NetvscRefusal}.
 *
 * <p>Threads: one, that of the frontend's agent, which is the bus client's. Rests on: {@code
 * protocol}, the channels of {@code vmbus}, and the frames of {@code device}. Facts: what Linux's
 * own netvsc does, as recorded in the wire facts {@code hv-netvsc}.
 */
@NullMarked
package io.ringside.netvsc.frontend;

import org.jspecify.annotations.NullMarked;
