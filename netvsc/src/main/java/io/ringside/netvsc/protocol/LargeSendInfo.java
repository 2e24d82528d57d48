package io.ringside.netvsc.protocol;

/**
 * How a frame is to be cut into TCP segments: one word.
 *
 * <pre>
 *  bit    31 30 29                20 19                    0
 *       +---+--+--------------------+-----------------------+
 *       |v6 |v2|  TCP header at     |  payload of a segment |
 *       +---+--+--------------------+-----------------------+
 * </pre>
 *
 * <p>{@code v2}: the second kind of large send, where the guest has set the length of the IP packet
 * to zero; {@code v6}: it is IPv6, which only the second kind knows. The first kind is for IPv4,
 * and leaves the length as it is.
 *
 * <p>Source: {@code struct ndis_tcp_lso_info}, hyperv_net.h. Threads: any.
 */
public final class LargeSendInfo {
    /** Most bytes of payload of one segment that the word can tell. */
    public static final int MOST_SEGMENT_BYTES = 0xfffff;

    /** Most bytes before the TCP header that the word can tell. */
    public static final int MOST_TRANSPORT_OFFSET = 0x3ff;

    private static final int TRANSPORT_SHIFT = 20;
    private static final int VERSION_2 = 1 << 30;
    private static final int IPV6 = 1 << 31;

    private LargeSendInfo() {}

    /** The first kind. */
    public static int version1(final int segmentBytes, final int tcpOffsetBytes) {
        return segmentBytes & MOST_SEGMENT_BYTES
                | (tcpOffsetBytes & MOST_TRANSPORT_OFFSET) << TRANSPORT_SHIFT;
    }

    /** The second kind. */
    public static int version2(
            final int segmentBytes, final int tcpOffsetBytes, final boolean isIpv6) {
        return version1(segmentBytes, tcpOffsetBytes) | VERSION_2 | (isIpv6 ? IPV6 : 0);
    }

    /** Whether it is the second kind. */
    public static boolean isVersion2(final int word) {
        return (word & VERSION_2) != 0;
    }

    /** Whether it is TCP over IPv6. */
    public static boolean isIpv6(final int word) {
        return isVersion2(word) && (word & IPV6) != 0;
    }

    /** Most payload of one segment, 0 to 1048575 bytes. */
    public static int segmentBytes(final int word) {
        return word & MOST_SEGMENT_BYTES;
    }

    /** Where the TCP header starts in the frame, 0 to 1023. */
    public static int tcpOffset(final int word) {
        return word >>> TRANSPORT_SHIFT & MOST_TRANSPORT_OFFSET;
    }
}
