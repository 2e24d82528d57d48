/**
 * What an 82540EM and its driver agree on: registers, their bits, descriptors.
 *
 * <p>Read {@link io.ringside.emulated.e1000.protocol.E1000Registers} first, then {@link
 * io.ringside.emulated.e1000.protocol.E1000Bits} and {@link
 * io.ringside.emulated.e1000.protocol.E1000Descriptor}.
 *
 * <p>Threads: constants and plain views. Rests on: Agrona's buffers. Facts: {@code e1000_hw.h},
 * read as facts; Intel PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's
 * Manual.
 */
@NullMarked
package io.ringside.emulated.e1000.protocol;

import org.jspecify.annotations.NullMarked;
