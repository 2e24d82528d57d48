package io.ringside.ringbuf.vmbus;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The first 16 bytes of every packet, little-endian; a trailer of 8 follows the packet.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  type   | offset8 |  len8   |  flags  |   the head, moved as one word
 *       +----+----+----+----+----+----+----+----+
 *    8  |            trans_id                   |
 *       +----+----+----+----+----+----+----+----+
 *   16  |  header, up to offset8 * 8            |
 *       +----+----+----+----+----+----+----+----+
 *       |  payload, zeros up to len8 * 8        |
 *       +----+----+----+----+----+----+----+----+
 *       |       0           |   packet start    |   the trailer: not counted in len8
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code offset8}: start of the payload, in words of 8 bytes. {@code len8}: end of the payload,
 * padding included, in words. {@code flags}, bit 0: a completion is wanted.
 *
 * <p>Source: {@code vmpacket_descriptor}, linux/hyperv.h. Threads: one flyweight per thread.
 */
public final class PacketDescriptor {
    /** Bytes of the descriptor. */
    public static final int BYTES = 16;

    /** Bytes of the trailer. */
    public static final int TRAILER_BYTES = Long.BYTES;

    /** Bit 0 of the flags: the sender wants a completion. */
    public static final int COMPLETION_REQUESTED = 1;

    static final int TYPE_OFFSET = 0;
    static final int OFFSET8_OFFSET = TYPE_OFFSET + Short.BYTES;
    static final int LEN8_OFFSET = OFFSET8_OFFSET + Short.BYTES;
    static final int FLAGS_OFFSET = LEN8_OFFSET + Short.BYTES;
    static final int TRANSACTION_ID_OFFSET = FLAGS_OFFSET + Short.BYTES;

    /** The largest packet that {@code len8} can tell. */
    static final int LARGEST_PACKET_BYTES = 0xffff * Long.BYTES;

    private static final int OFFSET8_SHIFT = OFFSET8_OFFSET * Byte.SIZE;
    private static final int LEN8_SHIFT = LEN8_OFFSET * Byte.SIZE;
    private static final int FLAGS_SHIFT = FLAGS_OFFSET * Byte.SIZE;
    private static final int U16 = 0xffff;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over the descriptor at {@code offset}; it must not wrap there. */
    public PacketDescriptor wrap(final UnsafeBuffer source, final int offset) {
        buffer.wrap(source, offset, BYTES);
        return this;
    }

    /** One of {@link PacketType}, or any other u16. */
    public int type() {
        return type(head());
    }

    /** Descriptor and header, in bytes. */
    public int payloadOffset() {
        return payloadOffset(head());
    }

    /** Descriptor, header and padded payload, in bytes. */
    public int packetBytes() {
        return packetBytes(head());
    }

    /** All 16 flag bits. */
    public int flags() {
        return flags(head());
    }

    /** Opaque to the ring. */
    public long transactionId() {
        return buffer.getLong(TRANSACTION_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** Writes the whole descriptor; both lengths are multiples of 8, in bytes. */
    public void put(
            final int type,
            final int payloadOffset,
            final int packetBytes,
            final int flags,
            final long transactionId) {
        buffer.putLong(0, head(type, payloadOffset, packetBytes, flags), LITTLE_ENDIAN);
        buffer.putLong(TRANSACTION_ID_OFFSET, transactionId, LITTLE_ENDIAN);
    }

    private long head() {
        return buffer.getLong(0, LITTLE_ENDIAN);
    }

    /** Bytes that a packet takes in the ring: descriptor, header, padded payload, trailer. */
    public static int ringBytes(final int headerBytes, final int payloadBytes) {
        return BYTES + headerBytes + padded(payloadBytes) + TRAILER_BYTES;
    }

    /** The next multiple of 8. */
    static int padded(final int bytes) {
        return (bytes + (Long.BYTES - 1)) & -Long.BYTES;
    }

    static long head(
            final int type, final int payloadOffset, final int packetBytes, final int flags) {
        return (type & U16)
                | (long) (payloadOffset / Long.BYTES & U16) << OFFSET8_SHIFT
                | (long) (packetBytes / Long.BYTES & U16) << LEN8_SHIFT
                | (long) flags << FLAGS_SHIFT;
    }

    static int type(final long head) {
        return (int) head & U16;
    }

    static int payloadOffset(final long head) {
        return ((int) (head >>> OFFSET8_SHIFT) & U16) * Long.BYTES;
    }

    static int packetBytes(final long head) {
        return ((int) (head >>> LEN8_SHIFT) & U16) * Long.BYTES;
    }

    static int flags(final long head) {
        return (int) (head >>> FLAGS_SHIFT);
    }

    /** The trailer of a packet that starts at {@code index} of the data area. */
    static long trailer(final int index) {
        return (long) index << Integer.SIZE;
    }
}
