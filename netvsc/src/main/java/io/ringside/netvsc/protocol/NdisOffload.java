package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a host can do to frames: 156 bytes, or the first 112 or 144 of them; little-endian. The
 * answer to {@link Oid#TCP_OFFLOAD_HARDWARE_CAPABILITIES}.
 *
 * <pre>
 *  byte   0         4         8         12        16        20        24        28
 *       +---------+---------+---------+---------+---------+---------+---------+---------+
 *    0  |t  r size|ip4 encap|ip4 send |ip4 encap|ip4 recv |ip6 encap|ip6 send |ip6 encap|
 *       +---------+---------+---------+---------+---------+---------+---------+---------+
 *   32  |ip6 recv |lso 1 enc|lso 1 max|lso 1 min| options |  IPsec, 28 bytes ...
 *       +---------+---------+---------+---------+---------+---------+---------+---------+
 *   80  |ip4 encap|ip4 max  |ip4 min  |ip6 encap|ip6 max  |ip6 min  |ip6 opts | flags   |   LSO 2
 *       +---------+---------+---------+---------+---------+---------+---------+---------+
 *  112  |  IPsec version 2, 32 bytes ...                                                |
 *       +---------+---------+---------+-------------------------------------------------+
 *  144  | rsc     |  encapsulated, 8  |
 *       +---------+-------------------+
 * </pre>
 *
 * <p>In front: type 167 (1 byte), revision (1), size (2). {@code rsc} is one byte for IPv4 and one
 * for IPv6.
 *
 * <p>Source: {@code struct ndis_offload}, hyperv_net.h. Threads: one flyweight per thread.
 */
public final class NdisOffload {
    /** Bytes of the whole. */
    public static final int BYTES = 156;

    /** Bytes that hosts of NDIS 6.0 have, and the least that can be. */
    public static final int LEAST_BYTES = 112;

    /** Bytes that hosts of NDIS 6.1 have; there is no coalescing in them. */
    public static final int BYTES_6_1 = 144;

    /** The type in front. */
    public static final int OBJECT_TYPE = 167;

    /** The revision that has all bytes. */
    public static final int REVISION = 3;

    // What is summed when sending.
    public static final int SEND_IPV4_OPTIONS = 1;
    public static final int SEND_TCP4_OPTIONS = 4;
    public static final int SEND_TCP4 = 0x10;
    public static final int SEND_UDP4 = 0x40;
    public static final int SEND_IPV4 = 0x100;
    public static final int SEND_IPV6_EXTENSIONS = 1;
    public static final int SEND_TCP6_OPTIONS = 4;
    public static final int SEND_TCP6 = 0x10;
    public static final int SEND_UDP6 = 0x40;

    // What is checked when receiving.
    public static final int RECEIVE_IPV4_OPTIONS = 1;
    public static final int RECEIVE_TCP4_OPTIONS = 4;
    public static final int RECEIVE_TCP4 = 0x10;
    public static final int RECEIVE_UDP4 = 0x40;
    public static final int RECEIVE_IPV4 = 0x100;
    public static final int RECEIVE_IPV6_EXTENSIONS = 1;
    public static final int RECEIVE_TCP6_OPTIONS = 4;
    public static final int RECEIVE_TCP6 = 0x10;
    public static final int RECEIVE_UDP6 = 0x40;

    // What may stand in a header that is cut over IPv6.
    public static final int LSO_IPV6_EXTENSIONS = 1;
    public static final int LSO_TCP6_OPTIONS = 4;

    /** Encapsulation: Ethernet. */
    public static final int ENCAPSULATION_8023 = 2;

    private static final int REVISION_OFFSET = Byte.BYTES;
    private static final int SIZE_OFFSET = REVISION_OFFSET + Byte.BYTES;
    private static final int CHECKSUM_OFFSET = SIZE_OFFSET + Short.BYTES;
    private static final int IPV4_SEND_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;
    private static final int IPV4_RECEIVE_OFFSET = IPV4_SEND_OFFSET + 2 * Integer.BYTES;
    private static final int IPV6_SEND_OFFSET = IPV4_RECEIVE_OFFSET + 2 * Integer.BYTES;
    private static final int IPV6_RECEIVE_OFFSET = IPV6_SEND_OFFSET + 2 * Integer.BYTES;
    private static final int LSO_1_OFFSET = IPV6_RECEIVE_OFFSET + Integer.BYTES;
    private static final int LSO_1_MOST_OFFSET = LSO_1_OFFSET + Integer.BYTES;
    private static final int LSO_1_LEAST_OFFSET = LSO_1_MOST_OFFSET + Integer.BYTES;
    private static final int IPSEC_OFFSET = LSO_1_LEAST_OFFSET + 2 * Integer.BYTES;
    private static final int LSO_IPV4_OFFSET = IPSEC_OFFSET + 7 * Integer.BYTES;
    private static final int LSO_IPV4_MOST_OFFSET = LSO_IPV4_OFFSET + Integer.BYTES;
    private static final int LSO_IPV4_LEAST_OFFSET = LSO_IPV4_MOST_OFFSET + Integer.BYTES;
    private static final int LSO_IPV6_OFFSET = LSO_IPV4_LEAST_OFFSET + Integer.BYTES;
    private static final int LSO_IPV6_MOST_OFFSET = LSO_IPV6_OFFSET + Integer.BYTES;
    private static final int LSO_IPV6_LEAST_OFFSET = LSO_IPV6_MOST_OFFSET + Integer.BYTES;
    private static final int LSO_IPV6_OPTIONS_OFFSET = LSO_IPV6_LEAST_OFFSET + Integer.BYTES;
    private static final int RSC_IPV4_OFFSET = BYTES_6_1;
    private static final int RSC_IPV6_OFFSET = RSC_IPV4_OFFSET + Byte.BYTES;
    private static final long U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over 112 bytes or more; what lies behind 156 is not looked at. */
    public NdisOffload wrap(
            final MutableDirectBuffer memory, final int offset, final int lengthBytes) {
        if (lengthBytes < LEAST_BYTES) {
            throw new IllegalArgumentException("no offload: lengthBytes=" + lengthBytes);
        }
        buffer.wrap(memory, offset, Math.min(lengthBytes, BYTES));
        return this;
    }

    /** Bytes that guest and host of a version use. */
    public static int bytes(final NvspVersion version) {
        if (version.isAtLeast(NvspVersion.V5)) {
            return BYTES;
        }
        return version == NvspVersion.V4 ? BYTES_6_1 : LEAST_BYTES;
    }

    /** The revision that guest and host of a version use. */
    public static int revision(final NvspVersion version) {
        if (version.isAtLeast(NvspVersion.V5)) {
            return REVISION;
        }
        return version == NvspVersion.V4 ? REVISION - 1 : REVISION - 2;
    }

    /** Writes a struct that offers nothing, of the newest revision. */
    public NdisOffload putNothing() {
        return putNothing(REVISION);
    }

    /** Writes a struct that offers nothing, as long as what was wrapped. */
    public NdisOffload putNothing(final int revision) {
        buffer.setMemory(0, buffer.capacity(), (byte) 0);
        buffer.putByte(0, (byte) OBJECT_TYPE);
        buffer.putByte(REVISION_OFFSET, (byte) revision);
        buffer.putShort(SIZE_OFFSET, (short) buffer.capacity(), LITTLE_ENDIAN);
        return this;
    }

    /** Offers sums over IPv4: bits as above. */
    public NdisOffload putChecksumIpv4(final int send, final int receive) {
        return putChecksum(IPV4_SEND_OFFSET, send, IPV4_RECEIVE_OFFSET, receive);
    }

    /** Offers sums over IPv6: bits as above. */
    public NdisOffload putChecksumIpv6(final int send, final int receive) {
        return putChecksum(IPV6_SEND_OFFSET, send, IPV6_RECEIVE_OFFSET, receive);
    }

    private NdisOffload putChecksum(
            final int sendOffset, final int send, final int receiveOffset, final int receive) {
        putEncapsulation(sendOffset - Integer.BYTES, send);
        buffer.putInt(sendOffset, send, LITTLE_ENDIAN);
        putEncapsulation(receiveOffset - Integer.BYTES, receive);
        buffer.putInt(receiveOffset, receive, LITTLE_ENDIAN);
        return this;
    }

    private void putEncapsulation(final int offset, final int offered) {
        buffer.putInt(offset, offered == 0 ? 0 : ENCAPSULATION_8023, LITTLE_ENDIAN);
    }

    /** Offers large sends of the first kind. */
    public NdisOffload putLargeSend1(final int mostBytes, final int leastSegments) {
        return putLargeSend(LSO_1_OFFSET, mostBytes, leastSegments);
    }

    /** Offers large sends of the second kind over IPv4. */
    public NdisOffload putLargeSendIpv4(final int mostBytes, final int leastSegments) {
        return putLargeSend(LSO_IPV4_OFFSET, mostBytes, leastSegments);
    }

    /** Offers large sends of the second kind over IPv6: option bits as above. */
    public NdisOffload putLargeSendIpv6(
            final int mostBytes, final int leastSegments, final int options) {
        buffer.putInt(LSO_IPV6_OPTIONS_OFFSET, options, LITTLE_ENDIAN);
        return putLargeSend(LSO_IPV6_OFFSET, mostBytes, leastSegments);
    }

    private NdisOffload putLargeSend(
            final int offset, final int mostBytes, final int leastSegments) {
        putEncapsulation(offset, mostBytes);
        buffer.putInt(offset + Integer.BYTES, mostBytes, LITTLE_ENDIAN);
        buffer.putInt(offset + 2 * Integer.BYTES, leastSegments, LITTLE_ENDIAN);
        return this;
    }

    /** Offers coalescing; only where all 156 bytes are. */
    public NdisOffload putCoalescing(final boolean ipv4, final boolean ipv6) {
        buffer.putByte(RSC_IPV4_OFFSET, (byte) (ipv4 ? 1 : 0));
        buffer.putByte(RSC_IPV6_OFFSET, (byte) (ipv6 ? 1 : 0));
        return this;
    }

    /** The type in front, 0 to 255: another than {@link #OBJECT_TYPE} is no offer. */
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

    /** Sums over IPv4 that are done when sending. */
    public int sendChecksumIpv4() {
        return buffer.getInt(IPV4_SEND_OFFSET, LITTLE_ENDIAN);
    }

    /** Sums over IPv4 that are checked when receiving. */
    public int receiveChecksumIpv4() {
        return buffer.getInt(IPV4_RECEIVE_OFFSET, LITTLE_ENDIAN);
    }

    /** Sums over IPv6 that are done when sending. */
    public int sendChecksumIpv6() {
        return buffer.getInt(IPV6_SEND_OFFSET, LITTLE_ENDIAN);
    }

    /** Sums over IPv6 that are checked when receiving. */
    public int receiveChecksumIpv6() {
        return buffer.getInt(IPV6_RECEIVE_OFFSET, LITTLE_ENDIAN);
    }

    /** Most bytes of a large send of the first kind, as u32; 0: none is done. */
    public long largeSend1Bytes() {
        return encapsulated(LSO_1_OFFSET, LSO_1_MOST_OFFSET);
    }

    /** Most bytes of a large send over IPv4, as u32; 0: none is done. */
    public long largeSendIpv4Bytes() {
        return encapsulated(LSO_IPV4_OFFSET, LSO_IPV4_MOST_OFFSET);
    }

    /** Most bytes of a large send over IPv6, as u32; 0: none is done. */
    public long largeSendIpv6Bytes() {
        return encapsulated(LSO_IPV6_OFFSET, LSO_IPV6_MOST_OFFSET);
    }

    private long encapsulated(final int encapsulation, final int most) {
        final int kinds = buffer.getInt(encapsulation, LITTLE_ENDIAN);
        return (kinds & ENCAPSULATION_8023) == 0 ? 0 : buffer.getInt(most, LITTLE_ENDIAN) & U32;
    }

    /** Fewest segments of a large send over IPv4, as u32. */
    public long largeSendIpv4LeastSegments() {
        return buffer.getInt(LSO_IPV4_LEAST_OFFSET, LITTLE_ENDIAN) & U32;
    }

    /** Fewest segments of a large send over IPv6, as u32. */
    public long largeSendIpv6LeastSegments() {
        return buffer.getInt(LSO_IPV6_LEAST_OFFSET, LITTLE_ENDIAN) & U32;
    }

    /** What may stand in the headers of a large send over IPv6. */
    public int largeSendIpv6Options() {
        return buffer.getInt(LSO_IPV6_OPTIONS_OFFSET, LITTLE_ENDIAN);
    }

    /** Whether received packets over IPv4 can be coalesced. */
    public boolean coalescesIpv4() {
        return buffer.capacity() == BYTES && buffer.getByte(RSC_IPV4_OFFSET) != 0;
    }

    /** Whether received packets over IPv6 can be coalesced. */
    public boolean coalescesIpv6() {
        return buffer.capacity() == BYTES && buffer.getByte(RSC_IPV6_OFFSET) != 0;
    }
}
