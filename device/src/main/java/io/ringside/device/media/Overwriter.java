package io.ringside.device.media;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes zeros over a range of a file. What it needs for that is made when first asked, since most
 * media are never erased.
 *
 * <p>Threads: one for each instance.
 */
final class Overwriter {
    private static final int PIECE_BYTES = 1 << 16;

    private @Nullable UnsafeBuffer zeros;
    private @Nullable IoVectors vectors;

    /** Overwrites, and returns whether all of the range was; what fails is counted at the file. */
    boolean overwrite(
            final FileBytes file, final FileCalls calls, final long offset, final long length) {
        final UnsafeBuffer from = zeros();
        final IoVectors one = vectors();
        long done = 0;
        while (done < length) {
            one.layOut(from.addressOffset(), Math.min(length - done, PIECE_BYTES));
            final long moved = file.write(calls, one, 1, offset + done);
            if (moved > 0) {
                done += moved;
            } else if (moved != -FileCalls.EINTR) {
                file.failed((int) -moved);
                return false;
            }
        }
        return true;
    }

    private UnsafeBuffer zeros() {
        UnsafeBuffer made = zeros;
        if (made == null) {
            made = new UnsafeBuffer(BufferUtil.allocateDirectAligned(PIECE_BYTES, Long.BYTES));
            zeros = made;
        }
        return made;
    }

    private IoVectors vectors() {
        IoVectors made = vectors;
        if (made == null) {
            made = new IoVectors();
            vectors = made;
        }
        return made;
    }
}
