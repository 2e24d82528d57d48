package io.ringside.vmbus.channel;

import io.ringside.ringbuf.memory.PageView;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The range of a {@link Gpadl} as one contiguous piece of memory.
 *
 * <p>Threads: opened and closed by one; the bytes belong to whoever the driver's protocol says.
 */
public final class GpadlView implements AutoCloseable {
    private final Gpadl gpadl;
    private final PageView pages;
    private final UnsafeBuffer buffer;
    private boolean closed;

    GpadlView(final Gpadl gpadl, final PageView pages, final int byteOffset, final int byteCount) {
        this.gpadl = gpadl;
        this.pages = pages;
        this.buffer = new UnsafeBuffer(pages.buffer(), byteOffset, byteCount);
    }

    /** The range, from its first byte to its last. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** The list that it is a view of. */
    public Gpadl gpadl() {
        return gpadl;
    }

    /** Unmaps it. Doing it twice is doing it once. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            buffer.wrap(0, 0);
            pages.close();
            gpadl.release();
        }
    }
}
