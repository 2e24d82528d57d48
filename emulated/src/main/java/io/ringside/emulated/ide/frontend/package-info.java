/**
 * The guest's driver: a disk on an IDE channel, programmed register by register.
 *
 * <p>Read {@link io.ringside.emulated.ide.frontend.IdeDriver} first; {@code IdeRegisters} is the
 * one place that touches ports, {@code IdeProbe} finds the drive and sets it up, {@code PrdTable}
 * and {@code PioCursor} are the two ways to say where the data is.
 *
 * <p>Threads: one, the vCPU's. Rests on: {@code trap} for ports and interrupts, {@code
 * ide.protocol}, {@code device.guest}, {@code hypervisor}. Facts: wire/ide-ata.json; the order of
 * accesses is that of its sequences.
 */
@NullMarked
package io.ringside.emulated.ide.frontend;

import org.jspecify.annotations.NullMarked;
