package io.ringside.storvsc.protocol.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One command of up to 16 bytes, big-endian: private memory that is written by who asks, and into
 * which who serves copies what it was asked.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7    8    9   10 ... 13   14   15
 *       +----+----+----+----+----+----+
 *   6   | op |    lba       |len |ctl |
 *       +----+----+----+----+----+----+----+----+----+----+
 *  10   | op |flag|       lba         |grp |   len   |ctl |
 *       +----+----+----+----+----+----+----+----+----+----+----------+
 *  12   | op |flag|       lba         |       len         |grp | ctl |
 *       +----+----+----+----+----+----+----+----+----+----+----------+----+----+
 *  16   | op |flag|                 lba                   |   len    |grp |ctl |
 *       +----+----+----+----+----+----+----+----+----+----+----------+----+----+
 * </pre>
 *
 * <p>Source: SPC-4 and SBC-3; vectors of Linux's own builders. Threads: one.
 */
public final class Cdb {
    /** Most bytes of a command. */
    public static final int MAX_BYTES = 16;

    /** Flag of reads and writes: past the volatile cache. */
    public static final int FORCE_UNIT_ACCESS = 0x08;

    private static final long U32 = 0xffff_ffffL;
    private static final int MAX_SHORT_BLOCKS = 0xffff;
    private static final int SIX = 6;
    private static final int TEN = 10;
    private static final int TWELVE = 12;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MAX_BYTES]);
    private int length;

    /** The bytes, 16 whatever the command's length. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Bytes of the command. */
    public int length() {
        return length;
    }

    /** Says how many of the bytes that were copied in are the command; the others become zero. */
    public void length(final int newLength) {
        buffer.setMemory(newLength, MAX_BYTES - newLength, (byte) 0);
        length = newLength;
    }

    /** The first byte: see {@link ScsiOpcode}. */
    public int opcode() {
        return u8(0);
    }

    /** One byte, 0 to 255. */
    public int u8(final int offset) {
        return buffer.getByte(offset) & 0xff;
    }

    /** Two bytes, 0 to 65535. */
    public int u16(final int offset) {
        return buffer.getShort(offset, BIG_ENDIAN) & 0xffff;
    }

    /** Four bytes, 0 to 2^32 - 1. */
    public long u32(final int offset) {
        return buffer.getInt(offset, BIG_ENDIAN) & U32;
    }

    /** Eight bytes, unsigned: a hostile number may look negative. */
    public long u64(final int offset) {
        return buffer.getLong(offset, BIG_ENDIAN);
    }

    /** Whether some bits of a byte are set. */
    public boolean has(final int offset, final int mask) {
        return (u8(offset) & mask) != 0;
    }

    /** Starts a command: opcode, and zeros. */
    public Cdb start(final int opcode, final int cdbBytes) {
        buffer.setMemory(0, MAX_BYTES, (byte) 0);
        buffer.putByte(0, (byte) opcode);
        length = cdbBytes;
        return this;
    }

    /** Writes one byte of a command just started. */
    public Cdb put8(final int offset, final int value) {
        buffer.putByte(offset, (byte) value);
        return this;
    }

    /** Writes two bytes of a command just started. */
    public Cdb put16(final int offset, final int value) {
        buffer.putShort(offset, (short) value, BIG_ENDIAN);
        return this;
    }

    /** Writes four bytes of a command just started. */
    public Cdb put32(final int offset, final long value) {
        buffer.putInt(offset, (int) value, BIG_ENDIAN);
        return this;
    }

    /** Writes eight bytes of a command just started. */
    public Cdb put64(final int offset, final long value) {
        buffer.putLong(offset, value, BIG_ENDIAN);
        return this;
    }

    /** READ(10), or READ(16) where the range needs it. */
    public Cdb read(final long lba, final int blocks, final int flags) {
        return transfer(ScsiOpcode.READ_10, ScsiOpcode.READ_16, lba, blocks, flags);
    }

    /** WRITE(10), or WRITE(16) where the range needs it. */
    public Cdb write(final long lba, final int blocks, final int flags) {
        return transfer(ScsiOpcode.WRITE_10, ScsiOpcode.WRITE_16, lba, blocks, flags);
    }

    private Cdb transfer(
            final int shortOpcode,
            final int longOpcode,
            final long lba,
            final int blocks,
            final int flags) {
        if (lba == (lba & U32) && blocks <= MAX_SHORT_BLOCKS) {
            return start(shortOpcode, TEN).put8(1, flags).put32(2, lba).put16(7, blocks);
        }
        return start(longOpcode, MAX_BYTES).put8(1, flags).put64(2, lba).put32(10, blocks);
    }

    /** SYNCHRONIZE CACHE(10) of the whole medium. */
    public Cdb synchronizeCache() {
        return start(ScsiOpcode.SYNCHRONIZE_CACHE_10, TEN);
    }

    /** UNMAP with a parameter list of so many bytes. */
    public Cdb unmap(final int listBytes) {
        return start(ScsiOpcode.UNMAP, TEN).put16(7, listBytes);
    }

    /** Standard INQUIRY. */
    public Cdb inquiry(final int allocationBytes) {
        return start(ScsiOpcode.INQUIRY, SIX).put16(3, allocationBytes);
    }

    /** INQUIRY of one page of vital product data. */
    public Cdb vitalProductData(final int page, final int allocationBytes) {
        return inquiry(allocationBytes).put8(1, 1).put8(2, page);
    }

    /** TEST UNIT READY. */
    public Cdb testUnitReady() {
        return start(ScsiOpcode.TEST_UNIT_READY, SIX);
    }

    /** READ CAPACITY(10). */
    public Cdb readCapacity10() {
        return start(ScsiOpcode.READ_CAPACITY_10, TEN);
    }

    /** READ CAPACITY(16). */
    public Cdb readCapacity16(final int allocationBytes) {
        return start(ScsiOpcode.SERVICE_ACTION_IN_16, MAX_BYTES)
                .put8(1, ScsiOpcode.READ_CAPACITY_16)
                .put32(10, allocationBytes);
    }

    /** MODE SENSE(6) of one page's current values. */
    public Cdb modeSense6(final int page, final int allocationBytes) {
        return start(ScsiOpcode.MODE_SENSE_6, SIX).put8(2, page).put8(4, allocationBytes);
    }

    /** REPORT LUNS. */
    public Cdb reportLuns(final int allocationBytes) {
        return start(ScsiOpcode.REPORT_LUNS, TWELVE).put32(6, allocationBytes);
    }
}
