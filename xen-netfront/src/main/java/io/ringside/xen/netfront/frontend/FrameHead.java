package io.ringside.xen.netfront.frontend;

import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the headers of a frame that lies in pages of the guest, from a copy.
 *
 * <p>Threads: one.
 */
final class FrameHead {
    private static final int TCP = 6;
    private static final int TCP_BYTES = 20;
    private static final int TCP_DATA_OFFSET = 12;

    private final GuestMemory memory;
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[FrameHeaders.MAX_BYTES]);
    private final FrameHeaders headers = new FrameHeaders();
    private int count; // of the bytes copied

    FrameHead(final GuestMemory memory) {
        this.memory = memory;
    }

    /** Whether a frame is TCP over a version of IP, its header all there, and no fragment. */
    boolean hasWholeTcp(final NetFrame frame, final int ipVersion) {
        read(frame);
        final int at = headers.transportOffset();
        if (headers.ipVersion() != ipVersion
                || !headers.hasTransport()
                || headers.protocol() != TCP
                || headers.isFragment()
                || count - at < TCP_BYTES) {
            return false;
        }
        final int tcpBytes = (copy.getByte(at + TCP_DATA_OFFSET) & 0xF0) >>> 2;
        return tcpBytes >= TCP_BYTES && tcpBytes <= count - at;
    }

    /** What the first bytes of a frame say; overwritten by the next call. */
    FrameHeaders read(final NetFrame frame) {
        count = 0;
        for (int i = 0; i < frame.segmentCount() && count < copy.capacity(); i++) {
            final int length = Math.min(frame.segmentBytes(i), copy.capacity() - count);
            memory.wrap(piece, frame.segmentAddress(i), length);
            copy.putBytes(count, piece, 0, length);
            count += length;
        }
        headers.read(copy, 0, count);
        return headers;
    }
}
