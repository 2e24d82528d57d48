/**
 * What is said of a network frame on both edges, and what is done to it in software.
 *
 * <p>Read {@link io.ringside.device.frame.FrameMetadata}, what travels beside the bytes; {@link
 * io.ringside.device.frame.FrameBytes} and {@link io.ringside.device.frame.FrameHeaders}, the bytes
 * themselves; then what a card would do: {@link io.ringside.device.frame.InternetChecksum}, {@link
 * io.ringside.device.frame.TransportChecksum}, {@link io.ringside.device.frame.TcpSegmenter},
 * {@link io.ringside.device.frame.Toeplitz} and {@link io.ringside.device.frame.FlowHash}.
 *
 * <p>Threads: whatever is here belongs to one thread at a time. Rests on: Agrona's buffers. Facts:
 * RFC 1071 for the checksum, IEEE 802.1Q for VLAN tags, RFC 791 and RFC 8200 for IP, Microsoft's
 * text on RSS for the hash, RFC 9293 for TCP.
 */
@NullMarked
package io.ringside.device.frame;

import org.jspecify.annotations.NullMarked;
