/**
 * What a DEC 21140 and its driver agree on: registers, their bits, descriptors, the setup frame.
 *
 * <p>Read {@link io.ringside.emulated.tulip.protocol.TulipRegisters} first, then {@link
 * io.ringside.emulated.tulip.protocol.TulipBits}, {@link
 * io.ringside.emulated.tulip.protocol.TulipDescriptor}, {@link
 * io.ringside.emulated.tulip.protocol.SetupFrame} and {@link
 * io.ringside.emulated.tulip.protocol.SerialPins}.
 *
 * <p>Threads: constants and plain views. Rests on: Agrona's buffers. Facts: {@code tulip.h}, read
 * as facts; DECchip 21140A Hardware Reference Manual; IEEE 802.3 clause 22 for the PHY's wires.
 */
@NullMarked
package io.ringside.emulated.tulip.protocol;

import org.jspecify.annotations.NullMarked;
