package io.ringside.ringbuf.memory;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One contiguous view of page frames: borrowed from {@link SharedPages}, given back by {@link
 * #close}.
 *
 * <p>Threads: opened and closed by one thread; the buffer may be used by all until then. After
 * closing, the buffer has no capacity, so that a bounds check catches a late user.
 */
public final class PageView implements AutoCloseable {
    private final UnsafeBuffer buffer;
    private final long mappedAddress;
    private final int mappedBytes;
    private boolean closed;

    private PageView(final long address, final int lengthBytes, final int mappedBytes) {
        this.buffer = new UnsafeBuffer(address, lengthBytes);
        this.mappedAddress = address;
        this.mappedBytes = mappedBytes;
    }

    /** A part of memory that somebody else unmaps. */
    static PageView slice(final long address, final int lengthBytes) {
        return new PageView(address, lengthBytes, 0);
    }

    /** Memory mapped for this view alone. */
    static PageView mapping(final long address, final int lengthBytes) {
        return new PageView(address, lengthBytes, lengthBytes);
    }

    /** The frames, one after the other. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Whether the frames were mapped anew, rather than sliced from where they lie. */
    public boolean isMapping() {
        return mappedBytes != 0;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            buffer.wrap(0, 0);
            if (mappedBytes != 0) {
                SystemCalls.unmap(mappedAddress, mappedBytes);
            }
        }
    }
}
