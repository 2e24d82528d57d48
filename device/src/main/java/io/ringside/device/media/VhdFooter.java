package io.ringside.device.media;

import java.nio.ByteOrder;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The footer of a VHD image: 512 bytes, big-endian, at the end of the file, and in a dynamic or
 * differencing one at its start, too.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |          cookie "conectix"            |
 *       +----+----+----+----+----+----+----+----+
 *    8  |     features      |   file version    |
 *       +----+----+----+----+----+----+----+----+
 *   16  |   offset of the dynamic header, or -1 |
 *       +----+----+----+----+----+----+----+----+
 *   24  |     timestamp     |      creator      |
 *       +----+----+----+----+----+----+----+----+
 *   32  |  creator version  |  creator host     |
 *       +----+----+----+----+----+----+----+----+
 *   40  |        original size in bytes         |
 *       +----+----+----+----+----+----+----+----+
 *   48  |        current size in bytes          |
 *       +----+----+----+----+----+----+----+----+
 *   56  |cylinders|hds |spt |     disk type     |
 *       +----+----+----+----+----+----+----+----+
 *   64  |     checksum      |                   |
 *       +----+----+----+----+      unique id    +
 *   72  |                                       |
 *       +                   +----+----+----+----+
 *   80  |                   |save|   zeros ...  |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The size of the disk is the current size. The geometry is not looked at: it cannot name every
 * size, and a geometry of 65535/16/255, which is what is written here, tells readers that trust
 * geometries (qemu-img among them, unless it knows the creator) to take the current size, too.
 *
 * <p>Source: Microsoft, Virtual Hard Disk Image Format Specification, version 1.0.
 *
 * @param dataOffset where the dynamic header lies; -1 if there is none
 * @param timestampSeconds when the image was made, in seconds since 2000-01-01 UTC
 * @param creator four characters for the program that made it
 * @param currentBytes size of the disk
 * @param diskType {@link #FIXED}, {@link #DYNAMIC} or {@link #DIFFERENCING}
 * @param id the image's own name, by which a child knows its parent
 */
record VhdFooter(
        long dataOffset,
        long timestampSeconds,
        int creator,
        long currentBytes,
        int diskType,
        UUID id) {
    static final int BYTES = 512;
    static final long COOKIE = 0x636F_6E65_6374_6978L; // "conectix"
    static final int FIXED = 2;
    static final int DYNAMIC = 3;
    static final int DIFFERENCING = 4;

    /** The creator of images that are made here: "rngs". */
    static final int OURS = 0x726E_6773;

    static final int VERSION = 0x0001_0000;
    static final int VERSION_OFFSET = 12;
    static final int DATA_OFFSET_OFFSET = 16;
    static final int CURRENT_SIZE_OFFSET = 48;
    static final int DISK_TYPE_OFFSET = 60;
    static final int CHECKSUM_OFFSET = 64;

    private static final int FEATURES_OFFSET = 8;
    private static final int TIMESTAMP_OFFSET = 24;
    private static final int CREATOR_OFFSET = 28;
    private static final int CREATOR_VERSION_OFFSET = 32;
    private static final int CREATOR_HOST_OFFSET = 36;
    private static final int ORIGINAL_SIZE_OFFSET = 40;
    private static final int CYLINDERS_OFFSET = 56;
    private static final int HEADS_OFFSET = 58;
    private static final int SECTORS_PER_TRACK_OFFSET = 59;
    private static final int ID_OFFSET = 68;

    private static final int RESERVED_FEATURE = 2;
    private static final int WINDOWS = 0x5769_326B; // "Wi2k": the specification has no Linux
    private static final long SECTOR_REST = 511;

    /** Whether there is a footer at all, torn or not. */
    static boolean isThere(final DirectBuffer bytes) {
        return bytes.getLong(0, ByteOrder.BIG_ENDIAN) == COOKIE;
    }

    /** What is wrong with a footer that lies at an offset of its file; null if nothing is. */
    static @Nullable VhdFault faultOf(final DirectBuffer bytes, final long offset) {
        if (!isThere(bytes)) {
            return new VhdFault(
                    "no footer, cookie", offset, bytes.getLong(0, ByteOrder.BIG_ENDIAN));
        }
        final int stored = bytes.getInt(CHECKSUM_OFFSET, ByteOrder.BIG_ENDIAN);
        if (stored != VhdChecksum.of(bytes, BYTES, CHECKSUM_OFFSET)) {
            return new VhdFault("wrong footer checksum", offset + CHECKSUM_OFFSET, stored);
        }
        final int version = bytes.getInt(VERSION_OFFSET, ByteOrder.BIG_ENDIAN);
        if (version >>> 16 != VERSION >>> 16) {
            return new VhdFault("unknown version", offset + VERSION_OFFSET, version);
        }
        final int type = bytes.getInt(DISK_TYPE_OFFSET, ByteOrder.BIG_ENDIAN);
        if (type < FIXED || type > DIFFERENCING) {
            return new VhdFault("unknown disk type", offset + DISK_TYPE_OFFSET, type);
        }
        final long size = bytes.getLong(CURRENT_SIZE_OFFSET, ByteOrder.BIG_ENDIAN);
        if (size <= 0 || (size & SECTOR_REST) != 0) {
            return new VhdFault(
                    "size of no whole number of sectors", offset + CURRENT_SIZE_OFFSET, size);
        }
        return null;
    }

    /** Reads a footer without a fault. */
    static VhdFooter read(final DirectBuffer bytes) {
        return new VhdFooter(
                bytes.getLong(DATA_OFFSET_OFFSET, ByteOrder.BIG_ENDIAN),
                Integer.toUnsignedLong(bytes.getInt(TIMESTAMP_OFFSET, ByteOrder.BIG_ENDIAN)),
                bytes.getInt(CREATOR_OFFSET, ByteOrder.BIG_ENDIAN),
                bytes.getLong(CURRENT_SIZE_OFFSET, ByteOrder.BIG_ENDIAN),
                bytes.getInt(DISK_TYPE_OFFSET, ByteOrder.BIG_ENDIAN),
                new UUID(
                        bytes.getLong(ID_OFFSET, ByteOrder.BIG_ENDIAN),
                        bytes.getLong(ID_OFFSET + Long.BYTES, ByteOrder.BIG_ENDIAN)));
    }

    /** Lays the footer out in 512 bytes. */
    void write(final MutableDirectBuffer bytes) {
        bytes.setMemory(0, BYTES, (byte) 0);
        bytes.putLong(0, COOKIE, ByteOrder.BIG_ENDIAN);
        bytes.putInt(FEATURES_OFFSET, RESERVED_FEATURE, ByteOrder.BIG_ENDIAN);
        bytes.putInt(VERSION_OFFSET, VERSION, ByteOrder.BIG_ENDIAN);
        bytes.putLong(DATA_OFFSET_OFFSET, dataOffset, ByteOrder.BIG_ENDIAN);
        bytes.putInt(TIMESTAMP_OFFSET, (int) timestampSeconds, ByteOrder.BIG_ENDIAN);
        bytes.putInt(CREATOR_OFFSET, creator, ByteOrder.BIG_ENDIAN);
        bytes.putInt(CREATOR_VERSION_OFFSET, VERSION, ByteOrder.BIG_ENDIAN);
        bytes.putInt(CREATOR_HOST_OFFSET, WINDOWS, ByteOrder.BIG_ENDIAN);
        bytes.putLong(ORIGINAL_SIZE_OFFSET, currentBytes, ByteOrder.BIG_ENDIAN);
        bytes.putLong(CURRENT_SIZE_OFFSET, currentBytes, ByteOrder.BIG_ENDIAN);
        bytes.putShort(CYLINDERS_OFFSET, (short) 65535, ByteOrder.BIG_ENDIAN);
        bytes.putByte(HEADS_OFFSET, (byte) 16);
        bytes.putByte(SECTORS_PER_TRACK_OFFSET, (byte) 255);
        bytes.putInt(DISK_TYPE_OFFSET, diskType, ByteOrder.BIG_ENDIAN);
        bytes.putLong(ID_OFFSET, id.getMostSignificantBits(), ByteOrder.BIG_ENDIAN);
        bytes.putLong(ID_OFFSET + Long.BYTES, id.getLeastSignificantBits(), ByteOrder.BIG_ENDIAN);
        bytes.putInt(
                CHECKSUM_OFFSET,
                VhdChecksum.of(bytes, BYTES, CHECKSUM_OFFSET),
                ByteOrder.BIG_ENDIAN);
    }

    /** Whether another footer describes the same image. */
    boolean agreesWith(final VhdFooter other) {
        return dataOffset == other.dataOffset
                && currentBytes == other.currentBytes
                && diskType == other.diskType
                && id.equals(other.id);
    }
}
