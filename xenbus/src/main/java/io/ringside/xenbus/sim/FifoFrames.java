package io.ringside.xenbus.sim;

import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a domain that hold its control blocks and its event words.
 *
 * <p>A frame is kept until the domain ends, and used again after a reset: a sender that is late may
 * still mark it. Threads: one (the domain's).
 */
final class FifoFrames {
    static final int NO_FRAME = -1;

    private final GuestMemory memory;
    private final FrameAllocator frames;
    private final IntArrayList held = new IntArrayList();
    private final UnsafeBuffer page = new UnsafeBuffer(0, 0);
    private int used;

    FifoFrames(final GuestMemory memory, final FrameAllocator frames) {
        this.memory = memory;
        this.frames = frames;
    }

    /** Whether so many frames more can be had. */
    boolean hasRoomFor(final int count) {
        final int free = memory.frameCount() - 1 - frames.usedCount();
        return count <= held.size() - used + free;
    }

    /** A zeroed frame for the control block, or {@link #NO_FRAME}. */
    int nextControl() {
        return next(0);
    }

    /** A frame of words that are all masked, or {@link #NO_FRAME}. */
    int nextWords() {
        return next(FifoEventWord.MASKED);
    }

    /** A control block in any frame of the domain; null where none can be. */
    @Nullable UnsafeBuffer controlBlock(final long frame, final int offset) {
        if (offset < 0
                || offset > GuestMemory.PAGE_BYTES - FifoControlBlock.SIZE_BYTES
                || offset % FifoControlBlock.ALIGNMENT_BYTES != 0) {
            return null;
        }
        final UnsafeBuffer block = new UnsafeBuffer(0, 0);
        return wrap(block, frame, offset, FifoControlBlock.SIZE_BYTES) ? block : null;
    }

    /** Lays a view over part of any frame of the domain; false if there is no such frame. */
    boolean wrap(
            final UnsafeBuffer view, final long frame, final int offset, final int lengthBytes) {
        if (frame < 0 || frame >= memory.frameCount()) {
            return false;
        }
        memory.wrap(view, (frame << GuestMemory.PAGE_SHIFT) + offset, lengthBytes);
        return true;
    }

    /** Gives the frames handed out last back to the next one who asks. */
    void putBack(final int count) {
        used -= count;
    }

    /** All frames may be used again. */
    void reset() {
        used = 0;
    }

    /** Gives the frames back: the domain is gone. */
    void close() {
        for (int i = 0; i < held.size(); i++) {
            frames.free(held.getInt(i));
        }
        held.clear();
        used = 0;
    }

    private int next(final int word) {
        if (used == held.size()) {
            if (!hasRoomFor(1)) {
                return NO_FRAME;
            }
            held.addInt(frames.allocate());
        }
        final int frame = held.getInt(used++);
        memory.wrap(page, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        for (int offset = 0; offset < GuestMemory.PAGE_BYTES; offset += Integer.BYTES) {
            page.putInt(offset, word);
        }
        return frame;
    }
}
