package io.ringside.emulated.ide.protocol;

/**
 * The registers of an ATA device, as offsets from its command block.
 *
 * <pre>
 *   offset   read            write
 *     0      data            data           16 or 32 bits
 *     1      error           feature        two deep
 *     2      sector count    sector count   two deep
 *     3      LBA low         LBA low        two deep
 *     4      LBA mid         LBA mid        two deep
 *     5      LBA high        LBA high       two deep
 *     6      device          device
 *     7      status          command
 * </pre>
 *
 * <p>Two deep: a write moves the value before it into an older copy, which an extended (48-bit)
 * command uses as its high-order half and {@link #HIGH_ORDER} makes readable.
 *
 * <p>Source: ATA_REG_*, ATA_* in linux/ata.h.
 */
public final class AtaRegisters {
    /** Data port. */
    public static final int DATA = 0;

    /** Read: why the last command failed. */
    public static final int ERROR = 1;

    /** Written: a parameter of the command. */
    public static final int FEATURE = 1;

    /** Sectors; 0 means 256, or 65536 in an extended command. */
    public static final int SECTOR_COUNT = 2;

    /** Sector number, or LBA bits 0 to 7 (24 to 31 in the older copy). */
    public static final int LBA_LOW = 3;

    /** Low half of the cylinder, or LBA bits 8 to 15 (32 to 39). */
    public static final int LBA_MID = 4;

    /** High half of the cylinder, or LBA bits 16 to 23 (40 to 47). */
    public static final int LBA_HIGH = 5;

    /** Which device, how it is addressed, and LBA bits 24 to 27 or the head. */
    public static final int DEVICE = 6;

    /** Read: status, which also lets go of the interrupt line. */
    public static final int STATUS = 7;

    /** Written: starts a command. */
    public static final int COMMAND = 7;

    /** Device register: bits that old drives want to be 1. */
    public static final int DEVICE_BASE = 0xA0;

    /** Device register: addressing by LBA rather than cylinder, head, sector. */
    public static final int DEVICE_LBA = 0x40;

    /** Device register: device 1 rather than 0. */
    public static final int DEVICE_ONE = 0x10;

    /** Device register: LBA bits 24 to 27, or the head. */
    public static final int DEVICE_HIGH_MASK = 0x0F;

    /** Device control: the bit that old drives want to be 1. */
    public static final int CONTROL_BASE = 0x08;

    /** Device control: reads give the older copies. Any write to the command block ends it. */
    public static final int HIGH_ORDER = 0x80;

    /** Device control: soft reset while set. */
    public static final int SOFT_RESET = 0x04;

    /** Device control: the interrupt line is not driven. */
    public static final int NO_INTERRUPT = 0x02;

    /** LBA mid and high of an ATA disk after a reset. */
    public static final int DISK_SIGNATURE = 0x0000;

    /** Error register after a reset that found nothing wrong. */
    public static final int DIAGNOSTIC_PASSED = 0x01;

    /** The same, when device 0 also vouches that device 1 failed or is absent. */
    public static final int DIAGNOSTIC_PASSED_ALONE = 0x81;

    private AtaRegisters() {}
}
