/**
 * Frames made for measuring: how they are made, at what rate, and what is found when they arrive.
 *
 * <p>Read in this order: {@link io.ringside.device.traffic.FrameMix}, which lengths there are;
 * {@link io.ringside.device.traffic.Traffic}, what stands in the frames; {@link
 * io.ringside.device.traffic.FrameGenerator}, which writes them into any memory; {@link
 * io.ringside.device.traffic.FrameChecker} with {@code SequenceWindow}, which reads them again; and
 * {@link io.ringside.device.traffic.LineRate}, how long each takes on a wire.
 *
 * <p>A workload in a guest and the port behind a backend use the same classes, so that a frame is
 * made at one end and checked at the other.
 *
 * <p>Threads: a {@code Traffic} any; generators and checkers one each. Rests on: {@code
 * device.frame}, Agrona's buffers. Facts: RFC 768, RFC 791; RFC 2544 for the addresses; IEEE 802.3
 * for what a frame costs on the wire.
 */
@NullMarked
package io.ringside.device.traffic;

import org.jspecify.annotations.NullMarked;
