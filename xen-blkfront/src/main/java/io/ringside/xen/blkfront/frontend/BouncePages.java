package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Pages of the driver's own that stand in for the caller's, so that a backend which is not trusted
 * sees the sectors of a request and nothing that lies beside them.
 *
 * <p>All pages are taken and zeroed at once, and used for one backend alone; however many of them
 * it keeps, there are never more. A segment keeps its offset within the page.
 *
 * <p>Threads: one.
 */
final class BouncePages {
    /** No page is left. */
    static final int NO_FRAME = 0;

    private final GuestMemory memory;
    private final FrameAllocator allocator;
    private final Vcpu vcpu;
    private final int[] free;
    private int freeCount;
    private boolean closed;
    private final UnsafeBuffer callers = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer ours = new UnsafeBuffer(0, 0);

    /** Takes so many pages from the allocator. */
    BouncePages(
            final GuestMemory memory,
            final FrameAllocator allocator,
            final Vcpu vcpu,
            final int count) {
        this.memory = memory;
        this.allocator = allocator;
        this.vcpu = vcpu;
        this.free = new int[count];
        while (freeCount < count) {
            final int frame = allocator.allocate();
            memory.wrap(ours, address(frame), GuestMemory.PAGE_BYTES);
            ours.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
            free[freeCount++] = frame;
        }
    }

    /** The frame of a page that nobody uses, or {@link #NO_FRAME}. */
    int take() {
        return freeCount == 0 ? NO_FRAME : free[--freeCount];
    }

    /** Takes a page back that has come home, be it late. */
    void giveBack(final int frame) {
        if (closed) {
            allocator.free(frame);
        } else {
            free[freeCount++] = frame;
        }
    }

    /** Copies a segment that is to be written from the caller's page to ours. */
    void copyOut(final int frame, final BlockRequest request, final int segment) {
        wrap(frame, request, segment);
        ours.putBytes(0, callers, 0, callers.capacity());
        vcpu.copied(callers.capacity());
    }

    /** Copies a segment that was read from our page to the caller's. */
    void copyIn(final int frame, final BlockRequest request, final int segment) {
        wrap(frame, request, segment);
        callers.putBytes(0, ours, 0, ours.capacity());
        vcpu.copied(ours.capacity());
    }

    private void wrap(final int frame, final BlockRequest request, final int segment) {
        final long callersAddress = request.segmentAddress(segment);
        final long offset = callersAddress & (GuestMemory.PAGE_BYTES - 1);
        final int lengthBytes = request.segmentBytes(segment);
        memory.wrap(callers, callersAddress, lengthBytes);
        memory.wrap(ours, address(frame) + offset, lengthBytes);
    }

    /** Gives the pages back to the allocator; those that are out follow when they come home. */
    void close() {
        closed = true;
        while (freeCount > 0) {
            allocator.free(free[--freeCount]);
        }
    }

    private static long address(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }
}
