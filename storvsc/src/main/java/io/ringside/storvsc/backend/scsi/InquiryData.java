package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a unit says of itself: the standard answer to INQUIRY, and pages of vital product data.
 *
 * <pre>
 *  page   of     says
 *   00    all    which pages there are
 *   80    all    serial number
 *   83    all    names: T10 (vendor and serial number), NAA of 8 bytes
 *   b0    disk   how long transfers, compares, unmaps and write sames may be
 *   b1    disk   it does not rotate
 *   b2    disk   how ranges are forgotten
 * </pre>
 *
 * <p>Threads: one. Source: SPC-4 6.6 and 7.8, SBC-3 6.6.
 */
final class InquiryData {
    /** Most ranges in the parameters of one UNMAP. */
    static final int MAX_UNMAP_RANGES = 256;

    /** Most blocks of all ranges of one UNMAP. */
    static final long MAX_UNMAP_BLOCKS = 0xffff_ffffL;

    /** Most blocks of one WRITE SAME. */
    static final long MAX_WRITE_SAME_BLOCKS = 0x7f_ffff;

    /** First byte where no unit is: no device, and none can be. */
    static final int NO_UNIT = 0x7f;

    private static final int STANDARD_BYTES = 96;
    private static final int TYPE_DISK = 0;
    private static final int TYPE_DISC = 5;
    private static final int REMOVABLE = 0x80;
    private static final int SPC_4 = 6;
    private static final int HIERARCHICAL_FORMAT_2 = 0x12;
    private static final int COMMAND_QUEUEING = 0x02;
    private static final int VENDOR_OFFSET = 8;
    private static final int PRODUCT_OFFSET = 16;
    private static final int VERSIONS_OFFSET = 58;
    private static final String VENDOR = "Ringside";
    private static final String DISK_PRODUCT = "Virtual Disk    0.1 ";
    private static final String DISC_PRODUCT = "Virtual DVD-ROM 0.1 ";
    private static final int SAM_5 = 0x00a0;
    private static final int SPC_4_VERSION = 0x0460;
    private static final int SBC_3 = 0x04c0;
    private static final int PAGE_HEADER_BYTES = 4;
    private static final int LONG_PAGE_BYTES = 64;
    private static final byte[] DISK_PAGES = {
        0x00, (byte) 0x80, (byte) 0x83, (byte) 0xb0, (byte) 0xb1, (byte) 0xb2
    };
    private static final byte[] DISC_PAGES = {0x00, (byte) 0x80, (byte) 0x83};

    private final UnitState unit;
    private final byte[] standard = new byte[STANDARD_BYTES];
    private final byte[] serial;

    InquiryData(final UnitState unit) {
        this.unit = unit;
        this.serial = unit.identity.serial().getBytes(US_ASCII);
        final boolean disk = unit.identity.isDisk();
        final UnsafeBuffer answer = new UnsafeBuffer(standard);
        putStandard(answer, type());
        answer.putByte(1, (byte) (disk ? 0 : REMOVABLE));
        answer.putByte(7, (byte) COMMAND_QUEUEING);
        answer.putBytes(PRODUCT_OFFSET, (disk ? DISK_PRODUCT : DISC_PRODUCT).getBytes(US_ASCII));
        answer.putShort(VERSIONS_OFFSET, (short) SAM_5, BIG_ENDIAN);
        answer.putShort(VERSIONS_OFFSET + 2, (short) SPC_4_VERSION, BIG_ENDIAN);
        if (disk) {
            answer.putShort(VERSIONS_OFFSET + 4, (short) SBC_3, BIG_ENDIAN);
        }
    }

    /** Writes the answer for where no unit is, and returns its length. */
    static int putNoUnit(final UnsafeBuffer into) {
        putStandard(into, NO_UNIT);
        return STANDARD_BYTES;
    }

    private static void putStandard(final UnsafeBuffer into, final int type) {
        into.setMemory(0, STANDARD_BYTES, (byte) 0);
        into.putByte(0, (byte) type);
        into.putByte(2, (byte) SPC_4);
        into.putByte(3, (byte) HIERARCHICAL_FORMAT_2);
        into.putByte(4, (byte) (STANDARD_BYTES - 5));
        into.setMemory(VENDOR_OFFSET, VERSIONS_OFFSET - 22 - VENDOR_OFFSET, (byte) ' ');
        into.putBytes(VENDOR_OFFSET, VENDOR.getBytes(US_ASCII));
    }

