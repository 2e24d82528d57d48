package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;

/**
 * In which frames a host finds the headers that it works on: 28 bytes, little-endian. What {@link
 * Oid#OFFLOAD_ENCAPSULATION} is about.
 *
 * <pre>
 *  byte   0         4         8         12        16        20        24        28
 *       +---------+---------+---------+---------+---------+---------+---------+
 *       |t  r size| ip4 has |  encap  | header  | ip6 has |  encap  | header  |
 *       +---------+---------+---------+---------+---------+---------+---------+
 * </pre>
 *
 * <p>In front: type 168 (1 byte), revision (1), size (2). Source: {@code
 * NDIS_OFFLOAD_ENCAPSULATION}, ntddndis.h. Threads: any.
 */
public final class OffloadEncapsulation {
    /** Bytes of the whole. */
    public static final int BYTES = 28;

    /** The type in front. */
    public static final int OBJECT_TYPE = 168;

    private static final int REVISION = 1;
    private static final int SUPPORTED = 1;
    private static final int ETHERNET_BYTES = 14;
    private static final int REVISION_OFFSET = Byte.BYTES;
    private static final int SIZE_OFFSET = REVISION_OFFSET + Byte.BYTES;
    private static final int IPV4_OFFSET = SIZE_OFFSET + Short.BYTES;
    private static final int IPV6_OFFSET = IPV4_OFFSET + 3 * Integer.BYTES;

    private OffloadEncapsulation() {}

    /** Writes all of it: Ethernet without a tag, for both versions of IP. */
    public static void putEthernet(final MutableDirectBuffer target, final int offset) {
        target.putByte(offset, (byte) OBJECT_TYPE);
        target.putByte(offset + REVISION_OFFSET, (byte) REVISION);
        target.putShort(offset + SIZE_OFFSET, (short) BYTES, LITTLE_ENDIAN);
        putIp(target, offset + IPV4_OFFSET);
        putIp(target, offset + IPV6_OFFSET);
    }

    private static void putIp(final MutableDirectBuffer target, final int at) {
        target.putInt(at, SUPPORTED, LITTLE_ENDIAN);
        target.putInt(at + Integer.BYTES, NdisOffload.ENCAPSULATION_8023, LITTLE_ENDIAN);
        target.putInt(at + 2 * Integer.BYTES, ETHERNET_BYTES, LITTLE_ENDIAN);
    }
}
