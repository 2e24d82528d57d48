package io.ringside.hypervisor;

/**
 * Hands out the page frames of one guest, as its kernel's page allocator would.
 *
 * <p>Frame 0 is never handed out. Errors: {@link IllegalStateException} when there are none left,
 * or when a frame is freed that is not out. Threads: one (the guest's).
 */
public final class FrameAllocator {
    private final boolean[] used;
    private int next = 1;
    private int usedCount;

    /** An allocator for all frames of a memory. */
    public FrameAllocator(final GuestMemory memory) {
        this.used = new boolean[memory.frameCount()];
    }

    /** One frame, its content as the last user left it. */
    public int allocate() {
        return allocate(1);
    }

    /** The first of {@code count} frames that are neighbours. */
    public int allocate(final int count) {
        if (count < 1) {
            throw new IllegalArgumentException("frame count out of range: count=" + count);
        }
        int first = find(next, used.length, count);
        if (first < 0) {
            first = find(1, used.length, count);
        }
        if (first < 0) {
            throw new IllegalStateException(
                    "guest memory is full: wanted="
                            + count
                            + " used="
                            + usedCount
                            + " frames="
                            + used.length);
        }
        for (int i = first; i < first + count; i++) {
            used[i] = true;
        }
        usedCount += count;
        next = first + count;
        return first;
    }

    /** Takes a frame back. */
    public void free(final int frame) {
        if (frame < 1 || frame >= used.length || !used[frame]) {
            throw new IllegalStateException("not allocated: frame=" + frame);
        }
        used[frame] = false;
        usedCount--;
    }

    /** How many frames are out. */
    public int usedCount() {
        return usedCount;
    }

    private int find(final int from, final int to, final int count) {
        int run = 0;
        for (int frame = from; frame < to; frame++) {
            run = used[frame] ? 0 : run + 1;
            if (run == count) {
                return frame - count + 1;
            }
        }
        return -1;
    }
}
