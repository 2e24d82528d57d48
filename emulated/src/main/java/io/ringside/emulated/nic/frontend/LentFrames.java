package io.ringside.emulated.nic.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory for received frames, two halves of 2048 bytes to a page frame, lent to a workload one by
 * one.
 *
 * <p>Threads: the vCPU's. Errors: a frame given back that was not lent throws {@link
 * IllegalArgumentException}.
 */
public final class LentFrames {
    /** Bytes of the memory of one frame. */
    public static final int SLOT_BYTES = GuestMemory.PAGE_BYTES / 2;

    /** No slot is left. */
    public static final int NONE = -1;

    private static final int SLOTS_PER_PAGE = 2;

    private final FrameAllocator allocator;
    private final GuestMemory memory;
    private final int[] pages;
    private final NetFrame[] frames;
    private final boolean[] lent;
    private final int[] free;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int freeCount;

    /** Takes the memory for so many frames. */
    public LentFrames(final FrameAllocator allocator, final GuestMemory memory, final int count) {
        this.allocator = allocator;
        this.memory = memory;
        this.pages = new int[(count + SLOTS_PER_PAGE - 1) / SLOTS_PER_PAGE];
        this.frames = new NetFrame[count];
        this.lent = new boolean[count];
        this.free = new int[count];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = allocator.allocate();
        }
        for (int i = 0; i < count; i++) {
            frames[i] = new NetFrame(1);
            frames[i].tag(i);
            free[i] = count - 1 - i;
        }
        freeCount = count;
    }

    /** Takes a slot to be filled in; {@link #NONE} if all are out. */
    public int take() {
        if (freeCount == 0) {
            return NONE;
        }
        freeCount--;
        return free[freeCount];
    }

    /** Puts back a slot that was taken and not lent. */
    public void putBack(final int slot) {
        free[freeCount] = slot;
        freeCount++;
    }

    /** Where a slot's memory is. */
    public long address(final int slot) {
        return ((long) pages[slot / SLOTS_PER_PAGE] << GuestMemory.PAGE_SHIFT)
                + (long) (slot % SLOTS_PER_PAGE) * SLOT_BYTES;
    }

    /** A view of a slot's memory, until the next one is asked for. */
    public UnsafeBuffer memory(final int slot) {
        memory.wrap(view, address(slot), SLOT_BYTES);
        return view;
    }

    /** Lends a slot that was taken, with so many bytes in it. */
    public NetFrame lend(final int slot, final int lengthBytes) {
        lent[slot] = true;
        return frames[slot].reset().addSegment(address(slot), lengthBytes);
    }

    /** Takes a frame back. */
    public void giveBack(final NetFrame frame) {
        final int slot = frame.tag();
        if (slot < 0 || slot >= frames.length || frames[slot] != frame || !lent[slot]) {
            throw new IllegalArgumentException("not lent by this device: tag=" + slot);
        }
        lent[slot] = false;
        putBack(slot);
    }

    /** Gives the memory to the allocator. */
    public void free() {
        for (final int page : pages) {
            allocator.free(page);
        }
    }
}
