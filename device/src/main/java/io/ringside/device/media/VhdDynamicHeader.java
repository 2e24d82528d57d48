package io.ringside.device.media;

import static java.nio.charset.StandardCharsets.UTF_16BE;

import io.ringside.device.host.BlockStore;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The second header of a dynamic or differencing VHD image: 1024 bytes, big-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |          cookie "cxsparse"            |
 *       +----+----+----+----+----+----+----+----+
 *    8  |            data offset: -1            |
 *       +----+----+----+----+----+----+----+----+
 *   16  |    offset of the allocation table     |
 *       +----+----+----+----+----+----+----+----+
 *   24  |  header version   |  table entries    |
 *       +----+----+----+----+----+----+----+----+
 *   32  |    block size     |     checksum      |
 *       +----+----+----+----+----+----+----+----+
 *   40  |           unique id of the            |
 *       +                                       +
 *   48  |                parent                 |
 *       +----+----+----+----+----+----+----+----+
 *   56  | parent timestamp  |      reserved     |
 *       +----+----+----+----+----+----+----+----+
 *   64  |  name of the parent, UTF-16BE, 512 B  |
 *       +----+----+----+----+----+----+----+----+
 *  576  |  eight locators of the parent, each:  |
 *       +----+----+----+----+----+----+----+----+
 *    0  |       code        |       space       |
 *       +----+----+----+----+----+----+----+----+
 *    8  |    length in B    |      reserved     |
 *       +----+----+----+----+----+----+----+----+
 *   16  |          offset in the file           |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: Microsoft, Virtual Hard Disk Image Format Specification, version 1.0.
 *
 * @param tableOffset where the block allocation table lies
 * @param entries how many blocks it can name
 * @param blockBytes size of the data of one block
 * @param parentId the parent's unique id
 * @param parentSeconds when the parent was last changed, in seconds since 2000-01-01 UTC
 * @param parentName the parent's file name
 * @param locators where the parent may be found
 */
