package io.ringside.device.frame;

import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The hash that keeps a flow together: the most specific of the enabled types that a frame allows.
 *
 * <pre>
 *   type        input, in the byte order of the wire
 *   IPV4        source address (4 bytes), destination address (4)
 *   TCP_IPV4    the same, source port (2), destination port (2)
 *   IPV6        source address (16), destination address (16)
 *   TCP_IPV6    the same, source port (2), destination port (2)
 * </pre>
 *
 * <p>A fragment has no ports to go by, even the first one, so that all of a datagram go one way.
 * The addresses of IPv6 are those of its fixed header, whatever its extension headers name. A frame
 * whose headers are cut short is hashed by what is whole.
 *
 * <p>Threads: one. Source: Microsoft, RSS Hashing Types.
 */
public final class FlowHash {
    private static final int PORTS_BYTES = 4;

    private final Toeplitz toeplitz;
    private final FrameHeaders headers = new FrameHeaders();
    private final UnsafeBuffer scratch =
            new UnsafeBuffer(new byte[FrameHeaders.MAX_BYTES], 0, FrameHeaders.MAX_BYTES);
    private boolean ipv4;
    private boolean tcpIpv4;
    private boolean ipv6;
    private boolean tcpIpv6;

    /** Makes a hash with no type enabled; the key stays the caller's to change. */
    public FlowHash(final Toeplitz toeplitz) {
        this.toeplitz = toeplitz;
    }

    /** Says which types are used from now on. */
    public void enable(final Set<HashType> types) {
        ipv4 = types.contains(HashType.IPV4);
        tcpIpv4 = types.contains(HashType.TCP_IPV4);
        ipv6 = types.contains(HashType.IPV6);
        tcpIpv6 = types.contains(HashType.TCP_IPV6);
    }

    /** Hashes a frame in pieces, and notes hash and type in its metadata. */
    public void hash(final FrameBytes frame, final FrameMetadata metadata) {
        final UnsafeBuffer head = frame.head(scratch);
        hash(head, 0, Math.min(head.capacity(), frame.totalBytes()), metadata);
    }

    /**
     * Hashes a frame, and notes hash and type in its metadata.
     *
     * @param offsetBytes where the frame starts
     * @param readableBytes how many bytes of it may be read
     */
    public void hash(
            final DirectBuffer frame,
            final int offsetBytes,
            final int readableBytes,
            final FrameMetadata metadata) {
        headers.read(frame, offsetBytes, readableBytes);
        final boolean hasPorts = hasTcpPorts(readableBytes);
        switch (headers.ipVersion()) {
            case 4 -> hashIpv4(frame, offsetBytes, hasPorts && tcpIpv4, metadata);
            case 6 -> hashIpv6(frame, offsetBytes, hasPorts && tcpIpv6, metadata);
            default -> metadata.hash(HashType.NONE, 0);
        }
    }

    private boolean hasTcpPorts(final int readableBytes) {
        return headers.hasTransport()
                && headers.protocol() == FrameHeaders.TCP
                && !headers.isFragment()
                && readableBytes - headers.transportOffset() >= PORTS_BYTES;
    }

    private void hashIpv4(
            final DirectBuffer frame,
            final int offsetBytes,
            final boolean withPorts,
            final FrameMetadata metadata) {
        if (!withPorts && !ipv4) {
            metadata.hash(HashType.NONE, 0);
            return;
        }
        final int at = offsetBytes + headers.networkOffset() + FrameHeaders.IPV4_SOURCE;
        final int hash = toeplitz.hash(frame, at, FrameHeaders.IPV4_ADDRESSES_BYTES);
        if (withPorts) {
            metadata.hash(
                    HashType.TCP_IPV4,
                    addPorts(hash, FrameHeaders.IPV4_ADDRESSES_BYTES, frame, offsetBytes));
        } else {
            metadata.hash(HashType.IPV4, hash);
        }
    }

    private int addPorts(
            final int hash, final int place, final DirectBuffer frame, final int offsetBytes) {
        return toeplitz.add(
                hash, place, frame, offsetBytes + headers.transportOffset(), PORTS_BYTES);
    }

    private void hashIpv6(
            final DirectBuffer frame,
            final int offsetBytes,
            final boolean withPorts,
            final FrameMetadata metadata) {
        if (!withPorts && !ipv6) {
            metadata.hash(HashType.NONE, 0);
            return;
        }
        final int at = offsetBytes + headers.networkOffset() + FrameHeaders.IPV6_SOURCE;
        final int hash = toeplitz.hash(frame, at, FrameHeaders.IPV6_ADDRESSES_BYTES);
        if (withPorts) {
            metadata.hash(
                    HashType.TCP_IPV6,
                    addPorts(hash, FrameHeaders.IPV6_ADDRESSES_BYTES, frame, offsetBytes));
        } else {
            metadata.hash(HashType.IPV6, hash);
        }
    }
}
