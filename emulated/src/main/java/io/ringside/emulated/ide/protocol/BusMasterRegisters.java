package io.ringside.emulated.ide.protocol;

/**
 * One channel's registers of the bus master, as offsets from {@link IdePorts#busMaster}.
 *
 * <pre>
 *   offset 0   command   bit 0 start, bit 3 direction: 1 is from the device to memory
 *          2   status    bit 0 active, bit 1 error, bit 2 interrupt, bits 5 and 6 for software
 *                        (device 0 and 1 can do DMA), bit 7 simplex; 1 and 2 are cleared by
 *                        writing ones
 *          4   table     32 bits: guest-physical address of the descriptors, on a multiple of 4
 * </pre>
 *
 * <p>Source: ATA_DMA_* in linux/ata.h.
 */
public final class BusMasterRegisters {
    /** Start and direction. */
    public static final int COMMAND = 0;

    /** What the engine has seen. */
    public static final int STATUS = 2;

    /** Address of the table of {@link PrdEntry}. */
    public static final int TABLE = 4;

    /** Command: the engine runs while set. */
    public static final int START = 0x01;

    /** Command: from the device to memory. */
    public static final int TO_MEMORY = 0x08;

    /** Status: the engine has descriptors left. */
    public static final int ACTIVE = 0x01;

    /** Status: memory could not be reached. */
    public static final int ERROR = 0x02;

    /** Status: the device has raised its interrupt. */
    public static final int INTERRUPT = 0x04;

    /** Status: software notes here which devices it has set up for DMA. */
    public static final int SOFTWARE_BITS = 0x60;

    private BusMasterRegisters() {}
}
