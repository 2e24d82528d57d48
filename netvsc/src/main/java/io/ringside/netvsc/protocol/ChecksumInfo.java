package io.ringside.netvsc.protocol;

/**
 * What is to be done, or is known, about the checksums of a frame: one word.
 *
 * <pre>
 *  bit    31        26 25            16 15       9  8  7  6  5  4  3  2  1  0
 *       +------------+----------------+----------+--------------+--+--+--+--+
 *  to   |     0      | transport at   |    0              |ip|ud|tc|v6|v4|   sent by the guest
 *       +------------+----------------+----------+--------------+--+--+--+--+
 *  from |                  0                     |  |  |  |ok:  | bad:    |   received by it
 *       +----------------------------------------+--------------------------+
 *                                                    lo ip ud tc ip ud tc
 * </pre>
 *
 * <p>Sent: {@code v4} and {@code v6} name the protocol, {@code tc}, {@code ud} and {@code ip} the
 * sums that are wanted; the transport's field holds the sum of the pseudo header. Received: which
 * sums were found wrong (bits 0 to 2), which right (3 to 5), and whether the frame never saw a wire
 * (6).
 *
 * <p>Source: {@code struct ndis_tcp_ip_checksum_info}, hyperv_net.h. Threads: any.
 */
public final class ChecksumInfo {
    public static final int IS_IPV4 = 1;
    public static final int IS_IPV6 = 1 << 1;
    public static final int WANT_TCP = 1 << 2;
    public static final int WANT_UDP = 1 << 3;
    public static final int WANT_IP_HEADER = 1 << 4;

    public static final int TCP_FAILED = 1;
    public static final int UDP_FAILED = 1 << 1;
    public static final int IP_FAILED = 1 << 2;
    public static final int TCP_SUCCEEDED = 1 << 3;
    public static final int UDP_SUCCEEDED = 1 << 4;
    public static final int IP_SUCCEEDED = 1 << 5;
    public static final int LOOPBACK = 1 << 6;
    public static final int TCP_VALUE_INVALID = 1 << 7;
    public static final int IP_VALUE_INVALID = 1 << 8;

    /** Most bytes before the transport header that the word can tell. */
    public static final int MOST_TRANSPORT_OFFSET = 0x3ff;

    private static final int TRANSPORT_SHIFT = 16;

    private ChecksumInfo() {}

    /** A word of a sender: flags, and where the transport header starts in the frame. */
    public static int toSend(final int flags, final int transportOffsetBytes) {
        return flags | (transportOffsetBytes & MOST_TRANSPORT_OFFSET) << TRANSPORT_SHIFT;
    }

    /** Where the transport header starts in a frame that is sent, 0 to 1023. */
    public static int transportOffset(final int word) {
        return word >>> TRANSPORT_SHIFT & MOST_TRANSPORT_OFFSET;
    }
}
