package io.ringside.xen.netfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One piece of a packet that the guest sends: 12 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |       gref        | offset  |  flags  |
 *       +----+----+----+----+----+----+----+----+
 *    8  |   id    |  size   |
 *       +----+----+----+----+
 * </pre>
 *
 * <p>{@code size} is the length of the whole packet in the first request of a packet, and the
 * length of the piece in every other: the first piece is what the others leave of the whole. A
 * piece lies within the page of its grant. Behind the first request, and nowhere else, a slot may
 * hold an {@link ExtraInfo}.
 *
 * <p>Source: {@code netif_tx_request}, xen/io/netif.h. Threads: one flyweight per thread.
 */
public final class TxRequest {
    /** Bytes of one request, and of one slot of the ring. */
    public static final int BYTES = 12;

    /** {@code NETTXF_csum_blank}: the transport checksum is still to be done. */
    public static final int CHECKSUM_BLANK = 1;

    /** {@code NETTXF_data_validated}: the sender vouches that the data is intact. */
    public static final int DATA_VALIDATED = 2;

    /** {@code NETTXF_more_data}: the packet goes on in another request. */
    public static final int MORE_DATA = 4;

    /** {@code NETTXF_extra_info}: the next slot holds an {@link ExtraInfo}. */
    public static final int EXTRA_INFO = 8;

    private static final int REFERENCE_OFFSET = 0;
    private static final int PAGE_OFFSET_OFFSET = REFERENCE_OFFSET + Integer.BYTES;
    private static final int FLAGS_OFFSET = PAGE_OFFSET_OFFSET + Short.BYTES;
    private static final int ID_OFFSET = FLAGS_OFFSET + Short.BYTES;
    private static final int SIZE_OFFSET = ID_OFFSET + Short.BYTES;

    private UnsafeBuffer buffer = Unwrapped.BUFFER;
    private int offset;

    /** Lays the flyweight over one request. */
    public TxRequest wrap(final UnsafeBuffer memory, final int memoryOffset) {
        buffer = memory;
        offset = memoryOffset;
        return this;
    }

    /**
     * Writes all 12 bytes.
     *
     * @param reference grant of the page
     * @param pageOffsetBytes where in the page the piece begins
     * @param flags a sum of this class's flags
     * @param id told back by the response
     * @param sizeBytes see above
     */
    public void put(
            final int reference,
            final int pageOffsetBytes,
            final int flags,
            final int id,
            final int sizeBytes) {
        buffer.putInt(offset + REFERENCE_OFFSET, reference, LITTLE_ENDIAN);
        buffer.putShort(offset + PAGE_OFFSET_OFFSET, (short) pageOffsetBytes, LITTLE_ENDIAN);
        buffer.putShort(offset + FLAGS_OFFSET, (short) flags, LITTLE_ENDIAN);
        buffer.putShort(offset + ID_OFFSET, (short) id, LITTLE_ENDIAN);
        buffer.putShort(offset + SIZE_OFFSET, (short) sizeBytes, LITTLE_ENDIAN);
    }

    /** Grant reference of the page, any 32 bits. */
    public int reference() {
        return buffer.getInt(offset + REFERENCE_OFFSET, LITTLE_ENDIAN);
    }

    /** Where in the page the piece begins, 0 to 65535 as sent. */
    public int pageOffsetBytes() {
        return buffer.getShort(offset + PAGE_OFFSET_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Flags, 16 bits. */
    public int flags() {
        return buffer.getShort(offset + FLAGS_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** The sender's number, 16 bits. */
    public int id() {
        return buffer.getShort(offset + ID_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Length of the packet or of the piece, 0 to 65535 as sent. */
    public int sizeBytes() {
        return buffer.getShort(offset + SIZE_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }
}
