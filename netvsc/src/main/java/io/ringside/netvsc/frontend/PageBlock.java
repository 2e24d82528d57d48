package io.ringside.netvsc.frontend;

import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.PageView;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Pages of the guest that are a driver's own, as one piece of memory.
 *
 * <p>Errors: too little guest memory throws {@link IllegalStateException}. Threads: one.
 */
final class PageBlock {
    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;

    private final FrameAllocator frames;
    private final int[] pages;
    private final PageView view;
    private boolean isFree;

    PageBlock(final GuestMemory memory, final FrameAllocator frames, final int lengthBytes) {
        this.frames = frames;
        this.pages = new int[Math.ceilDiv(lengthBytes, GuestMemory.PAGE_BYTES)];
        allocate();
        this.view = memory.map(pages);
        view.buffer().setMemory(0, view.buffer().capacity(), (byte) 0);
    }

    private void allocate() {
        int taken = 0;
        try {
            while (taken < pages.length) {
                pages[taken] = frames.allocate();
                taken++;
            }
        } catch (final IllegalStateException e) {
            while (taken > 0) {
                taken--;
                frames.free(pages[taken]);
            }
            throw e;
        }
    }

    /** All of it; no bytes once it is free. */
    UnsafeBuffer bytes() {
        return view.buffer();
    }

    /** Its first pages. */
    int[] pages(final int lengthBytes) {
        return Arrays.copyOf(pages, Math.min(pages.length, lengthBytes / GuestMemory.PAGE_BYTES));
    }

    /** Guest-physical address of one of its bytes. */
    long address(final int offset) {
        return (long) pages[offset >> GuestMemory.PAGE_SHIFT] << GuestMemory.PAGE_SHIFT
                | offset & PAGE_MASK;
    }

    /** Gives the pages back. Doing it twice is doing it once. */
    void free() {
        if (!isFree) {
            isFree = true;
            view.close();
            for (final int page : pages) {
                frames.free(page);
            }
        }
    }
}
