package io.ringside.device.media;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one thread has to itself while it works on VHD images: system calls, memory for a piece of
 * data and for bitmaps, and the extent that it found last.
 *
 * <p>Threads: one for each instance.
 */
final class VhdScratch implements AutoCloseable {
    /** Room for the bitmap of the largest block. */
    static final int BITMAP_BYTES = VhdDynamicHeader.MAX_BLOCK_BYTES / 512 / Byte.SIZE;

    /** How much is copied at once. */
    static final int PIECE_BYTES = 1 << 16;

    final FileCalls calls;
    final IoVectors vectors = new IoVectors();

    /** A piece of data on its way from one image to another. */
    final UnsafeBuffer piece = memory(PIECE_BYTES);

    /** The bitmap through which a search looks. */
    final UnsafeBuffer bitmap = memory(BITMAP_BYTES);

    /** The bitmap of the block that is being completed. */
    final UnsafeBuffer ownBitmap = memory(BITMAP_BYTES);

    /** The image that holds the sectors found last; null if they are zeros. */
    @Nullable VhdLayer foundIn;

    /** Where in that image's file they start. */
    long foundOffset;

    /** How many sectors there are in one run. */
    long foundSectors;

    VhdScratch(final FileCalls calls) {
        this.calls = calls;
    }

    private static UnsafeBuffer memory(final int lengthBytes) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(lengthBytes, Long.BYTES));
    }

    /** Fills memory from a file, and returns whether all of it could be read. */
    boolean read(
            final FileBytes file,
            final UnsafeBuffer into,
            final int lengthBytes,
            final long offset) {
        int done = 0;
        while (done < lengthBytes) {
            vectors.layOut(into.addressOffset() + done, lengthBytes - done);
            final long moved = file.read(calls, vectors, 1, offset + done);
            if (moved > 0) {
                done += (int) moved;
            } else if (moved != -FileCalls.EINTR) {
                file.failed((int) -moved);
                return false;
            }
        }
        return true;
    }

    /** Writes memory to a file, and returns whether all of it could be written. */
    boolean write(
            final FileBytes file,
            final UnsafeBuffer from,
            final int index,
            final int lengthBytes,
            final long offset) {
        int done = 0;
        while (done < lengthBytes) {
            vectors.layOut(from.addressOffset() + index + done, lengthBytes - done);
            final long moved = file.write(calls, vectors, 1, offset + done);
            if (moved > 0) {
                done += (int) moved;
            } else if (moved != -FileCalls.EINTR) {
                file.failed((int) -moved);
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        calls.close();
    }
}
