package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How a host can spread what a guest receives: 18 bytes, little-endian. The answer to {@link
 * Oid#GEN_RECEIVE_SCALE_CAPABILITIES}, and what is sent with that question.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |136 |rev |  size   |      flags        |
 *       +----+----+----+----+----+----+----+----+
 *    8  |   interrupts      |      queues       |
 *       +----+----+----+----+----+----+----+----+
 *   16  | entries |
 *       +----+----+
 * </pre>
 *
 * <p>{@code entries} is the size of the table. Source: {@code struct ndis_recv_scale_cap},
 * hyperv_net.h. Threads: one flyweight per thread.
 */
public final class RssCapabilities {
    /** Bytes of the struct. */
    public static final int BYTES = 18;

    /** The type in front. */
    public static final int OBJECT_TYPE = 136;

    /** The revision of the whole. */
    public static final int REVISION = 2;

    public static final int HASH_TCP_IPV4 = 0x100;
    public static final int HASH_TCP_IPV6 = 0x200;
    public static final int HASH_TCP_IPV6_EXTENDED = 0x400;

    /** The hash is the one of Toeplitz. */
    public static final int HASH_TOEPLITZ = 1;

    private static final int REVISION_OFFSET = 1;
    private static final int SIZE_OFFSET = REVISION_OFFSET + 1;
    private static final int FLAGS_OFFSET = SIZE_OFFSET + Short.BYTES;
    private static final int INTERRUPTS_OFFSET = FLAGS_OFFSET + Integer.BYTES;
    private static final int QUEUES_OFFSET = INTERRUPTS_OFFSET + Integer.BYTES;
    private static final int ENTRIES_OFFSET = QUEUES_OFFSET + Integer.BYTES;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over 18 bytes. */
    public RssCapabilities wrap(final MutableDirectBuffer memory, final int offset) {
        buffer.wrap(memory, offset, BYTES);
        return this;
    }

    /** Writes every field. */
    public RssCapabilities put(
            final int flags, final int interrupts, final int queues, final int entries) {
        buffer.putByte(0, (byte) OBJECT_TYPE);
        buffer.putByte(REVISION_OFFSET, (byte) REVISION);
        buffer.putShort(SIZE_OFFSET, (short) BYTES, LITTLE_ENDIAN);
        buffer.putInt(FLAGS_OFFSET, flags, LITTLE_ENDIAN);
        buffer.putInt(INTERRUPTS_OFFSET, interrupts, LITTLE_ENDIAN);
        buffer.putInt(QUEUES_OFFSET, queues, LITTLE_ENDIAN);
        buffer.putShort(ENTRIES_OFFSET, (short) entries, LITTLE_ENDIAN);
        return this;
    }

    /** The type in front, 0 to 255. */
    public int objectType() {
        return buffer.getByte(0) & 0xff;
    }

    /** The revision, 0 to 255. */
    public int revision() {
        return buffer.getByte(REVISION_OFFSET) & 0xff;
    }

    /** What the sender says is the length, 0 to 65535 bytes. */
    public int size() {
        return buffer.getShort(SIZE_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** What it can do: bits as above. */
    public int flags() {
        return buffer.getInt(FLAGS_OFFSET, LITTLE_ENDIAN);
    }

    /** How many interrupts there are, as u32. */
    public long interrupts() {
        return buffer.getInt(INTERRUPTS_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }

    /** How many queues there are, as u32: under 2, there is one channel. */
    public long queues() {
        return buffer.getInt(QUEUES_OFFSET, LITTLE_ENDIAN) & 0xffff_ffffL;
    }

    /** How many entries the table has, 0 to 65535. */
    public int entries() {
        return buffer.getShort(ENTRIES_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }
}
