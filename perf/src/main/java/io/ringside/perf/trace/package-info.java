/**
 * One connection, told message by message and packet by packet, for people who want to see what
 * happens.
 *
 * <p>Read {@link io.ringside.perf.trace.TraceEvent} (what is told of one message), then {@link
 * io.ringside.perf.trace.StorvscTrace} (a whole connection on one thread, in a fixed order), {@link
 * io.ringside.perf.trace.BusTap} (stands where the hypervisor stands and reads what passes), {@code
 * ChannelRings} and {@code RingTap} (find the rings of each channel from the messages alone, and
 * read them beside their owners), {@code MessageDecoder}, {@code VstorDecoder} and {@code
 * ScsiDecoder} (bytes to words), and {@link io.ringside.perf.trace.TraceText} and {@link
 * io.ringside.perf.trace.TraceJson}.
 *
 * <p>Threads: one. All that is told is decoded from the bytes in guest memory, so that a foreign
 * peer is shown as well; neither driver knows that it is watched, and pays nothing when it is not.
 */
@NullMarked
package io.ringside.perf.trace;

import org.jspecify.annotations.NullMarked;
