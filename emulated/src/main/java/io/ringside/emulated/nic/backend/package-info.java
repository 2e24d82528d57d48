/**
 * What every emulated network card's model needs from its port.
 *
 * <p>{@link io.ringside.emulated.nic.backend.WireFrames} turns what a network of virtual machines
 * hands over (uncut, without checksums, tags beside the bytes) into frames as a cable would carry
 * them; {@link io.ringside.emulated.nic.backend.NicModel} is what whoever runs a model asks of it.
 *
 * <p>Threads: the vCPU's. Rests on: {@code device.host}, {@code device.frame}. Facts: IEEE 802.3,
 * 802.1Q.
 */
@NullMarked
package io.ringside.emulated.nic.backend;

import org.jspecify.annotations.NullMarked;
