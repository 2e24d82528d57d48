package io.ringside.storvsc.backend.scsi;

/**
 * What a unit is and how it is told from others.
 *
 * @param isDisk a disk; otherwise a drive with a disc, whose blocks have 2048 bytes
 * @param serial up to 20 printable characters of ASCII, its own among all units
 * @param name 60 bits, its own among all units
 * @param blockBytes bytes of one block: 512 or 4096 of a disk
 * @param isThin whether a disk forgets ranges on demand, which read as zeros from then on; only
 *     over a store that can discard
 */
public record UnitIdentity(
        boolean isDisk, String serial, long name, int blockBytes, boolean isThin) {
    /** Bytes of a block of a disc. */
    public static final int DISC_BLOCK_BYTES = 2048;

    private static final int MAX_SERIAL = 20;
    private static final int DISK_BLOCK_BYTES = 512;
    private static final int LARGE_BLOCK_BYTES = 4096;

    /** Checks every part. */
    public UnitIdentity {
        boolean printable = !serial.isEmpty() && serial.length() <= MAX_SERIAL;
        for (int i = 0; i < serial.length(); i++) {
            printable &= serial.charAt(i) > ' ' && serial.charAt(i) < 0x7f;
        }
        if (!printable) {
            throw new IllegalArgumentException("not a serial number: serial=" + serial);
        }
        if (name >>> 60 != 0) {
            throw new IllegalArgumentException("more than 60 bits: name=" + name);
        }
        final boolean blockFits =
                isDisk
                        ? blockBytes == DISK_BLOCK_BYTES || blockBytes == LARGE_BLOCK_BYTES
                        : blockBytes == DISC_BLOCK_BYTES && !isThin;
        if (!blockFits) {
            throw new IllegalArgumentException(
                    "no such unit: isDisk="
                            + isDisk
                            + " blockBytes="
                            + blockBytes
                            + " isThin="
                            + isThin);
        }
    }

    /** A disk of 512-byte blocks that forgets ranges on demand. */
    public static UnitIdentity disk(final String serial, final long name) {
        return new UnitIdentity(true, serial, name, DISK_BLOCK_BYTES, true);
    }

    /** A drive with a disc. */
    public static UnitIdentity disc(final String serial, final long name) {
        return new UnitIdentity(false, serial, name, DISC_BLOCK_BYTES, false);
    }
}
