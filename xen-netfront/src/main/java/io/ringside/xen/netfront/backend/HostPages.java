package io.ringside.xen.netfront.backend;

import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Page frames of the host in a row, which hold packets on their way: private memory, in which what
 * a frontend has sent is looked at.
 *
 * <p>Threads: one.
 */
final class HostPages {
    private final FrameAllocator frames;
    private final int firstFrame;
    private final int count;
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    private HostPages(
            final GuestMemory memory,
            final FrameAllocator frames,
            final int firstFrame,
            final int count) {
        this.frames = frames;
        this.firstFrame = firstFrame;
        this.count = count;
        memory.wrap(
                bytes,
                (long) firstFrame << GuestMemory.PAGE_SHIFT,
                count << GuestMemory.PAGE_SHIFT);
    }

    /** Takes so many frames that are neighbours, or answers null if there are none. */
    static @Nullable HostPages take(
            final GuestMemory memory, final FrameAllocator frames, final int count) {
        try {
            return new HostPages(memory, frames, frames.allocate(count), count);
        } catch (final IllegalStateException full) {
            return null;
        }
    }

    /** All bytes in a row. */
    UnsafeBuffer bytes() {
        return bytes;
    }

    /** The frame that a byte lies in. */
    int frame(final int offsetBytes) {
        return firstFrame + (offsetBytes >>> GuestMemory.PAGE_SHIFT);
    }

    /** Gives the frames back, once. */
    void free() {
        bytes.wrap(0, 0);
        for (int i = 0; i < count; i++) {
            frames.free(firstFrame + i);
        }
    }
}
