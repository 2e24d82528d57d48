package io.ringside.device.frame;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The checksum of TCP or UDP in a whole frame: finds it, and says whether it is right.
 *
 * <pre>
 *   sum of    pseudo header: both addresses, protocol, length of what follows
 *         +   transport header and payload, as long as the IP header says
 *   is all ones
 * </pre>
 *
 * <p>What is not whole, no TCP or UDP, a fragment, or under way by a routing header, is nobody's to
 * judge: {@link Verdict#UNKNOWN}. Threads: one. Source: RFC 9293, 3.1; RFC 768; RFC 8200, 8.1.
 */
public final class TransportChecksum {
    /** What was found. */
    public enum Verdict {
        /** It is right; UDP over IPv4 without one counts as right. */
        RIGHT,
        /** It is wrong. */
        WRONG,
        /** There is none that could be checked. */
        UNKNOWN
    }

    static final int TCP_FIELD = 16;

    private static final int UDP_FIELD = 6;
    private static final int TCP_BYTES = 20;
    private static final int UDP_BYTES = 8;
    private static final int UDP_LENGTH = 4;
    private static final int WORD_MASK = 0xFFFF;

    private final FrameHeaders headers = new FrameHeaders();
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[FrameHeaders.MAX_BYTES]);

    /**
     * Finds the field by the headers alone, for a frame of which it is only known that its sum is
     * blank, and notes the place as {@link FrameMetadata#checksumBlank}.
     *
     * @return false if there is no such field: then nothing has changed
     */
    public boolean locate(final FrameBytes frame, final FrameMetadata metadata) {
        if (!readsTransport(frame)) {
            return false;
        }
        metadata.checksumBlank(headers.transportOffset(), field());
        return true;
    }

    /**
     * Copies the first bytes and reads them; whether the whole of the header to be summed is in.
     */
    private boolean readsTransport(final FrameBytes frame) {
        final int readableBytes = frame.copyHead(head, 0, head.capacity());
        headers.read(head, 0, readableBytes);
        if (!headers.hasTransport() || headers.isFragment() || headers.isRerouted()) {
            return false;
        }
        final int roomBytes = readableBytes - headers.transportOffset();
        return (headers.protocol() == FrameHeaders.TCP && roomBytes >= TCP_BYTES)
                || (headers.protocol() == FrameHeaders.UDP && roomBytes >= UDP_BYTES);
    }

    private int field() {
        return headers.protocol() == FrameHeaders.TCP ? TCP_FIELD : UDP_FIELD;
    }

    /** Says whether the checksum in the bytes is right. */
    public Verdict verify(final FrameBytes frame) {
        if (!readsTransport(frame)) {
            return Verdict.UNKNOWN;
        }
        final int start = headers.transportOffset();
        final int end = headers.networkOffset() + headers.networkBytes();
        final int minBytes = headers.protocol() == FrameHeaders.TCP ? TCP_BYTES : UDP_BYTES;
        if (end > frame.totalBytes() || end - start < minBytes) {
            return Verdict.UNKNOWN;
        }
        if (headers.protocol() == FrameHeaders.UDP) {
            if (word(start + UDP_LENGTH) != end - start) {
                return Verdict.UNKNOWN;
            }
            if (word(start + UDP_FIELD) == 0) {
                return headers.ipVersion() == 4 ? Verdict.RIGHT : Verdict.WRONG;
            }
        }
        final int pseudo = pseudoHeader(head, headers, end - start);
        final int sum =
                InternetChecksum.addWord(pseudo, InternetChecksum.sum(frame, start, end - start));
        return sum == WORD_MASK ? Verdict.RIGHT : Verdict.WRONG;
    }

    private int word(final int at) {
        return head.getShort(at, ByteOrder.BIG_ENDIAN) & WORD_MASK;
    }

    /** The sum that stands in the field while it is blank. */
    static int pseudoHeader(
            final DirectBuffer head, final FrameHeaders headers, final int transportBytes) {
        final int network = headers.networkOffset();
        final int addresses =
                headers.ipVersion() == 4
                        ? InternetChecksum.add(
                                0,
                                head,
                                network + FrameHeaders.IPV4_SOURCE,
                                FrameHeaders.IPV4_ADDRESSES_BYTES)
                        : InternetChecksum.add(
                                0,
                                head,
                                network + FrameHeaders.IPV6_SOURCE,
                                FrameHeaders.IPV6_ADDRESSES_BYTES);
        final int withProtocol = InternetChecksum.addWord(addresses, headers.protocol());
        final int withLow = InternetChecksum.addWord(withProtocol, transportBytes);
        return InternetChecksum.addWord(withLow, transportBytes >>> Short.SIZE);
    }
}
