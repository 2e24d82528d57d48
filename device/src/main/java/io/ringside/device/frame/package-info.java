/**
 * What is said of a network frame on both edges.
 *
 * <p>Read {@link io.ringside.device.frame.FrameMetadata}.
 *
 * <p>Threads: whatever is here belongs to one thread at a time. Rests on: nothing. Facts: RFC 9293
 * for TCP, IEEE 802.1Q for VLAN tags.
 */
@NullMarked
package io.ringside.device.frame;

import org.jspecify.annotations.NullMarked;
