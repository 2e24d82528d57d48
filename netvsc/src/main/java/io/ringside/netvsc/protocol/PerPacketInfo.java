package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What is said of a frame, as records one after the other; each has 16 bytes if its value is one
 * word, as those that mean something here are; little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  size, of it all  |   type         |i |   i: highest bit, for internal types
 *       +----+----+----+----+----+----+----+----+
 *    8  | offset of value   |      value        |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Records are written with {@link #put}. They lie in memory that the sender can still change:
 * {@link #read} reads every word once, checks it, and the accessors tell what was read. Types that
 * say nothing here are passed over; of two records of a type the last counts.
 *
 * <p>Source: {@code struct rndis_per_packet_info}, linux/rndis.h, and {@code enum
 * ndis_per_pkt_info_type}, hyperv_net.h. Threads: one reader per thread.
 */
public final class PerPacketInfo {
    /** Bytes of a record whose value is one word. */
    public static final int RECORD_BYTES = 16;

    /** Bytes of a record before its value. */
    public static final int HEADER_BYTES = 12;

    /** The value is a {@link ChecksumInfo}. */
    public static final int CHECKSUM = 0;

    public static final int IPSEC = 1;

    /** The value is a {@link LargeSendInfo}. */
    public static final int LARGE_SEND = 2;

    public static final int CLASSIFICATION = 3;
    public static final int SCATTER_GATHER_LIST = 5;

    /** The value is a {@link VlanInfo}. */
    public static final int VLAN = 6;

    /**
     * The value is the sender's own name for the frame: good for following it, and maybe a pointer
     * of the sender's, so that nobody else is told.
     */
    public static final int ORIGINAL_PACKET = 7;

    /** The value is the hash of the frame. */
    public static final int HASH_VALUE = 8;

    public static final int ORIGINAL_BUFFER_LIST = 9;
    public static final int CACHED_BUFFER_LIST = 10;
    public static final int SHORT_PACKET_PADDING = 11;

    /** Set besides in types that the host and its drivers made up between them. */
    public static final int INTERNAL = 0x8000_0000;

    /** The value is a {@link FragmentInfo}. */
    public static final int FRAGMENT = INTERNAL | 1;

    private static final int TYPE_OFFSET = Integer.BYTES;
    private static final int VALUE_OFFSET_OFFSET = TYPE_OFFSET + Integer.BYTES;
    private static final int WORD_MASK = Integer.BYTES - 1;
    private static final long U32 = 0xffff_ffffL;

    private static final int HAS_CHECKSUM = 1;
    private static final int HAS_LARGE_SEND = 1 << 1;
    private static final int HAS_VLAN = 1 << 2;
    private static final int HAS_HASH = 1 << 3;
    private static final int HAS_FRAGMENT = 1 << 4;
    private static final int HAS_ORIGINAL_PACKET = 1 << 5;

    private int present;
    private int checksum;
    private int largeSend;
    private int vlan;
    private int hash;
    private int fragment;
    private int originalPacket;

    /** Writes one record of 16 bytes, and returns the offset behind it. */
    public static int put(
            final MutableDirectBuffer target, final int offset, final int type, final int value) {
        target.putLong(offset, RECORD_BYTES | (type & U32) << Integer.SIZE, LITTLE_ENDIAN);
        target.putLong(
                offset + VALUE_OFFSET_OFFSET,
                HEADER_BYTES | (value & U32) << Integer.SIZE,
                LITTLE_ENDIAN);
        return offset + RECORD_BYTES;
    }

    /**
     * Reads and checks all records.
     *
     * @param infoBytes length of all of them, which are there
     * @return whether they are sound; if not, none of the accessors means anything
     */
    public boolean read(final DirectBuffer source, final int infoOffset, final int infoBytes) {
        present = 0;
        int at = infoOffset;
        int left = infoBytes;
        while (left > 0) {
            if (left < HEADER_BYTES) {
                return false;
            }
            final long head = source.getLong(at, LITTLE_ENDIAN);
            final long size = head & U32;
            if (size < HEADER_BYTES || size > left || (size & WORD_MASK) != 0) {
                return false;
            }
            final int type = (int) (head >>> Integer.SIZE);
            if (isKnown(type) && !take(type, source, at, (int) size)) {
                return false;
            }
            at += (int) size;
            left -= (int) size;
        }
        return true;
    }

    private static boolean isKnown(final int type) {
        return type == CHECKSUM
                || type == VLAN
                || type == HASH_VALUE
                || type == LARGE_SEND
                || type == FRAGMENT
                || type == ORIGINAL_PACKET;
    }

    private boolean take(
            final int type, final DirectBuffer source, final int offset, final int size) {
        final long valueOffset = source.getInt(offset + VALUE_OFFSET_OFFSET, LITTLE_ENDIAN) & U32;
        if (valueOffset < HEADER_BYTES || valueOffset > size - Integer.BYTES) {
            return false;
        }
        final int value = source.getInt(offset + (int) valueOffset, LITTLE_ENDIAN);
        switch (type) {
            case CHECKSUM -> {
                checksum = value;
                present |= HAS_CHECKSUM;
            }
            case LARGE_SEND -> {
                largeSend = value;
                present |= HAS_LARGE_SEND;
            }
            case VLAN -> {
                vlan = value;
                present |= HAS_VLAN;
            }
            case HASH_VALUE -> {
                hash = value;
                present |= HAS_HASH;
            }
            case ORIGINAL_PACKET -> {
                originalPacket = value;
                present |= HAS_ORIGINAL_PACKET;
            }
            default -> {
                fragment = value;
                present |= HAS_FRAGMENT;
            }
        }
        return true;
    }

    /** Forgets everything: a frame of which nothing is said. */
    public void clear() {
        present = 0;
    }

    /** Whether anything is said that means something here. */
    public boolean isEmpty() {
        return present == 0;
    }

    /** Whether there is a {@link ChecksumInfo}. */
    public boolean hasChecksum() {
        return (present & HAS_CHECKSUM) != 0;
    }

    /** A {@link ChecksumInfo}. */
    public int checksum() {
        return checksum;
    }

    /** Whether there is a {@link LargeSendInfo}. */
    public boolean hasLargeSend() {
        return (present & HAS_LARGE_SEND) != 0;
    }

    /** A {@link LargeSendInfo}. */
    public int largeSend() {
        return largeSend;
    }

    /** Whether there is a {@link VlanInfo}. */
    public boolean hasVlan() {
        return (present & HAS_VLAN) != 0;
    }

    /** A {@link VlanInfo}. */
    public int vlan() {
        return vlan;
    }

    /** Whether there is a hash. */
    public boolean hasHash() {
        return (present & HAS_HASH) != 0;
    }

    /** The hash, 32 bits. */
    public int hash() {
        return hash;
    }

    /** Whether there is a {@link FragmentInfo}. */
    public boolean hasFragment() {
        return (present & HAS_FRAGMENT) != 0;
    }

    /** A {@link FragmentInfo}. */
    public int fragment() {
        return fragment;
    }

    /** Whether the sender has named the frame. */
    public boolean hasOriginalPacket() {
        return (present & HAS_ORIGINAL_PACKET) != 0;
    }

    /** The sender's name for the frame: the lower 32 bits of it. */
    public int originalPacket() {
        return originalPacket;
    }
}
