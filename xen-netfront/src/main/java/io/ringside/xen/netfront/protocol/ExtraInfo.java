package io.ringside.xen.netfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What is to be told beside the pieces of a packet: 8 bytes, little-endian, at the start of a slot
 * of either ring (12 bytes wide where the guest sends, the last 4 zero).
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |type|flag|  size   |gtyp|  0 | features|   GSO
 *       +----+----+----+----+----+----+----+----+
 *    0  |type|flag|           address           |   MULTICAST_ADD, MULTICAST_DELETE
 *       +----+----+----+----+----+----+----+----+
 *    0  |type|flag|htyp|algo|       value       |   HASH
 *       +----+----+----+----+----+----+----+----+
 *    0  |type|flag|headroom |         0         |   XDP
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Source: {@code netif_extra_info}, xen/io/netif.h; XDP is only Linux's. Threads: one flyweight
 * per thread.
 */
public final class ExtraInfo {
    /** Bytes of one record. */
    public static final int BYTES = 8;

    /** No record. */
    public static final int NONE = 0;

    /** The packet is to be cut. */
    public static final int GSO = 1;

    /** The guest wants what is sent to an address. */
    public static final int MULTICAST_ADD = 2;

    /** The guest does not want it any more. */
    public static final int MULTICAST_DELETE = 3;

    /** The packet has a hash. */
    public static final int HASH = 4;

    /** The packet lies so far into its page. */
    public static final int XDP = 5;

    /** {@code XEN_NETIF_EXTRA_FLAG_MORE}: the next slot holds one more record. */
    public static final int MORE = 1;

    private static final int TYPE_OFFSET = 0;
    private static final int FLAGS_OFFSET = TYPE_OFFSET + Byte.BYTES;
    private static final int UNION_OFFSET = FLAGS_OFFSET + Byte.BYTES;
    private static final int GSO_SIZE_OFFSET = UNION_OFFSET;
    private static final int GSO_TYPE_OFFSET = GSO_SIZE_OFFSET + Short.BYTES;
    private static final int GSO_FEATURES_OFFSET = GSO_TYPE_OFFSET + Byte.BYTES + Byte.BYTES;
    private static final int ADDRESS_HIGH_OFFSET = UNION_OFFSET;
    private static final int ADDRESS_LOW_OFFSET = ADDRESS_HIGH_OFFSET + Short.BYTES;
    private static final int HASH_TYPE_OFFSET = UNION_OFFSET;
    private static final int HASH_ALGORITHM_OFFSET = HASH_TYPE_OFFSET + Byte.BYTES;
    private static final int HASH_VALUE_OFFSET = HASH_ALGORITHM_OFFSET + Byte.BYTES;
    private static final int HEADROOM_OFFSET = UNION_OFFSET;

    private UnsafeBuffer buffer = Unwrapped.BUFFER;
    private int offset;

    /** Lays the flyweight over one record. */
    public ExtraInfo wrap(final UnsafeBuffer memory, final int memoryOffset) {
        buffer = memory;
        offset = memoryOffset;
        return this;
    }

    /** The packet is to be cut into pieces of so much payload: all 8 bytes. */
    public void putGso(final int flags, final int gsoType, final int segmentBytes) {
        start(GSO, flags);
        buffer.putShort(offset + GSO_SIZE_OFFSET, (short) segmentBytes, LITTLE_ENDIAN);
        buffer.putByte(offset + GSO_TYPE_OFFSET, (byte) gsoType);
    }

    /**
     * An address is wanted, or not any more: all 8 bytes.
     *
     * @param type {@link #MULTICAST_ADD} or {@link #MULTICAST_DELETE}
     * @param address 48 bits, the first byte on the wire the highest
     */
    public void putMulticast(final int type, final int flags, final long address) {
        start(type, flags);
        final int high = (int) (address >>> Integer.SIZE);
        buffer.putShort(
                offset + ADDRESS_HIGH_OFFSET, Short.reverseBytes((short) high), LITTLE_ENDIAN);
        buffer.putInt(
                offset + ADDRESS_LOW_OFFSET, Integer.reverseBytes((int) address), LITTLE_ENDIAN);
    }

    /**
     * The packet has a hash: all 8 bytes.
     *
     * @param hashType the number of one of the {@link HashControl} types, not its bit
     * @param value the hash, which stands here as any number does, its lowest byte first
     */
    public void putHash(final int flags, final int hashType, final int algorithm, final int value) {
        start(HASH, flags);
        buffer.putByte(offset + HASH_TYPE_OFFSET, (byte) hashType);
        buffer.putByte(offset + HASH_ALGORITHM_OFFSET, (byte) algorithm);
        buffer.putInt(offset + HASH_VALUE_OFFSET, value, LITTLE_ENDIAN);
    }

    /** The packet lies so far into its page: all 8 bytes. */
    public void putXdp(final int flags, final int headroomBytes) {
        start(XDP, flags);
        buffer.putShort(offset + HEADROOM_OFFSET, (short) headroomBytes, LITTLE_ENDIAN);
    }

    private void start(final int type, final int flags) {
        buffer.putLong(offset, (flags & 0xffL) << Byte.SIZE | type & 0xffL, LITTLE_ENDIAN);
    }

    /** What the record is, 0 to 255 as sent. */
    public int type() {
        return buffer.getByte(offset + TYPE_OFFSET) & 0xff;
    }

    /** Flags, 8 bits. */
    public int flags() {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xff;
    }

    /** Most payload of one piece in bytes, 0 to 65535 as sent. */
    public int gsoSegmentBytes() {
        return buffer.getShort(offset + GSO_SIZE_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** What is cut, 0 to 255 as sent: see {@link GsoType}. */
    public int gsoType() {
        return buffer.getByte(offset + GSO_TYPE_OFFSET) & 0xff;
    }

    /** Features that cutting takes, 16 bits; none are known. */
    public int gsoFeatures() {
        return buffer.getShort(offset + GSO_FEATURES_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** An address: 48 bits, the first byte on the wire the highest. */
    public long multicastAddress() {
        final short high = buffer.getShort(offset + ADDRESS_HIGH_OFFSET, LITTLE_ENDIAN);
        final int low = buffer.getInt(offset + ADDRESS_LOW_OFFSET, LITTLE_ENDIAN);
        return (Short.reverseBytes(high) & 0xffffL) << Integer.SIZE
                | Integer.toUnsignedLong(Integer.reverseBytes(low));
    }

    /** The number of a hash type, 0 to 255 as sent: see {@link HashControl}. */
    public int hashType() {
        return buffer.getByte(offset + HASH_TYPE_OFFSET) & 0xff;
    }

    /** The algorithm of a hash, 0 to 255 as sent: see {@link HashControl}. */
    public int hashAlgorithm() {
        return buffer.getByte(offset + HASH_ALGORITHM_OFFSET) & 0xff;
    }

    /** A hash, 32 bits. */
    public int hashValue() {
        return buffer.getInt(offset + HASH_VALUE_OFFSET, LITTLE_ENDIAN);
    }

    /** Bytes before the packet in its page, 0 to 65535 as sent. */
    public int xdpHeadroomBytes() {
        return buffer.getShort(offset + HEADROOM_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }
}
