package io.ringside.vmbus.guest;

import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;

/**
 * The guest's memory and its free frames. Threads: the client's.
 *
 * @param memory the memory
 * @param frames its free frames
 */
record GuestPages(GuestMemory memory, FrameAllocator frames) {
    /** So many frames, wherever they are; all of them or none. */
    int[] allocate(final int count) {
        final int[] taken = new int[count];
        int done = 0;
        try {
            while (done < count) {
                taken[done] = frames.allocate();
                done++;
            }
            return taken;
        } catch (final IllegalStateException e) {
            for (int i = 0; i < done; i++) {
                frames.free(taken[i]);
            }
            throw e;
        }
    }

    void free(final int[] taken) {
        for (final int frame : taken) {
            frames.free(frame);
        }
    }
}
