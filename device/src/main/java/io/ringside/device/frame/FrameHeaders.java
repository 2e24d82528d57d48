package io.ringside.device.frame;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Where the headers of one frame lie: as far as its first bytes say, all of them unchecked claims
 * but bounded by what may be read.
 *
 * <pre>
 *   0             14 (+4 for each tag)            transport offset
 *   +-------------+---------------------------------+-----------------------+---------
 *   |  Ethernet,  |  IPv4 and options, or IPv6 and  |  TCP, UDP             |  payload
 *   |  0-2 tags   |  at most 8 extension headers    |                       |
 *   +-------------+---------------------------------+-----------------------+---------
 *                 network offset
 * </pre>
 *
 * <p>Every byte is read once. It is allocated once and filled anew for every frame. Threads: one.
 * Source: IEEE 802.1Q; RFC 791; RFC 8200, 4.
 */
public final class FrameHeaders {
    /** Most header bytes of one frame that anybody here looks at. */
    public static final int MAX_BYTES = 256;

    static final int ETHERNET_BYTES = 14;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int IPV4_BYTES = 20;
    static final int IPV6_BYTES = 40;
    static final int IPV4_SOURCE = 12;
    static final int IPV6_SOURCE = 8;
    static final int IPV4_ADDRESSES_BYTES = 8;
    static final int IPV6_ADDRESSES_BYTES = 32;

    private static final int NO_PROTOCOL = -1;
    private static final int TAG_BYTES = 4;
    private static final int MAX_TAGS = 2;
    private static final int MAX_EXTENSIONS = 8;
    private static final int TYPE_OFFSET = 12;
    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86DD;
    private static final int TYPE_TAG = 0x8100;
    private static final int TYPE_SERVICE_TAG = 0x88A8;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV4_FRAGMENT = 6;
    private static final int IPV4_PROTOCOL = 9;
    private static final int MORE_FRAGMENTS_AND_OFFSET = 0x3FFF;
    private static final int IPV6_LENGTH = 4;
    private static final int IPV6_NEXT_HEADER = 6;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int MIN_EXTENSION_BYTES = 8;
    private static final int SEGMENTS_LEFT = 3;

    private int ipVersion;
    private int networkOffset;
    private int networkBytes;
    private int transportOffset;
    private int protocol;
    private boolean fragment;
    private boolean rerouted;

    /**
     * Reads the headers of a frame.
     *
     * @param offsetBytes where the frame starts
     * @param readableBytes how many bytes of it may be read
     * @return whether it is IPv4 or IPv6 with a whole fixed header; if not, there is nothing more
     */
    public boolean read(final DirectBuffer frame, final int offsetBytes, final int readableBytes) {
        ipVersion = 0;
        networkBytes = 0;
        transportOffset = 0;
        protocol = NO_PROTOCOL;
        fragment = false;
        rerouted = false;
        networkOffset = ETHERNET_BYTES;
        if (readableBytes < ETHERNET_BYTES) {
            return false;
        }
        int type = word(frame, offsetBytes + TYPE_OFFSET);
        for (int tags = 0; tags < MAX_TAGS && isTag(type); tags++) {
            networkOffset += TAG_BYTES;
            if (networkOffset > readableBytes) {
                return false;
            }
            type = word(frame, offsetBytes + networkOffset - Short.BYTES);
        }
        return switch (type) {
            case TYPE_IPV4 -> readIpv4(frame, offsetBytes, readableBytes);
            case TYPE_IPV6 -> readIpv6(frame, offsetBytes, readableBytes);
            default -> false;
        };
    }

    private static boolean isTag(final int type) {
        return type == TYPE_TAG || type == TYPE_SERVICE_TAG;
    }

    private boolean readIpv4(
            final DirectBuffer frame, final int offsetBytes, final int readableBytes) {
        if (readableBytes - networkOffset < IPV4_BYTES) {
            return false;
        }
        final int at = offsetBytes + networkOffset;
        final int versionAndWords = frame.getByte(at) & 0xFF;
        final int headerBytes = (versionAndWords & 0xF) * Integer.BYTES;
        if (versionAndWords >>> 4 != 4 || headerBytes < IPV4_BYTES) {
            return false;
        }
        ipVersion = 4;
        networkBytes = word(frame, at + IPV4_LENGTH);
        fragment = (word(frame, at + IPV4_FRAGMENT) & MORE_FRAGMENTS_AND_OFFSET) != 0;
        if (headerBytes <= readableBytes - networkOffset) {
            transportOffset = networkOffset + headerBytes;
            protocol = frame.getByte(at + IPV4_PROTOCOL) & 0xFF;
        }
        return true;
    }

    private boolean readIpv6(
            final DirectBuffer frame, final int offsetBytes, final int readableBytes) {
        if (readableBytes - networkOffset < IPV6_BYTES) {
            return false;
        }
        final int at = offsetBytes + networkOffset;
        if ((frame.getByte(at) & 0xFF) >>> 4 != 6) {
            return false;
        }
        ipVersion = 6;
        networkBytes = IPV6_BYTES + word(frame, at + IPV6_LENGTH);
        int next = frame.getByte(at + IPV6_NEXT_HEADER) & 0xFF;
        int offset = networkOffset + IPV6_BYTES;
        for (int i = 0; isExtension(next); i++) {
            if (i == MAX_EXTENSIONS || readableBytes - offset < MIN_EXTENSION_BYTES) {
                return true;
            }
            final int lengthBytes =
                    extensionBytes(next, frame.getByte(offsetBytes + offset + 1) & 0xFF);
            fragment |= next == FRAGMENT;
            rerouted |= next == ROUTING && frame.getByte(offsetBytes + offset + SEGMENTS_LEFT) != 0;
            next = frame.getByte(offsetBytes + offset) & 0xFF;
            offset += lengthBytes;
        }
        if (offset <= readableBytes) {
            transportOffset = offset;
            protocol = next;
        }
        return true;
    }

    private static boolean isExtension(final int header) {
        return header == HOP_BY_HOP
                || header == ROUTING
                || header == FRAGMENT
                || header == AUTHENTICATION
                || header == DESTINATION_OPTIONS;
    }

    private static int extensionBytes(final int header, final int lengthField) {
        return switch (header) {
            case FRAGMENT -> MIN_EXTENSION_BYTES;
            case AUTHENTICATION -> (lengthField + 2) * Integer.BYTES;
            default -> (lengthField + 1) * Long.BYTES;
        };
    }

    private static int word(final DirectBuffer frame, final int at) {
        return frame.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** 4, 6, or zero if it is neither. */
    public int ipVersion() {
        return ipVersion;
    }

    /** Where the IP header starts, behind the tags. */
    public int networkOffset() {
        return networkOffset;
    }

    /** Bytes of the IP packet, its header among them, as that header says. */
    public int networkBytes() {
        return networkBytes;
    }

    /** Whether a whole chain of headers leads to a transport header. */
    public boolean hasTransport() {
        return protocol != NO_PROTOCOL;
    }

    /** Where the transport header starts; only if {@link #hasTransport}. */
    public int transportOffset() {
        return transportOffset;
    }

    /** What kind of transport header that is, as IP numbers them; only if {@link #hasTransport}. */
    public int protocol() {
        return protocol;
    }

    /** Whether it is a fragment of a datagram, be it the first one. */
    public boolean isFragment() {
        return fragment;
    }

    /** Whether the fixed header of IPv6 names a stop on the way, and not the destination. */
    public boolean isRerouted() {
        return rerouted;
    }
}
