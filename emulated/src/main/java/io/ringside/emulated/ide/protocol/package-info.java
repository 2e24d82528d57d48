/**
 * What an IDE disk and its driver agree on: registers, commands, and the structures in memory.
 *
 * <p>Read {@link io.ringside.emulated.ide.protocol.IdePorts} (where things are), {@link
 * io.ringside.emulated.ide.protocol.AtaRegisters} with {@link
 * io.ringside.emulated.ide.protocol.AtaStatus}, {@link io.ringside.emulated.ide.protocol.TaskFile}
 * with {@link io.ringside.emulated.ide.protocol.AtaCommand} (one command), {@link
 * io.ringside.emulated.ide.protocol.IdentifyData} (what a drive says of itself), then {@link
 * io.ringside.emulated.ide.protocol.BusMasterRegisters} and {@link
 * io.ringside.emulated.ide.protocol.PrdEntry} (DMA).
 *
 * <p>Threads: constants and values; a flyweight belongs to one thread. Rests on: buffers alone.
 * Facts: wire/ide-ata.json, read off linux/ata.h and linux/hdreg.h.
 */
@NullMarked
package io.ringside.emulated.ide.protocol;

import org.jspecify.annotations.NullMarked;
