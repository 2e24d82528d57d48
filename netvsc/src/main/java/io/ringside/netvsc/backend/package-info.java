/**
 * The host's half of the network pair: joins one card of a guest to a port.
 *
 * <p>Read in this order: {@link io.ringside.netvsc.backend.Netvsp} (the device: its channels, and
 * what comes from the port), {@code Handshake} with {@code NvspStage}, {@code NetvspQueue} (how one
 * channel is served). What a guest sends: {@code FramesFromGuest}, {@code GatheredBytes}, {@code
 * TransmitPath}, {@code FrameOffloads}. What it receives: {@code ReceiveFilter}, {@code
 * ReceiveSpread}, {@code FramesToGuest}, {@code FrameWriter}, {@code Delivery}, {@code
 * ReceiveBuffer}. What it asks for: {@code RndisRequests}, {@code ObjectQueries}, {@code
 * ObjectSettings}, {@code Adapter}; {@code Notices} are what it is told unasked. What went wrong:
 * {@link io.ringside.netvsc.backend.NetvspCounters} with {@link
 * io.ringside.netvsc.backend.NetvspRefusal}.
 *
 * <pre>
 *   send buffer, pages --&gt; RNDIS taken apart --&gt; sums, segments --&gt; port
 *   receive buffer &lt;-- RNDIS put together &lt;-- sums, segments &lt;-- filter, spread &lt;-- port
 * </pre>
 *
 * <p>What a guest says is read once, into private memory, and checked there; the bytes of a frame
 * are copied once, by the port or into the receive buffer.
 *
 * <p>Threads: one, that of the device's agent, which is the bus server's. Rests on: {@code
 * protocol}, {@code device.frame} and {@code device.host}, and the channels of {@code vmbus}.
 * Facts: what Linux's own netvsc expects, as recorded in the wire facts {@code hv-netvsc}.
 */
@NullMarked
package io.ringside.netvsc.backend;

import org.jspecify.annotations.NullMarked;
