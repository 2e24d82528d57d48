package io.ringside.device.frame;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of one frame, in pieces that may divide it anywhere.
 *
 * <p>A piece is never empty, and lies outside of Java's heap.
 */
public interface FrameBytes {
    /** How many pieces of memory there are. */
    int segmentCount();

    /** One piece of memory; its capacity is its length. */
    UnsafeBuffer segment(int index);

    /** Length of the frame, in bytes. */
    int totalBytes();

    /**
     * A view of the start of the frame in one piece: of all of it, or of as much as fits into the
     * scratch memory, or of more. It is the first segment where that is enough, else the scratch
     * memory with a copy. A writer elsewhere may change the former at any time.
     */
    default UnsafeBuffer head(final UnsafeBuffer scratch) {
        final int wantedBytes = Math.min(totalBytes(), scratch.capacity());
        if (segmentCount() > 0 && segment(0).capacity() >= wantedBytes) {
            return segment(0);
        }
        copyHead(scratch, 0, wantedBytes);
        return scratch;
    }

    /** Copies the first bytes, as many as there are up to a limit, and returns how many. */
    default int copyHead(final UnsafeBuffer target, final int targetOffsetBytes, final int limit) {
        int copied = 0;
        for (int i = 0; i < segmentCount() && copied < limit; i++) {
            final UnsafeBuffer segment = segment(i);
            final int count = Math.min(segment.capacity(), limit - copied);
            target.putBytes(targetOffsetBytes + copied, segment, 0, count);
            copied += count;
        }
        return copied;
    }
}
