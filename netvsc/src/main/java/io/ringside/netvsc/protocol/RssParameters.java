package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How a guest wants received frames spread: 40 bytes, a table, a key; little-endian. What is set by
 * {@link Oid#GEN_RECEIVE_SCALE_PARAMETERS}. Offsets count from its start.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |137 |rev |  size   |  flags  |  base   |
 *       +----+----+----+----+----+----+----+----+
 *    8  |  hash information | tbl size|    -    |
 *       +----+----+----+----+----+----+----+----+
 *   16  |   table offset    | key size|    -    |
 *       +----+----+----+----+----+----+----+----+
 *   24  |   key offset      |         0         |
 *       +----+----+----+----+----+----+----+----+
 *   32  |         0         |         0         |
 *       +----+----+----+----+----+----+----+----+
 *   40  |  numbers of channels, u32 ...         |
 *       |  the key of 40 bytes                  |
 *       +---------------------------------------+
 * </pre>
 *
 * <p>Source: {@code struct ndis_recv_scale_param}, hyperv_net.h. Threads: one flyweight per thread.
 */
public final class RssParameters {
    /** Bytes before the table. */
    public static final int HEADER_BYTES = 40;

    /** Bytes of the key. */
    public static final int KEY_BYTES = 40;

    /** Entries of the table that guests use. */
    public static final int USUAL_ENTRIES = 128;

    /** Most entries of the table. */
    public static final int MOST_ENTRIES = 128;

    /** The type in front. */
    public static final int OBJECT_TYPE = 137;

    /** The revision of the whole. */
    public static final int REVISION = 2;

    public static final int BASE_CPU_UNCHANGED = 1;
    public static final int HASH_INFO_UNCHANGED = 1 << 1;
    public static final int TABLE_UNCHANGED = 1 << 2;
    public static final int KEY_UNCHANGED = 1 << 3;

    /** Flag: all frames come by the first channel. */
    public static final int DISABLE = 1 << 4;

    public static final int HASH_TOEPLITZ = 1;
    public static final int HASH_IPV4 = 1 << 8;
    public static final int HASH_TCP_IPV4 = 1 << 9;
    public static final int HASH_IPV6 = 1 << 10;
    public static final int HASH_IPV6_EXTENDED = 1 << 11;
    public static final int HASH_TCP_IPV6 = 1 << 12;
    public static final int HASH_TCP_IPV6_EXTENDED = 1 << 13;

    private static final int REVISION_OFFSET = 1;
    private static final int SIZE_OFFSET = REVISION_OFFSET + 1;
    private static final int FLAGS_OFFSET = SIZE_OFFSET + Short.BYTES;
    private static final int BASE_CPU_OFFSET = FLAGS_OFFSET + Short.BYTES;
    private static final int HASH_INFO_OFFSET = BASE_CPU_OFFSET + Short.BYTES;
    private static final int TABLE_BYTES_OFFSET = HASH_INFO_OFFSET + Integer.BYTES;
    private static final int TABLE_OFFSET_OFFSET = TABLE_BYTES_OFFSET + Integer.BYTES;
    private static final int KEY_BYTES_OFFSET = TABLE_OFFSET_OFFSET + Integer.BYTES;
    private static final int KEY_OFFSET_OFFSET = KEY_BYTES_OFFSET + Integer.BYTES;
    private static final long U32 = 0xffff_ffffL;
    private static final int U16 = 0xffff;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Bytes of parameters with a table and a key. */
    public static int bytes(final int entries) {
        return HEADER_BYTES + entries * Integer.BYTES + KEY_BYTES;
    }

    /** Lays the flyweight over 40 bytes or more. */
    public RssParameters wrap(
            final MutableDirectBuffer memory, final int offset, final int lengthBytes) {
        if (lengthBytes < HEADER_BYTES) {
            throw new IllegalArgumentException("no parameters: lengthBytes=" + lengthBytes);
        }
        buffer.wrap(memory, offset, lengthBytes);
        return this;
    }

    /** Writes all but the entries of the table; {@link #bytes} of them are wrapped. */
    public RssParameters put(
            final int flags, final int hashInfo, final int entries, final DirectBuffer key) {
        final int tableBytes = entries * Integer.BYTES;
        buffer.setMemory(0, HEADER_BYTES, (byte) 0);
        buffer.putByte(0, (byte) OBJECT_TYPE);
        buffer.putByte(REVISION_OFFSET, (byte) REVISION);
        buffer.putShort(SIZE_OFFSET, (short) HEADER_BYTES, LITTLE_ENDIAN);
        buffer.putShort(FLAGS_OFFSET, (short) flags, LITTLE_ENDIAN);
        buffer.putInt(HASH_INFO_OFFSET, hashInfo, LITTLE_ENDIAN);
        buffer.putShort(TABLE_BYTES_OFFSET, (short) tableBytes, LITTLE_ENDIAN);
        buffer.putInt(TABLE_OFFSET_OFFSET, HEADER_BYTES, LITTLE_ENDIAN);
        buffer.putShort(KEY_BYTES_OFFSET, (short) KEY_BYTES, LITTLE_ENDIAN);
        buffer.putInt(KEY_OFFSET_OFFSET, HEADER_BYTES + tableBytes, LITTLE_ENDIAN);
        buffer.putBytes(HEADER_BYTES + tableBytes, key, 0, KEY_BYTES);
        return this;
    }

    /** Writes one entry of a table that lies right behind the header. */
    public void putEntry(final int entry, final int channel) {
        buffer.putInt(HEADER_BYTES + entry * Integer.BYTES, channel, LITTLE_ENDIAN);
    }

    /** The type in front, 0 to 255. */
    public int objectType() {
        return buffer.getByte(0) & 0xff;
    }

    /** The revision, 0 to 255. */
    public int revision() {
        return buffer.getByte(REVISION_OFFSET) & 0xff;
    }

    /** Flags as above, 16 bits. */
    public int flags() {
        return buffer.getShort(FLAGS_OFFSET, LITTLE_ENDIAN) & U16;
    }

    /** The hash, and what it is taken over: bits as above. */
    public int hashInfo() {
        return buffer.getInt(HASH_INFO_OFFSET, LITTLE_ENDIAN);
    }

    /** Entries of the table, 0 to 16383. */
    public int entries() {
        return (buffer.getShort(TABLE_BYTES_OFFSET, LITTLE_ENDIAN) & U16) / Integer.BYTES;
    }

    /** Length of the key, 0 to 65535 bytes. */
    public int keyBytes() {
        return buffer.getShort(KEY_BYTES_OFFSET, LITTLE_ENDIAN) & U16;
    }

    /**
     * Whether table and key lie in what is wrapped, behind the header, the table has whole entries,
     * from one to {@link #MOST_ENTRIES}, and the key has 40 bytes. Entries are not looked at.
     */
    public boolean isSound() {
        final int tableBytes = buffer.getShort(TABLE_BYTES_OFFSET, LITTLE_ENDIAN) & U16;
        return tableBytes % Integer.BYTES == 0
                && tableBytes != 0
                && tableBytes <= MOST_ENTRIES * Integer.BYTES
                && keyBytes() == KEY_BYTES
                && isInside(tableOffset(), tableBytes)
                && isInside(keyOffset(), KEY_BYTES);
    }

    private boolean isInside(final long offset, final int lengthBytes) {
        return offset >= HEADER_BYTES && offset + lengthBytes <= buffer.capacity();
    }

    private long tableOffset() {
        return buffer.getInt(TABLE_OFFSET_OFFSET, LITTLE_ENDIAN) & U32;
    }

    private long keyOffset() {
        return buffer.getInt(KEY_OFFSET_OFFSET, LITTLE_ENDIAN) & U32;
    }

    /** Number of the channel of an entry, as u32. Only if {@link #isSound}. */
    public long channel(final int entry) {
        return buffer.getInt((int) tableOffset() + entry * Integer.BYTES, LITTLE_ENDIAN) & U32;
    }

    /** Copies the key out. Only if {@link #isSound}. */
    public void copyKey(final MutableDirectBuffer into) {
        buffer.getBytes((int) keyOffset(), into, 0, KEY_BYTES);
    }
}
