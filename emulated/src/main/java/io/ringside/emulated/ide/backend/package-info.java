/**
 * The device model: an ATA disk behind a PIIX channel, as a hypervisor's device model has it.
 *
 * <pre>
 *   guest's ports -> IdeDisk ---- TaskFileRegisters     what the guest has written
 *                      |     \--- DriveStatus           status, error, the interrupt line
 *                      |     \--- BusMaster             the engine's registers
 *                   CommandSet    DriveSettings, DriveIdentity, IdentifyPage
 *                      |
 *        PioTransfer  DmaTransfer  Verify  Flush        one of them at a time
 *              \         |  PrdList   |     /
 *                     Medium -> BlockStore
 * </pre>
 *
 * <p>Read {@link io.ringside.emulated.ide.backend.IdeDisk} first, then {@code CommandSet}, {@code
 * PioTransfer}, {@code DmaTransfer} with {@code PrdList}.
 *
 * <p>Threads: one, the vCPU's: register accesses run inside the exit, and the agent polls the
 * medium between them. The guest is not trusted: every value is legal or refused and counted,
 * descriptors are read once, and every loop is bounded. Rests on: {@code trap}, {@code
 * ide.protocol}, {@code device.host}, {@code hypervisor}. Facts: wire/ide-ata.json.
 */
@NullMarked
package io.ringside.emulated.ide.backend;

import org.jspecify.annotations.NullMarked;
