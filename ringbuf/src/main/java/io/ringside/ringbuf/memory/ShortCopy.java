package io.ringside.ringbuf.memory;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Copies that are mostly short, as those of small frames: word by word up to {@value #MOST_BYTES}
 * bytes, where a call of the runtime's copy takes longer than the copy itself.
 *
 * <p>In plain memory order: whoever shares the bytes publishes them by other means. A word of the
 * source may be read twice, so that of bytes that somebody changes meanwhile either state may be
 * copied. The two places may not overlap.
 *
 * <p>Errors: a place outside of its buffer throws {@link IndexOutOfBoundsException}; what lies
 * within may have been copied by then. Threads: any, for buffers of its own.
 */
public final class ShortCopy {
    private static final int MOST_BYTES = 256;

    private ShortCopy() {}

    /** Copies so many bytes from one buffer to another. */
    public static void copy(
            final UnsafeBuffer source,
            final int sourceOffset,
            final UnsafeBuffer target,
            final int targetOffset,
            final int lengthBytes) {
        if (lengthBytes < Long.BYTES || lengthBytes > MOST_BYTES) {
            target.putBytes(targetOffset, source, sourceOffset, lengthBytes);
            return;
        }
        final int last = lengthBytes - Long.BYTES;
        for (int at = 0; at < last; at += Long.BYTES) {
            target.putLong(targetOffset + at, source.getLong(sourceOffset + at));
        }
        target.putLong(targetOffset + last, source.getLong(sourceOffset + last));
    }
}