record VhdDynamicHeader(
        long tableOffset,
        int entries,
        int blockBytes,
        UUID parentId,
        long parentSeconds,
        String parentName,
        List<Locator> locators) {
    /**
     * One place where the path of the parent is written.
     *
     * @param code what kind of path: {@link #RELATIVE} or {@link #ABSOLUTE}, or one that is of no
     *     use here
     * @param lengthBytes length of the path
     * @param offset where in the file it lies
     */
    record Locator(int code, int lengthBytes, long offset) {
        /** "W2ru": UTF-16LE, relative to the child's directory. */
        static final int RELATIVE = 0x5732_7275;

        /** "W2ku": UTF-16LE, absolute. */
        static final int ABSOLUTE = 0x5732_6B75;
    }

    static final int BYTES = 1024;
    static final long COOKIE = 0x6378_7370_6172_7365L; // "cxsparse"
    static final int NAME_BYTES = 512;

    /** 4 Mi blocks: 8 TiB of the usual ones, four times what the format can address. */
    static final int MAX_ENTRIES = 1 << 22;

    static final int MIN_BLOCK_BYTES = BlockStore.SECTOR_BYTES;
    static final int MAX_BLOCK_BYTES = 1 << 28;

    private static final int VERSION = 0x0001_0000;
    private static final int DATA_OFFSET_OFFSET = 8;
    private static final int TABLE_OFFSET_OFFSET = 16;
    private static final int VERSION_OFFSET = 24;
    private static final int ENTRIES_OFFSET = 28;
    private static final int BLOCK_SIZE_OFFSET = 32;
    private static final int CHECKSUM_OFFSET = 36;
    private static final int PARENT_ID_OFFSET = 40;
    private static final int PARENT_TIMESTAMP_OFFSET = 56;
    private static final int PARENT_NAME_OFFSET = 64;
    private static final int LOCATORS_OFFSET = PARENT_NAME_OFFSET + NAME_BYTES;
    private static final int LOCATORS = 8;
    private static final int LOCATOR_BYTES = 24;
    private static final int LOCATOR_SPACE_OFFSET = 4;
    private static final int LOCATOR_LENGTH_OFFSET = 8;
    private static final int LOCATOR_OFFSET_OFFSET = 16;
    private static final int MAX_PATH_BYTES = 1 << 15;

    VhdDynamicHeader {
        locators = List.copyOf(locators);
    }

    /** Reads the header that lies at an offset of a file so long, and checks every field. */
    static VhdDynamicHeader read(
            final Path file,
            final DirectBuffer bytes,
            final long offset,
            final long fileBytes,
            final VhdFooter footer)
            throws MediumRefusedException {
        final long cookie = bytes.getLong(0, ByteOrder.BIG_ENDIAN);
        if (cookie != COOKIE) {
            throw new VhdFault("no dynamic header, cookie", offset, cookie).of(file);
        }
        final int stored = bytes.getInt(CHECKSUM_OFFSET, ByteOrder.BIG_ENDIAN);
        if (stored != VhdChecksum.of(bytes, BYTES, CHECKSUM_OFFSET)) {
            throw new VhdFault("wrong dynamic header checksum", offset + CHECKSUM_OFFSET, stored)
                    .of(file);
        }
        final int version = bytes.getInt(VERSION_OFFSET, ByteOrder.BIG_ENDIAN);
        if (version >>> 16 != VERSION >>> 16) {
            throw new VhdFault("unknown dynamic header version", offset + VERSION_OFFSET, version)
                    .of(file);
        }
        final int blockBytes = bytes.getInt(BLOCK_SIZE_OFFSET, ByteOrder.BIG_ENDIAN);
        if (blockBytes < MIN_BLOCK_BYTES
                || blockBytes > MAX_BLOCK_BYTES
                || !BitUtil.isPowerOfTwo(blockBytes)) {
            throw new VhdFault(
                            "block size is no power of two from 512 to 2^28",
                            offset + BLOCK_SIZE_OFFSET,
                            Integer.toUnsignedLong(blockBytes))
                    .of(file);
        }
        final int entries = bytes.getInt(ENTRIES_OFFSET, ByteOrder.BIG_ENDIAN);
        if (entries < 1
                || entries > MAX_ENTRIES
                || (long) entries * blockBytes < footer.currentBytes()) {
            throw new VhdFault(
                            "table entries do not fit a disk of "
                                    + footer.currentBytes()
                                    + " bytes in blocks of "
                                    + blockBytes,
                            offset + ENTRIES_OFFSET,
                            Integer.toUnsignedLong(entries))
                    .of(file);
        }
        final long tableOffset = bytes.getLong(TABLE_OFFSET_OFFSET, ByteOrder.BIG_ENDIAN);
        checkTable(file, offset, fileBytes, tableOffset, (long) entries * Integer.BYTES);
        return new VhdDynamicHeader(
                tableOffset,
                entries,
                blockBytes,
                new UUID(
                        bytes.getLong(PARENT_ID_OFFSET, ByteOrder.BIG_ENDIAN),
                        bytes.getLong(PARENT_ID_OFFSET + Long.BYTES, ByteOrder.BIG_ENDIAN)),
                Integer.toUnsignedLong(bytes.getInt(PARENT_TIMESTAMP_OFFSET, ByteOrder.BIG_ENDIAN)),
                nameIn(bytes),
                footer.diskType() == VhdFooter.DIFFERENCING
                        ? locatorsIn(file, bytes, offset, fileBytes)
                        : List.of());
    }

    private static void checkTable(
            final Path file,
            final long headerOffset,
            final long fileBytes,
            final long tableOffset,
            final long tableBytes)
            throws MediumRefusedException {
        final boolean inside =
                tableOffset >= VhdFooter.BYTES && tableOffset <= fileBytes - tableBytes;
        final boolean onTheHeader =
                inside
                        && tableOffset < headerOffset + BYTES
                        && headerOffset < tableOffset + tableBytes;
        if (!inside || onTheHeader || tableOffset % BlockStore.SECTOR_BYTES != 0) {
            throw new VhdFault(
                            "table offset is not a place for a table of " + tableBytes + " bytes",
                            headerOffset + TABLE_OFFSET_OFFSET,
                            tableOffset)
                    .of(file);
        }
    }

    private static String nameIn(final DirectBuffer bytes) {
        final byte[] name = new byte[NAME_BYTES];
        bytes.getBytes(PARENT_NAME_OFFSET, name);
        int length = 0;
        while (length < NAME_BYTES && (name[length] | name[length + 1]) != 0) {
            length += Character.BYTES;
        }
        return new String(name, 0, length, UTF_16BE);
    }

    private static List<Locator> locatorsIn(
            final Path file,
            final DirectBuffer bytes,
            final long headerOffset,
            final long fileBytes)
            throws MediumRefusedException {
        final List<Locator> found = new ArrayList<>();
        for (int i = 0; i < LOCATORS; i++) {
            final int at = LOCATORS_OFFSET + i * LOCATOR_BYTES;
            final int code = bytes.getInt(at, ByteOrder.BIG_ENDIAN);
            final int length = bytes.getInt(at + LOCATOR_LENGTH_OFFSET, ByteOrder.BIG_ENDIAN);
            final long where = bytes.getLong(at + LOCATOR_OFFSET_OFFSET, ByteOrder.BIG_ENDIAN);
            if (code != 0) {
                if (length < 0
                        || length > MAX_PATH_BYTES
                        || where < VhdFooter.BYTES
                        || where > fileBytes - length) {
                    throw new VhdFault(
                                    "parent locator lies outside, lengthBytes=" + length,
                                    headerOffset + at + LOCATOR_OFFSET_OFFSET,
                                    where)
                            .of(file);
                }
                found.add(new Locator(code, length, where));
            }
        }
        return found;
    }

    /** Lays the header out in 1024 bytes. */
    void write(final MutableDirectBuffer bytes) {
        bytes.setMemory(0, BYTES, (byte) 0);
        bytes.putLong(0, COOKIE, ByteOrder.BIG_ENDIAN);
        bytes.putLong(DATA_OFFSET_OFFSET, -1, ByteOrder.BIG_ENDIAN);
        bytes.putLong(TABLE_OFFSET_OFFSET, tableOffset, ByteOrder.BIG_ENDIAN);
        bytes.putInt(VERSION_OFFSET, VERSION, ByteOrder.BIG_ENDIAN);
        bytes.putInt(ENTRIES_OFFSET, entries, ByteOrder.BIG_ENDIAN);
        bytes.putInt(BLOCK_SIZE_OFFSET, blockBytes, ByteOrder.BIG_ENDIAN);
        bytes.putLong(PARENT_ID_OFFSET, parentId.getMostSignificantBits(), ByteOrder.BIG_ENDIAN);
        bytes.putLong(
                PARENT_ID_OFFSET + Long.BYTES,
                parentId.getLeastSignificantBits(),
                ByteOrder.BIG_ENDIAN);
        bytes.putInt(PARENT_TIMESTAMP_OFFSET, (int) parentSeconds, ByteOrder.BIG_ENDIAN);
        bytes.putBytes(
                PARENT_NAME_OFFSET, Arrays.copyOf(parentName.getBytes(UTF_16BE), NAME_BYTES));
        for (int i = 0; i < locators.size(); i++) {
            final Locator locator = locators.get(i);
            final int at = LOCATORS_OFFSET + i * LOCATOR_BYTES;
            bytes.putInt(at, locator.code(), ByteOrder.BIG_ENDIAN);
            bytes.putInt(
                    at + LOCATOR_SPACE_OFFSET,
                    BitUtil.align(locator.lengthBytes(), BlockStore.SECTOR_BYTES)
                            / BlockStore.SECTOR_BYTES,
                    ByteOrder.BIG_ENDIAN);
            bytes.putInt(at + LOCATOR_LENGTH_OFFSET, locator.lengthBytes(), ByteOrder.BIG_ENDIAN);
            bytes.putLong(at + LOCATOR_OFFSET_OFFSET, locator.offset(), ByteOrder.BIG_ENDIAN);
        }
        bytes.putInt(
                CHECKSUM_OFFSET,
                VhdChecksum.of(bytes, BYTES, CHECKSUM_OFFSET),
                ByteOrder.BIG_ENDIAN);
    }

    /** Length of the bitmap in front of each block: one bit for a sector, in whole sectors. */
    int bitmapBytes() {
        return BitUtil.align(
                (blockBytes / BlockStore.SECTOR_BYTES + Byte.SIZE - 1) / Byte.SIZE,
                BlockStore.SECTOR_BYTES);
    }

    /** Length of the table, in whole sectors. */
    int tableBytes() {
        return BitUtil.align(entries * Integer.BYTES, BlockStore.SECTOR_BYTES);
    }
}
