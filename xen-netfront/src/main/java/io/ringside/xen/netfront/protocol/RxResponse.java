package io.ringside.xen.netfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One piece of a packet that the guest receives: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |   id    | offset  |  flags  | status  |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>{@code status} is signed: from 0 on, how many bytes of the page are the piece's; below, a
 * {@link NetifStatus}. {@code offset} is where in the page they begin. The answer stands in the
 * very slot of its request. An {@link ExtraInfo} takes the place of an answer, and its request's
 * page stays unused; it follows the first piece of a packet.
 *
 * <p>Source: {@code netif_rx_response}, xen/io/netif.h. Threads: one flyweight per thread.
 */
public final class RxResponse {
    /** Bytes of one response, and of one slot of the ring. */
    public static final int BYTES = 8;

    /** {@code NETRXF_data_validated}: the transport checksum was found right. */
    public static final int DATA_VALIDATED = 1;

    /** {@code NETRXF_csum_blank}: the transport checksum is still to be done. */
    public static final int CHECKSUM_BLANK = 2;

    /** {@code NETRXF_more_data}: the packet goes on in another response. */
    public static final int MORE_DATA = 4;

    /** {@code NETRXF_extra_info}: the next slot holds an {@link ExtraInfo}. */
    public static final int EXTRA_INFO = 8;

    /** {@code NETRXF_gso_prefix}: an older way to tell of a frame to be cut; nobody asks for it. */
    public static final int GSO_PREFIX = 16;

    private static final int ID_OFFSET = 0;
    private static final int PAGE_OFFSET_OFFSET = ID_OFFSET + Short.BYTES;
    private static final int FLAGS_OFFSET = PAGE_OFFSET_OFFSET + Short.BYTES;
    private static final int STATUS_OFFSET = FLAGS_OFFSET + Short.BYTES;

    private UnsafeBuffer buffer = Unwrapped.BUFFER;
    private int offset;

    /** Lays the flyweight over one response. */
    public RxResponse wrap(final UnsafeBuffer memory, final int memoryOffset) {
        buffer = memory;
        offset = memoryOffset;
        return this;
    }

    /** Writes all 8 bytes. */
    public void put(final int id, final int pageOffsetBytes, final int flags, final int status) {
        buffer.putShort(offset + ID_OFFSET, (short) id, LITTLE_ENDIAN);
        buffer.putShort(offset + PAGE_OFFSET_OFFSET, (short) pageOffsetBytes, LITTLE_ENDIAN);
        buffer.putShort(offset + FLAGS_OFFSET, (short) flags, LITTLE_ENDIAN);
        buffer.putShort(offset + STATUS_OFFSET, (short) status, LITTLE_ENDIAN);
    }

    /** Which request is answered, 16 bits. */
    public int id() {
        return buffer.getShort(offset + ID_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Where in the page the piece begins, 0 to 65535 as sent. */
    public int pageOffsetBytes() {
        return buffer.getShort(offset + PAGE_OFFSET_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Flags, 16 bits. */
    public int flags() {
        return buffer.getShort(offset + FLAGS_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** Length of the piece, or how it failed: -32768 to 32767. */
    public int status() {
        return buffer.getShort(offset + STATUS_OFFSET, LITTLE_ENDIAN);
    }
}
