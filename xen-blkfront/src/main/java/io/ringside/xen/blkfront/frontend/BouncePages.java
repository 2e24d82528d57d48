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
 * <p>Each place in the ring has a page for each segment: zeroed when it is taken from the
 * allocator, at its first use, and used for this device alone. A segment keeps its offset within
 * the page.
 *
 * <p>Threads: one.
 */
final class BouncePages {
    private static final int NO_FRAME = 0;

    private final GuestMemory memory;
    private final FrameAllocator allocator;
    private final Vcpu vcpu;
    private final int[] frames;
    private final UnsafeBuffer callers = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer ours = new UnsafeBuffer(0, 0);

    /** Room for so many segments; no page is taken yet. */
    BouncePages(
            final GuestMemory memory,
            final FrameAllocator allocator,
            final Vcpu vcpu,
            final int places) {
        this.memory = memory;
        this.allocator = allocator;
        this.vcpu = vcpu;
        this.frames = new int[places];
    }

    /** The frame of one place. */
    int frame(final int place) {
        if (frames[place] == NO_FRAME) {
            frames[place] = allocator.allocate();
            memory.wrap(
                    ours, (long) frames[place] << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
            ours.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        }
        return frames[place];
    }

    /** Copies a segment to be written into the page of its place. */
    void copyOut(final int place, final BlockRequest request, final int segment) {
        wrap(place, request, segment);
        ours.putBytes(0, callers, 0, callers.capacity());
        vcpu.copied(callers.capacity());
    }

    /** Copies a segment that was read out of the page of its place. */
    void copyIn(final int place, final BlockRequest request, final int segment) {
        wrap(place, request, segment);
        callers.putBytes(0, ours, 0, ours.capacity());
        vcpu.copied(ours.capacity());
    }

    private void wrap(final int place, final BlockRequest request, final int segment) {
        final long address = request.segmentAddress(segment);
        final int lengthBytes = request.segmentBytes(segment);
        memory.wrap(callers, address, lengthBytes);
        final long offset = address & (GuestMemory.PAGE_BYTES - 1);
        memory.wrap(ours, ((long) frame(place) << GuestMemory.PAGE_SHIFT) + offset, lengthBytes);
    }

    /** The page of a place stays with the backend: the place gets another when it is next used. */
    void forget(final int place) {
        frames[place] = NO_FRAME;
    }

    /** A page that was forgotten has come home. */
    void free(final int frame) {
        allocator.free(frame);
    }

    /** Gives all pages back, but for those that were forgotten. */
    void close() {
        for (int place = 0; place < frames.length; place++) {
            if (frames[place] != NO_FRAME) {
                allocator.free(frames[place]);
                frames[place] = NO_FRAME;
            }
        }
    }
}
