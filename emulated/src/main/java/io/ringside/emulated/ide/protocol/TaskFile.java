package io.ringside.emulated.ide.protocol;

/**
 * The register values of one command, ready to be written.
 *
 * <pre>
 *                    28-bit                 48-bit (older copy : register)      CHS
 *   sector count     count                  count 8..15  : 0..7                 count
 *   LBA low          LBA 0..7               LBA 24..31   : 0..7                 sector from 1
 *   LBA mid          LBA 8..15              LBA 32..39   : 8..15                cylinder 0..7
 *   LBA high         LBA 16..23             LBA 40..47   : 16..23               cylinder 8..15
 *   device           0x40 + LBA 24..27      0x40                                head
 * </pre>
 *
 * <p>The device value is without {@link AtaRegisters#DEVICE_BASE} and without the device's number.
 * Reused for every command. Source: the task-file vectors of wire/ide-ata.json, which are libata's.
 * Threads: one.
 */
public final class TaskFile {
    /** {@link #transfer}: the registers are set. */
    public static final int OK = 0;

    /** {@link #transfer}: the sectors can not be named in any form that the drive knows. */
    public static final int OUT_OF_RANGE = 1;

    /** {@link #transfer}: there is no such command. */
    public static final int NO_SUCH_COMMAND = 2;

    /** Most sectors in one command with 28-bit or CHS addressing. */
    public static final int MAX_SECTORS = 256;

    /** Most sectors in one extended command, as libata uses it: 65536 would be a count of 0. */
    public static final int MAX_SECTORS_EXT = 65535;

    /** The 28-bit form is used while first sector and count add up to less than this. */
    private static final long LIMIT_LBA28 = (1L << 28) - 1;

    private static final long LIMIT_LBA48 = 1L << 48;
    private static final int MAX_CYLINDER = 0xFFFF;
    private static final int MAX_HEAD = 0x0F;
    private static final int MAX_SECTOR = 0xFF;

    private int command;
    private int device;
    private int sectorCount;
    private int lbaLow;
    private int lbaMid;
    private int lbaHigh;
    private boolean extended;

    /**
     * Sets the registers for a transfer, in the shortest form that fits.
     *
     * @param traits of {@link AtaCommand}: WRITES, MULTIPLE, DMA, FORCE_UNIT_ACCESS
     * @param widest the newest form that the drive knows
     * @param geometry what CHS addresses are made of
     * @param sector the first sector
     * @param sectors how many
     * @return {@link #OK}, {@link #OUT_OF_RANGE} or {@link #NO_SUCH_COMMAND}
     */
    public int transfer(
            final int traits,
            final Addressing widest,
            final Geometry geometry,
            final long sector,
            final int sectors) {
        if (sector < 0 || sectors < 1) {
            return OUT_OF_RANGE;
        }
        // Force unit access exists in the extended form alone.
        final boolean wantsExtended = (traits & AtaCommand.FORCE_UNIT_ACCESS) != 0;
        final boolean fits;
        if (widest == Addressing.CHS) {
            fits = !wantsExtended && chs(geometry, sector, sectors);
        } else if (!wantsExtended && fitsLba28(sector, sectors)) {
            lba28(sector, sectors);
            fits = true;
        } else {
            fits = widest == Addressing.LBA48 && lba48(sector, sectors);
        }
        if (!fits) {
            return OUT_OF_RANGE;
        }
        command = AtaCommand.transfer(traits | (extended ? AtaCommand.EXTENDED : 0));
        return command == AtaCommand.NONE ? NO_SUCH_COMMAND : OK;
    }

    private boolean chs(final Geometry geometry, final long sector, final int sectors) {
        final long track = sector / geometry.sectorsPerTrack();
        final long cylinder = track / geometry.heads();
        final int head = (int) (track % geometry.heads());
        final int number = (int) (sector % geometry.sectorsPerTrack()) + 1;
        if (cylinder > MAX_CYLINDER
                || head > MAX_HEAD
                || number > MAX_SECTOR
                || sectors > MAX_SECTORS) {
            return false;
        }
        extended = false;
        device = head;
        sectorCount = sectors & 0xFF;
        lbaLow = number;
        lbaMid = (int) cylinder & 0xFF;
        lbaHigh = (int) cylinder >>> Byte.SIZE;
        return true;
    }

    private static boolean fitsLba28(final long sector, final int sectors) {
        return sector < LIMIT_LBA28 - sectors && sectors <= MAX_SECTORS;
    }

    private void lba28(final long sector, final int sectors) {
        extended = false;
        device = AtaRegisters.DEVICE_LBA | (int) (sector >>> 24);
        sectorCount = sectors & 0xFF;
        lbaLow = (int) sector & 0xFF;
        lbaMid = (int) (sector >>> 8) & 0xFF;
        lbaHigh = (int) (sector >>> 16) & 0xFF;
    }

    private boolean lba48(final long sector, final int sectors) {
        if (sector > LIMIT_LBA48 - sectors || sectors > MAX_SECTORS_EXT) {
            return false;
        }
        extended = true;
        device = AtaRegisters.DEVICE_LBA;
        sectorCount = sectors;
        lbaLow = older(sector >>> 24) | ((int) sector & 0xFF);
        lbaMid = older(sector >>> 32) | ((int) (sector >>> 8) & 0xFF);
        lbaHigh = older(sector >>> 40) | ((int) (sector >>> 16) & 0xFF);
        return true;
    }

    private static int older(final long value) {
        return ((int) value & 0xFF) << Byte.SIZE;
    }

    /** The command code. */
    public int command() {
        return command;
    }

    /** The device register, without its base. */
    public int device() {
        return device;
    }

    /** Whether the older copies are to be written first. */
    public boolean isExtended() {
        return extended;
    }

    /** Sector count: the register in bits 0 to 7, its older copy in bits 8 to 15. */
    public int sectorCount() {
        return sectorCount;
    }

    /** LBA low: the register in bits 0 to 7, its older copy in bits 8 to 15. */
    public int lbaLow() {
        return lbaLow;
    }

    /** LBA mid: the register in bits 0 to 7, its older copy in bits 8 to 15. */
    public int lbaMid() {
        return lbaMid;
    }

    /** LBA high: the register in bits 0 to 7, its older copy in bits 8 to 15. */
    public int lbaHigh() {
        return lbaHigh;
    }
}
