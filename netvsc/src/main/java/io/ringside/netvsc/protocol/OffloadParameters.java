package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a guest wants done to frames: 28 bytes, or the first 22 of them up to version 4;
 * little-endian. What is set by {@link Oid#TCP_OFFLOAD_PARAMETERS}.
 *
 * <pre>
 *  byte   0      1      2      3      4      5      6      7      8      9      10     11
 *       +------+------+-------------+------+------+------+------+------+------+------+------+
 *    0  |type  |rev   |    size     |ip4   |tcp4  |udp4  |tcp6  |udp6  |lso 1 |  0   |lso4  |
 *       +------+------+-------------+------+------+------+------+------+------+------+------+
 *   12  |lso6  |  0   |  0   |  -   |  flags                    |  0   |  0   |rsc4  |rsc6  |
 *       +------+------+------+------+---------------------------+------+------+------+------+
 *   24  |  0   |  0   |  -   |  -   |
 *       +------+------+------+------+
 * </pre>
 *
 * <p>Sums: 0 as it is, 1 neither way, 2 sending, 3 receiving, 4 both. Large sends and coalescing: 0
 * as it is, 1 off, 2 on.
 *
 * <p>Source: {@code struct ndis_offload_params}, hyperv_net.h. Threads: one flyweight per thread.
 */
public final class OffloadParameters {
    /** Bytes of the whole. */
    public static final int BYTES = 28;

    /** Bytes that are sent up to version 4. */
    public static final int BYTES_VERSION_4 = 22;

    /** The type in front. */
    public static final int OBJECT_TYPE = 128;

    /** The revision of the whole. */
    public static final int REVISION = 3;

    public static final int NO_CHANGE = 0;
    public static final int SUMS_OFF = 1;
    public static final int SUMS_SENDING = 2;
    public static final int SUMS_RECEIVING = 3;
    public static final int SUMS_BOTH = 4;
    public static final int OFF = 1;
    public static final int ON = 2;

    private static final int REVISION_OFFSET = 1;
    private static final int SIZE_OFFSET = REVISION_OFFSET + 1;
    private static final int IPV4_OFFSET = SIZE_OFFSET + Short.BYTES;
    private static final int TCP_IPV4_OFFSET = IPV4_OFFSET + 1;
    private static final int UDP_IPV4_OFFSET = TCP_IPV4_OFFSET + 1;
    private static final int TCP_IPV6_OFFSET = UDP_IPV4_OFFSET + 1;
    private static final int UDP_IPV6_OFFSET = TCP_IPV6_OFFSET + 1;
    private static final int LSO_1_OFFSET = UDP_IPV6_OFFSET + 1;
    private static final int LSO_IPV4_OFFSET = LSO_1_OFFSET + 2;
    private static final int LSO_IPV6_OFFSET = LSO_IPV4_OFFSET + 1;
    private static final int RSC_IPV4_OFFSET = BYTES_VERSION_4;
    private static final int RSC_IPV6_OFFSET = RSC_IPV4_OFFSET + 1;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over 22 bytes or more; what lies behind 28 is not looked at. */
    public OffloadParameters wrap(
            final MutableDirectBuffer memory, final int offset, final int lengthBytes) {
        if (lengthBytes < BYTES_VERSION_4) {
            throw new IllegalArgumentException("no parameters: lengthBytes=" + lengthBytes);
        }
        buffer.wrap(memory, offset, Math.min(lengthBytes, BYTES));
        return this;
    }

    /** Writes parameters that change nothing, as long as what was wrapped. */
    public OffloadParameters putNothing() {
        buffer.setMemory(0, buffer.capacity(), (byte) 0);
        buffer.putByte(0, (byte) OBJECT_TYPE);
        buffer.putByte(REVISION_OFFSET, (byte) REVISION);
        buffer.putShort(SIZE_OFFSET, (short) buffer.capacity(), LITTLE_ENDIAN);
        return this;
    }

    /** Sets the sums over IPv4: of its header, of TCP, of UDP. */
    public OffloadParameters putChecksumIpv4(final int header, final int tcp, final int udp) {
        buffer.putByte(IPV4_OFFSET, (byte) header);
        buffer.putByte(TCP_IPV4_OFFSET, (byte) tcp);
        buffer.putByte(UDP_IPV4_OFFSET, (byte) udp);
        return this;
    }

    /** Sets the sums over IPv6: of TCP, of UDP. */
    public OffloadParameters putChecksumIpv6(final int tcp, final int udp) {
        buffer.putByte(TCP_IPV6_OFFSET, (byte) tcp);
        buffer.putByte(UDP_IPV6_OFFSET, (byte) udp);
        return this;
    }

    /** Sets large sends: of the first kind, of the second over IPv4, of the second over IPv6. */
    public OffloadParameters putLargeSend(final int first, final int ipv4, final int ipv6) {
        buffer.putByte(LSO_1_OFFSET, (byte) first);
        buffer.putByte(LSO_IPV4_OFFSET, (byte) ipv4);
        buffer.putByte(LSO_IPV6_OFFSET, (byte) ipv6);
        return this;
    }

    /** Sets coalescing; only where all 28 bytes are. */
    public OffloadParameters putCoalescing(final int ipv4, final int ipv6) {
        buffer.putByte(RSC_IPV4_OFFSET, (byte) ipv4);
        buffer.putByte(RSC_IPV6_OFFSET, (byte) ipv6);
        return this;
    }

    /** The type in front, 0 to 255. */
    public int objectType() {
        return u8(0);
    }

    /** The revision, 0 to 255. */
    public int revision() {
        return u8(REVISION_OFFSET);
    }

    /** What the sender says is the length, 0 to 65535 bytes. */
    public int size() {
        return buffer.getShort(SIZE_OFFSET, LITTLE_ENDIAN) & 0xffff;
    }

    /** The sum of an IPv4 header. */
    public int checksumIpv4() {
        return u8(IPV4_OFFSET);
    }

    /** The sum of TCP over IPv4. */
    public int checksumTcpIpv4() {
        return u8(TCP_IPV4_OFFSET);
    }

    /** The sum of UDP over IPv4. */
    public int checksumUdpIpv4() {
        return u8(UDP_IPV4_OFFSET);
    }

    /** The sum of TCP over IPv6. */
    public int checksumTcpIpv6() {
        return u8(TCP_IPV6_OFFSET);
    }

    /** The sum of UDP over IPv6. */
    public int checksumUdpIpv6() {
        return u8(UDP_IPV6_OFFSET);
    }

    /** Large sends of the first kind. */
    public int largeSend1() {
        return u8(LSO_1_OFFSET);
    }

    /** Large sends of the second kind over IPv4. */
    public int largeSendIpv4() {
        return u8(LSO_IPV4_OFFSET);
    }

    /** Large sends of the second kind over IPv6. */
    public int largeSendIpv6() {
        return u8(LSO_IPV6_OFFSET);
    }

    /** Coalescing over IPv4; no change where there are 22 bytes only. */
    public int coalescingIpv4() {
        return buffer.capacity() == BYTES ? u8(RSC_IPV4_OFFSET) : NO_CHANGE;
    }

    /** Coalescing over IPv6; no change where there are 22 bytes only. */
    public int coalescingIpv6() {
        return buffer.capacity() == BYTES ? u8(RSC_IPV6_OFFSET) : NO_CHANGE;
    }

    private int u8(final int offset) {
        return buffer.getByte(offset) & 0xff;
    }
}
