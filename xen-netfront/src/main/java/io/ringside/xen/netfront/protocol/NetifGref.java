package io.ringside.xen.netfront.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One grant that the backend is to keep mapped, in a list: 8 bytes, little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |        ref        |  flags  | status  |
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>The guest writes {@code ref} and {@code flags}. {@code status} is the backend's, which answers
 * {@link CtrlType#DEL_GREF_MAPPING} there, entry by entry; {@link CtrlType#ADD_GREF_MAPPING} does
 * not use it.
 *
 * <p>Source: {@code xen_netif_gref}, xen/io/netif.h. Threads: one flyweight per thread.
 */
public final class NetifGref {
    /** Bytes of one entry. */
    public static final int BYTES = 8;

    /** Most entries of one list, which is one page. */
    public static final int MAX_ENTRIES = 4096 / BYTES;

    /** {@code XEN_NETIF_CTRLF_GREF_readonly}: mapped to be read alone, so only to send from. */
    public static final int READ_ONLY = 1;

    private static final int REFERENCE_OFFSET = 0;
    private static final int FLAGS_OFFSET = REFERENCE_OFFSET + Integer.BYTES;
    private static final int STATUS_OFFSET = FLAGS_OFFSET + Short.BYTES;

    private UnsafeBuffer buffer = Unwrapped.BUFFER;
    private int offset;

    /** Lays the flyweight over one entry. */
    public NetifGref wrap(final UnsafeBuffer memory, final int memoryOffset) {
        buffer = memory;
        offset = memoryOffset;
        return this;
    }

    /** Writes all 8 bytes, the status zero. */
    public void put(final int reference, final int flags) {
        buffer.putInt(offset + REFERENCE_OFFSET, reference, LITTLE_ENDIAN);
        buffer.putShort(offset + FLAGS_OFFSET, (short) flags, LITTLE_ENDIAN);
        buffer.putShort(offset + STATUS_OFFSET, (short) 0, LITTLE_ENDIAN);
    }

    /** Writes how it went, and nothing else: a {@link CtrlStatus}. */
    public void putStatus(final int status) {
        buffer.putShort(offset + STATUS_OFFSET, (short) status, LITTLE_ENDIAN);
    }

    /** Grant reference of the page, any 32 bits. */
    public int reference() {
        return buffer.getInt(offset + REFERENCE_OFFSET, LITTLE_ENDIAN);
    }

    /** Flags, 16 bits. */
    public int flags() {
        return buffer.getShort(offset + FLAGS_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** How it went, 0 to 65535: see {@link CtrlStatus}. */
    public int status() {
        return buffer.getShort(offset + STATUS_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }
}
