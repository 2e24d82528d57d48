package io.ringside.ringbuf.memory;

import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A run of 4 KiB page frames that can be mapped more than once and in any order.
 *
 * <p>Frame {@code n} is bytes {@code n * 4096} to {@code n * 4096 + 4095} of the backing, which has
 * no name ({@link #anonymous}) or is a file ({@link #ofFile}), so that a second process can map the
 * same frames.
 *
 * <p>Errors: an {@link IllegalStateException} when the system refuses memory, or after closing; an
 * {@link IllegalArgumentException} for a frame that does not exist. Threads: any one thread at a
 * time; the memory itself may be used by all. Once closed, every view of it is gone.
 */
public final class SharedPages implements AutoCloseable {
    /** Bytes of one page frame. */
    public static final int PAGE_BYTES = 4096;

    private final int frameCount;
    private final int descriptor;
    private final long address;
    private final UnsafeBuffer whole;
    private boolean closed;

    private SharedPages(final int frameCount, final int descriptor) {
        this.frameCount = frameCount;
        this.descriptor = descriptor;
        final long lengthBytes = (long) frameCount * PAGE_BYTES;
        this.address =
                SystemCalls.map(
                        0,
                        lengthBytes,
                        SystemCalls.PROT_READ_WRITE,
                        SystemCalls.MAP_SHARED,
                        descriptor,
                        0);
        this.whole = new UnsafeBuffer(address, Math.toIntExact(lengthBytes));
    }

    /** Zeroed frames without a name: gone with the last mapping. At most 2 GiB less one page. */
    public static SharedPages anonymous(final int frameCount) {
        return new SharedPages(
                checked(frameCount), SystemCalls.anonymousFile((long) frameCount * PAGE_BYTES));
    }

    /** Frames that are the bytes of a file, which is made or resized to fit. */
    public static SharedPages ofFile(final Path file, final int frameCount) {
        return new SharedPages(
                checked(frameCount),
                SystemCalls.namedFile(file.toString(), (long) frameCount * PAGE_BYTES));
    }

    /** How many frames there are; they are numbered from 0. */
    public int frameCount() {
        return frameCount;
    }

    /** All frames in order, as one buffer. */
    public UnsafeBuffer whole() {
        return whole;
    }

    /** One contiguous view of a list of frames: a slice where they are neighbours. */
    public PageView view(final int... frames) {
        if (closed) {
            throw new IllegalStateException("pages are closed: frameCount=" + frameCount);
        }
        if (frames.length == 0) {
            throw new IllegalArgumentException("no frames to view");
        }
        boolean neighbours = true;
        for (int i = 0; i < frames.length; i++) {
            checkFrame(frames[i]);
            neighbours &= frames[i] == frames[0] + i;
        }
        if (neighbours) {
            return PageView.slice(
                    address + (long) frames[0] * PAGE_BYTES, frames.length * PAGE_BYTES);
        }
        return mapEach(frames);
    }

    /**
     * The same list of frames twice in a row, so that what wraps at the end of the list reads and
     * writes as if it went straight on.
     */
    public PageView mirrored(final int... frames) {
        final int[] twice = new int[frames.length * 2];
        System.arraycopy(frames, 0, twice, 0, frames.length);
        System.arraycopy(frames, 0, twice, frames.length, frames.length);
        return view(twice);
    }

    private PageView mapEach(final int[] frames) {
        final long lengthBytes = (long) frames.length * PAGE_BYTES;
        final long start =
                SystemCalls.map(
                        0,
                        lengthBytes,
                        SystemCalls.PROT_NONE,
                        SystemCalls.MAP_PRIVATE
                                | SystemCalls.MAP_ANONYMOUS
                                | SystemCalls.MAP_NORESERVE,
                        SystemCalls.NO_DESCRIPTOR,
                        0);
        int from = 0;
        while (from < frames.length) {
            int to = from + 1;
            while (to < frames.length && frames[to] == frames[to - 1] + 1) {
                to++;
            }
            SystemCalls.map(
                    start + (long) from * PAGE_BYTES,
                    (long) (to - from) * PAGE_BYTES,
                    SystemCalls.PROT_READ_WRITE,
                    SystemCalls.MAP_SHARED | SystemCalls.MAP_FIXED,
                    descriptor,
                    (long) frames[from] * PAGE_BYTES);
            from = to;
        }
        return PageView.mapping(start, Math.toIntExact(lengthBytes));
    }

    private void checkFrame(final int frame) {
        if (frame < 0 || frame >= frameCount) {
            throw new IllegalArgumentException(
                    "no such frame: frame=" + frame + " frameCount=" + frameCount);
        }
    }

    private static int checked(final int frameCount) {
        if (frameCount < 1 || frameCount > Integer.MAX_VALUE / PAGE_BYTES) {
            throw new IllegalArgumentException("frame count out of range: frames=" + frameCount);
        }
        return frameCount;
    }

    /** Unmaps the frames; what other views still map stays theirs. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            whole.wrap(0, 0);
            SystemCalls.unmap(address, (long) frameCount * PAGE_BYTES);
            SystemCalls.close(descriptor);
        }
    }
}
