/**
 * The networks: what stands behind a network backend.
 *
 * <p>Read in this order: {@code PacketShelf}, the memory in which a port keeps what has arrived;
 * {@link io.ringside.device.net.LoopbackPort}, which gives back what it is sent.
 *
 * <p>A frame is copied once, from the sender's memory to the shelf of the port that it leaves by.
 *
 * <p>Threads: a port is driven by one backend thread. Rests on: {@code device.host}, {@code
 * device.frame}, Agrona's buffers. Facts: none but its own.
 */
@NullMarked
package io.ringside.device.net;

import org.jspecify.annotations.NullMarked;
