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
    private final GuestMemory memory;
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[FrameHeaders.MAX_BYTES]);
    private final FrameHeaders headers = new FrameHeaders();

    FrameHead(final GuestMemory memory) {
        this.memory = memory;
    }

    /** What the first bytes of a frame say; overwritten by the next call. */
    FrameHeaders read(final NetFrame frame) {
        int count = 0;
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
