/**
 * SCSI units over a {@link io.ringside.device.host.BlockStore}: a disk, and a drive with a disc.
 * They know nothing of how commands reach them.
 *
 * <p>Read in this order: {@code ScsiTask} with {@code ScatterList} (one command, and where its data
 * lies), {@code ScsiCommand} (the table of all commands), {@code LogicalUnit} (what is checked
 * before any of them), then the families: {@code BlockCommands} with {@code MediumJobs}, {@code
 * PrimaryCommands} with {@code InquiryData} and {@code ModePages}, {@code ReservationCommands} with
 * {@code Reservations}, {@code DiscCommands}. {@code ScsiTarget} gathers units under their numbers.
 *
 * <p>Threads: one, that of the backend's agent; a unit that two controllers share has both on one
 * thread. Rests on: {@code protocol.scsi}, the memory of the guest, and the host edge. Facts: the
 * wire facts {@code scsi}; where they are silent SPC-4, SBC-3 and MMC-6.
 */
@NullMarked
package io.ringside.storvsc.backend.scsi;

import org.jspecify.annotations.NullMarked;