    /** Most blocks of one COMPARE AND WRITE. */
    static int maxCompareBlocks(final int blockBytes) {
        return Math.min(0xff, MediumJobs.BOUNCE_BYTES / blockBytes);
    }

    private int type() {
        return unit.identity.isDisk() ? TYPE_DISK : TYPE_DISC;
    }

    /** Writes the standard answer, and returns its length. */
    int putStandard(final UnsafeBuffer into) {
        into.putBytes(0, standard);
        return STANDARD_BYTES;
    }

    /** Writes a page, and returns its length; 0 if there is no such page. */
    int putPage(final UnsafeBuffer into, final int page) {
        into.setMemory(0, LONG_PAGE_BYTES, (byte) 0);
        final boolean disk = unit.identity.isDisk();
        final int lengthBytes =
                switch (page) {
                    case 0x00 -> putPages(into, disk ? DISK_PAGES : DISC_PAGES);
                    case 0x80 -> putSerial(into, PAGE_HEADER_BYTES);
                    case 0x83 -> putNames(into);
                    case 0xb0 -> disk ? putLimits(into) : 0;
                    case 0xb1 -> disk ? putCharacteristics(into) : 0;
                    case 0xb2 -> disk ? putProvisioning(into) : 0;
                    default -> 0;
                };
        into.putByte(0, (byte) type());
        into.putByte(1, (byte) page);
        into.putShort(2, (short) (lengthBytes - PAGE_HEADER_BYTES), BIG_ENDIAN);
        return lengthBytes;
    }

    private static int putPages(final UnsafeBuffer into, final byte[] pages) {
        into.putBytes(PAGE_HEADER_BYTES, pages);
        return PAGE_HEADER_BYTES + pages.length;
    }

    private int putSerial(final UnsafeBuffer into, final int offset) {
        into.putBytes(offset, serial);
        return offset + serial.length;
    }

    /** Code set and kind, then length and name; both name the unit itself. */
    private int putNames(final UnsafeBuffer into) {
        int at = PAGE_HEADER_BYTES;
        into.putByte(at, (byte) 0x02); // ASCII
        into.putByte(at + 1, (byte) 0x01); // T10: who made it, then what it calls it
        into.putByte(at + 3, (byte) (VENDOR.length() + serial.length));
        into.putBytes(at + 4, VENDOR.getBytes(US_ASCII));
        at = putSerial(into, at + 4 + VENDOR.length());
        into.putByte(at, (byte) 0x01); // binary
        into.putByte(at + 1, (byte) 0x03); // NAA
        into.putByte(at + 2, (byte) 0);
        into.putByte(at + 3, (byte) Long.BYTES);
        into.putLong(at + 4, 3L << 60 | unit.identity.name(), BIG_ENDIAN); // 3: assigned locally
        return at + 4 + Long.BYTES;
    }

    private int putLimits(final UnsafeBuffer into) {
        into.putByte(4, (byte) 1); // WRITE SAME of no blocks is not "all the rest"
        into.putByte(5, (byte) maxCompareBlocks(unit.blockBytes()));
        into.putInt(8, unit.maxTransferBlocks(), BIG_ENDIAN);
        into.putInt(12, unit.maxTransferBlocks(), BIG_ENDIAN);
        if (unit.identity.isThin()) {
            into.putInt(20, (int) MAX_UNMAP_BLOCKS, BIG_ENDIAN);
            into.putInt(24, MAX_UNMAP_RANGES, BIG_ENDIAN);
            into.putInt(28, Math.max(1, 4096 / unit.blockBytes()), BIG_ENDIAN);
        }
        into.putLong(36, MAX_WRITE_SAME_BLOCKS, BIG_ENDIAN);
        return LONG_PAGE_BYTES;
    }

    private static int putCharacteristics(final UnsafeBuffer into) {
        into.putShort(4, (short) 1, BIG_ENDIAN); // does not rotate
        return LONG_PAGE_BYTES;
    }

    private int putProvisioning(final UnsafeBuffer into) {
        if (unit.identity.isThin()) {
            into.putByte(5, (byte) 0xe4); // UNMAP, WRITE SAME(16), WRITE SAME(10); reads as zeros
            into.putByte(6, (byte) 2); // thin
        }
        return 8;
    }
}
