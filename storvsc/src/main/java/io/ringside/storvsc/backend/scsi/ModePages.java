package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a unit lets its users see and set of itself. One bit can be set: whether a disk may keep
 * writes in a volatile cache.
 *
 * <p>Each page begins with its number and how many bytes follow; a value in {@code SHIPPED} is what
 * is told of it, {@code CHANGEABLE} which bits can be set. Threads: one. Source: SPC-4 7.5, SBC-3
 * 6.5, MMC-6 7.
 */
final class ModePages {
    /** Every page. */
    static final int ALL = 0x3f;

    /** Current values, of four kinds that can be asked for. */
    static final int CURRENT = 0;

    /** Which bits can be set. */
    static final int CHANGEABLE = 1;

    private static final int CACHING = 0x08;
    private static final int WRITE_CACHE_OFFSET = 2;
    private static final int WRITE_CACHE_ENABLE = 0x04;

    /** Errors are tried again. */
    private static final byte[] ERROR_RECOVERY = {
        0x01, 0x0a, (byte) 0xc0, 0x08, 0, 0, 0, 0, 0x08, 0, 0, 0
    };

    private static final byte[] CACHE = {
        CACHING, 0x12, WRITE_CACHE_ENABLE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    /** Commands may be reordered; sense data is of the fixed form. */
    private static final byte[] CONTROL = {
        0x0a, 0x0a, 0x02, 0x10, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 0, 0
    };

    /** No failure is foretold. */
    private static final byte[] EXCEPTIONS = {0x1c, 0x0a, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    /** Reads DVD-ROM, DVD-R and CD; writes nothing; has a tray that can be locked and ejects. */
    private static final byte[] CAPABILITIES = {
        0x2a,
        0x12,
        0x1f,
        0,
        0x70,
        0,
        0x29,
        0,
        0x56,
        (byte) 0x90,
        0,
        0,
        0x02,
        0,
        0x56,
        (byte) 0x90,
        0,
        0,
        0,
        0
    };

    private static final byte[][] OF_DISK = {ERROR_RECOVERY, CACHE, CONTROL, EXCEPTIONS};
    private static final byte[][] OF_DISC = {ERROR_RECOVERY, CONTROL, EXCEPTIONS, CAPABILITIES};
    private static final int LONG_DESCRIPTOR_BYTES = 16;
    private static final int DESCRIPTOR_BYTES = 8;
    private static final long MAX_U32 = 0xffff_ffffL;
    private static final int PAGE_MASK = 0x3f;
    private static final int SUBPAGE_FORMAT_BIT = 6;

    private final UnitState unit;
    private final byte[][] pages;
    private boolean writeCacheEnabled = true;

    ModePages(final UnitState unit) {
        this.unit = unit;
        this.pages = unit.identity.isDisk() ? OF_DISK : OF_DISC;
    }

    /** Whether a write may be answered before it is on stable storage. */
    boolean isWriteCacheEnabled() {
        return writeCacheEnabled;
    }

    /** As it was shipped. */
    void reset() {
        writeCacheEnabled = true;
    }

    /** Writes one page or all; returns how many bytes, 0 if there is no such page. */
    int put(final UnsafeBuffer into, final int offset, final int page, final int control) {
        int at = offset;
        for (final byte[] shipped : pages) {
            if (page == ALL || page == shipped[0]) {
                into.putBytes(at, shipped);
                if (control == CHANGEABLE) {
                    into.setMemory(at + 2, shipped.length - 2, (byte) 0);
                }
                if (shipped[0] == CACHING && control <= CHANGEABLE) {
                    final boolean set = control == CHANGEABLE || writeCacheEnabled;
                    into.putByte(
                            at + WRITE_CACHE_OFFSET, set ? (byte) WRITE_CACHE_ENABLE : (byte) 0);
                }
                at += shipped.length;
            }
        }
        return at - offset;
    }

    /** Writes how many blocks of which size there are; returns how many bytes. */
    int putDescriptor(final UnsafeBuffer into, final int offset, final boolean isLong) {
        if (isLong) {
            into.setMemory(offset, LONG_DESCRIPTOR_BYTES, (byte) 0);
            into.putLong(offset, unit.blockCount(), BIG_ENDIAN);
            into.putInt(offset + 12, unit.blockBytes(), BIG_ENDIAN);
            return LONG_DESCRIPTOR_BYTES;
        }
        into.putInt(offset, (int) Math.min(unit.blockCount(), MAX_U32), BIG_ENDIAN);
        into.putInt(offset + 4, unit.blockBytes(), BIG_ENDIAN);
        return DESCRIPTOR_BYTES;
    }

    /**
     * Whether a block descriptor says nothing new: it asks for the size that blocks have, and for
     * as many as there are, or for any number.
     */
    boolean isDescriptor(
            final UnsafeBuffer list,
            final int offset,
            final int lengthBytes,
            final boolean isLong) {
        if (lengthBytes == 0) {
            return true;
        }
        if (lengthBytes != (isLong ? LONG_DESCRIPTOR_BYTES : DESCRIPTOR_BYTES)) {
            return false;
        }
        final long count =
                isLong
                        ? list.getLong(offset, BIG_ENDIAN)
                        : list.getInt(offset, BIG_ENDIAN) & MAX_U32;
        final long size =
                isLong
                        ? list.getInt(offset + 12, BIG_ENDIAN) & MAX_U32
                        : list.getInt(offset + 4, BIG_ENDIAN) & 0xff_ffff;
        final long told = isLong ? unit.blockCount() : Math.min(unit.blockCount(), MAX_U32);
        return size == unit.blockBytes() && (count == 0 || count == told);
    }

    /**
     * Looks for what is wrong with a run of pages that are to be set.
     *
     * @return {@code byte * 16 + bit}, bit 8 for a whole byte; -1 for nothing; -2 if the run ends
     *     within a page
     */
    int fault(final UnsafeBuffer list, final int offset, final int endOffset) {
        int at = offset;
        while (at < endOffset) {
            if (endOffset - at < 2) {
                return -2;
            }
            final int code = list.getByte(at) & 0x7f;
            if (code != (code & PAGE_MASK)) {
                return at * 16 + SUBPAGE_FORMAT_BIT;
            }
            final byte[] shipped = page(code);
            if (shipped == null) {
                return at * 16 + 5;
            }
            if ((list.getByte(at + 1) & 0xff) != shipped.length - 2) {
                return (at + 1) * 16 + 8;
            }
            if (endOffset - at < shipped.length) {
                return -2;
            }
            for (int i = 2; i < shipped.length; i++) {
                final int settable =
                        code == CACHING && i == WRITE_CACHE_OFFSET ? WRITE_CACHE_ENABLE : 0;
                final int stray = (list.getByte(at + i) ^ shipped[i]) & ~settable & 0xff;
                if (stray != 0) {
                    return (at + i) * 16 + 31 - Integer.numberOfLeadingZeros(stray);
                }
            }
            at += shipped.length;
        }
        return -1;
    }

    /** Sets a run of pages without fault; returns whether that changed anything. */
    boolean set(final UnsafeBuffer list, final int offset, final int endOffset) {
        final boolean before = writeCacheEnabled;
        int at = offset;
        while (at < endOffset) {
            if ((list.getByte(at) & PAGE_MASK) == CACHING) {
                writeCacheEnabled =
                        (list.getByte(at + WRITE_CACHE_OFFSET) & WRITE_CACHE_ENABLE) != 0;
            }
            at += 2 + (list.getByte(at + 1) & 0xff);
        }
        return writeCacheEnabled != before;
    }

    private byte @Nullable [] page(final int code) {
        for (final byte[] shipped : pages) {
            if (shipped[0] == code) {
                return shipped;
            }
        }
        return null;
    }
}
