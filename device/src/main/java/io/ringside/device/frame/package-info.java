/**
 * What is said of a network frame on both edges, and what is done to it in software.
 *
 * <p>Read {@link io.ringside.device.frame.FrameMetadata}, then {@link
 * io.ringside.device.frame.InternetChecksum}.
 *
 * <p>Threads: whatever is here belongs to one thread at a time. Rests on: Agrona's buffers. Facts:
 * RFC 1071 for the checksum, IEEE 802.1Q for VLAN tags.
 */
@NullMarked
package io.ringside.device.frame;

import org.jspecify.annotations.NullMarked;
