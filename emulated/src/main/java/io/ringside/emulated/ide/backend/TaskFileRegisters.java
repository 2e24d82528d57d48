package io.ringside.emulated.ide.backend;

import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.Geometry;

/**
 * The registers that a guest fills before a command, two deep where the standard says so.
 *
 * <p>Any value can come: what they add up to is checked by whoever asks.
 */
final class TaskFileRegisters {
    /** No sector has such an address. */
    static final long NO_SECTOR = -1;

    private static final int REGISTERS = 8;
    private static final int SECTORS_OF_ZERO = 1 << 8;
    private static final int SECTORS_OF_ZERO_EXT = 1 << 16;

    private final int[] recent = new int[REGISTERS];
    private final int[] older = new int[REGISTERS];

    TaskFileRegisters() {
        sign();
    }

    /** Registers FEATURE to DEVICE. */
    void write(final int register, final int value) {
        older[register] = recent[register];
        recent[register] = value;
    }

    /** Registers SECTOR_COUNT to DEVICE. */
    int read(final int register, final boolean highOrder) {
        return highOrder && register != AtaRegisters.DEVICE ? older[register] : recent[register];
    }

    int feature() {
        return recent[AtaRegisters.FEATURE];
    }

    /** The sector count register itself. */
    int countRegister() {
        return recent[AtaRegisters.SECTOR_COUNT];
    }

    /** The answer of a command that answers in the sector count. */
    void answer(final int value) {
        recent[AtaRegisters.SECTOR_COUNT] = value;
    }

    int head() {
        return recent[AtaRegisters.DEVICE] & AtaRegisters.DEVICE_HIGH_MASK;
    }

    boolean isLba() {
        return (recent[AtaRegisters.DEVICE] & AtaRegisters.DEVICE_LBA) != 0;
    }

    /** What a drive shows after a reset: it is there, and it is a disk. */
    void sign() {
        recent[AtaRegisters.SECTOR_COUNT] = 1;
        recent[AtaRegisters.LBA_LOW] = 1;
        recent[AtaRegisters.LBA_MID] = AtaRegisters.DISK_SIGNATURE;
        recent[AtaRegisters.LBA_HIGH] = AtaRegisters.DISK_SIGNATURE;
        recent[AtaRegisters.DEVICE] = 0;
    }

    /** How many sectors a transfer is about: 1 to 65536. */
    int sectors(final boolean extended) {
        final int register = AtaRegisters.SECTOR_COUNT;
        if (extended) {
            final int count = older[register] << Byte.SIZE | recent[register];
            return count == 0 ? SECTORS_OF_ZERO_EXT : count;
        }
        return recent[register] == 0 ? SECTORS_OF_ZERO : recent[register];
    }

    /** Where a transfer starts: 0 to 2^48 - 1, or {@link #NO_SECTOR}. */
    long firstSector(final boolean extended, final Geometry geometry) {
        final long low =
                recent[AtaRegisters.LBA_LOW]
                        | recent[AtaRegisters.LBA_MID] << 8
                        | recent[AtaRegisters.LBA_HIGH] << 16;
        if (extended) {
            return low
                    | (long) older[AtaRegisters.LBA_LOW] << 24
                    | (long) older[AtaRegisters.LBA_MID] << 32
                    | (long) older[AtaRegisters.LBA_HIGH] << 40;
        }
        return isLba() ? low | (long) head() << 24 : chs(geometry);
    }

    private long chs(final Geometry geometry) {
        final int cylinder =
                recent[AtaRegisters.LBA_MID] | recent[AtaRegisters.LBA_HIGH] << Byte.SIZE;
        final int number = recent[AtaRegisters.LBA_LOW];
        if (number < 1 || number > geometry.sectorsPerTrack() || head() >= geometry.heads()) {
            return NO_SECTOR;
        }
        return ((long) cylinder * geometry.heads() + head()) * geometry.sectorsPerTrack()
                + number
                - 1;
    }
}
