package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * How the link is, as NDIS 6 tells it: 40 bytes, little-endian. The answer to {@link
 * Oid#GEN_LINK_STATE}.
 *
 * <pre>
 *  byte   0         4         8         12        16        24        32        40
 *       +---------+---------+---------+---------+---------+---------+---------+
 *       |t  r size|  state  | duplex  |    0    | sending | receivg |    0    |
 *       +---------+---------+---------+---------+---------+---------+---------+
 * </pre>
 *
 * <p>In front: type 128 (1 byte), revision (1), size (2). Speeds are in bit/s; nothing is said of
 * duplex, pauses and negotiation. Source: {@code NDIS_LINK_STATE}, ntddndis.h. Threads: any.
 */
public final class LinkState {
    /** Bytes of the whole. */
    public static final int BYTES = 40;

    /** The type in front. */
    public static final int OBJECT_TYPE = 128;

    public static final int CONNECTED = 1;
    public static final int DISCONNECTED = 2;

    private static final int REVISION = 1;
    private static final int REVISION_OFFSET = Byte.BYTES;
    private static final int SIZE_OFFSET = REVISION_OFFSET + Byte.BYTES;
    private static final int STATE_OFFSET = SIZE_OFFSET + Short.BYTES;
    private static final int SEND_OFFSET = STATE_OFFSET + 3 * Integer.BYTES;
    private static final int RECEIVE_OFFSET = SEND_OFFSET + Long.BYTES;

    private LinkState() {}

    /** Writes all of it. */
    public static void put(
            final MutableDirectBuffer target,
            final int offset,
            final boolean isUp,
            final long bitsPerSecond) {
        target.setMemory(offset, BYTES, (byte) 0);
        target.putByte(offset, (byte) OBJECT_TYPE);
        target.putByte(offset + REVISION_OFFSET, (byte) REVISION);
        target.putShort(offset + SIZE_OFFSET, (short) BYTES, LITTLE_ENDIAN);
        target.putInt(offset + STATE_OFFSET, isUp ? CONNECTED : DISCONNECTED, LITTLE_ENDIAN);
        target.putLong(offset + SEND_OFFSET, bitsPerSecond, LITTLE_ENDIAN);
        target.putLong(offset + RECEIVE_OFFSET, bitsPerSecond, LITTLE_ENDIAN);
    }
}
