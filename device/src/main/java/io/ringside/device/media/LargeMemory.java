package io.ringside.device.media;

import io.ringside.ringbuf.memory.SharedPages;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Zeroed bytes outside of Java's heap, addressed by a long: chunks, because one buffer ends at 2
 * GiB.
 *
 * <p>The system gives memory as it is touched. Threads: one. Errors: an {@link
 * IllegalStateException} when the system refuses memory; an {@link IndexOutOfBoundsException} for
 * bytes that do not exist.
 */
final class LargeMemory implements AutoCloseable {
    private static final int CHUNK_SHIFT = 30;

    private final int chunkShift;
    private final List<SharedPages> pages = new ArrayList<>();
    private final UnsafeBuffer[] chunks;
    private long sizeBytes;

    LargeMemory(final long sizeBytes) {
        this(sizeBytes, CHUNK_SHIFT);
    }

    /**
     * Memory in chunks of another size.
     *
     * @param chunkShift log2 of the bytes in one chunk, at least one page
     */
    LargeMemory(final long sizeBytes, final int chunkShift) {
        this.sizeBytes = sizeBytes;
        this.chunkShift = chunkShift;
        final long chunkBytes = 1L << chunkShift;
        this.chunks =
                new UnsafeBuffer[Math.toIntExact((sizeBytes + chunkBytes - 1) >>> chunkShift)];
        try {
            long left = sizeBytes;
            for (int i = 0; i < chunks.length; i++) {
                final int lengthBytes = (int) Math.min(left, chunkBytes);
                final int frames =
                        (lengthBytes + SharedPages.PAGE_BYTES - 1) / SharedPages.PAGE_BYTES;
                final SharedPages chunk = SharedPages.anonymous(frames);
                pages.add(chunk);
                chunks[i] = new UnsafeBuffer(chunk.whole(), 0, lengthBytes);
                left -= lengthBytes;
            }
        } catch (final Throwable e) {
            close();
            throw e;
        }
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** Copies out of this memory. */
    void read(
            final long offsetBytes,
            final MutableDirectBuffer into,
            final int index,
            final int lengthBytes) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes);
        int done = 0;
        while (done < lengthBytes) {
            final UnsafeBuffer chunk = chunkAt(offsetBytes + done);
            final int within = withinChunk(offsetBytes + done);
            final int count = Math.min(lengthBytes - done, chunk.capacity() - within);
            chunk.getBytes(within, into, index + done, count);
            done += count;
        }
    }

    /** Copies into this memory. */
    void write(
            final long offsetBytes,
            final DirectBuffer from,
            final int index,
            final int lengthBytes) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes);
        int done = 0;
        while (done < lengthBytes) {
            final UnsafeBuffer chunk = chunkAt(offsetBytes + done);
            final int within = withinChunk(offsetBytes + done);
            final int count = Math.min(lengthBytes - done, chunk.capacity() - within);
            chunk.putBytes(within, from, index + done, count);
            done += count;
        }
    }

    /** Makes a range zero, and gives the whole pages in it back to the system. */
    void clear(final long offsetBytes, final long lengthBytes) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes);
        long done = 0;
        while (done < lengthBytes) {
            final UnsafeBuffer chunk = chunkAt(offsetBytes + done);
            final int within = withinChunk(offsetBytes + done);
            final int count = (int) Math.min(lengthBytes - done, chunk.capacity() - within);
            clear(chunk, within, count);
            done += count;
        }
    }

    /** Makes a range zero where it lies. */
    void overwrite(final long offsetBytes, final long lengthBytes) {
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes);
        long done = 0;
        while (done < lengthBytes) {
            final UnsafeBuffer chunk = chunkAt(offsetBytes + done);
            final int within = withinChunk(offsetBytes + done);
            final int count = (int) Math.min(lengthBytes - done, chunk.capacity() - within);
            chunk.setMemory(within, count, (byte) 0);
            done += count;
        }
    }

    private static void clear(final UnsafeBuffer chunk, final int from, final int lengthBytes) {
        final int end = from + lengthBytes;
        final int firstPage = BitUtil.align(from, SharedPages.PAGE_BYTES);
        final int pagesEnd = end & -SharedPages.PAGE_BYTES;
        if (firstPage < pagesEnd
                && MemoryAdvice.remove(chunk.addressOffset() + firstPage, pagesEnd - firstPage)) {
            chunk.setMemory(from, firstPage - from, (byte) 0);
            chunk.setMemory(pagesEnd, end - pagesEnd, (byte) 0);
        } else {
            chunk.setMemory(from, lengthBytes, (byte) 0);
        }
    }

    /** Lays a view over a range that does not leave its chunk. */
    void wrap(final UnsafeBuffer view, final long offsetBytes, final int lengthBytes) {
        view.wrap(chunkAt(offsetBytes), withinChunk(offsetBytes), lengthBytes);
    }

    private UnsafeBuffer chunkAt(final long offsetBytes) {
        return chunks[(int) (offsetBytes >>> chunkShift)];
    }

    private int withinChunk(final long offsetBytes) {
        return (int) (offsetBytes & ((1L << chunkShift) - 1));
    }

    @Override
    public void close() {
        sizeBytes = 0;
        for (final UnsafeBuffer chunk : chunks) {
            if (chunk != null) {
                chunk.wrap(0, 0);
            }
        }
        for (final SharedPages each : pages) {
            each.close();
        }
    }
}
