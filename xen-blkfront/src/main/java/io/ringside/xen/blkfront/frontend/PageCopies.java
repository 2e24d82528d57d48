package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Copies segments between the caller's pages and pages of our own that stand in for them. A segment
 * keeps its offset within the page.
 *
 * <p>Threads: one.
 */
final class PageCopies {
    private final BlkfrontServices services;
    private final UnsafeBuffer callers = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer ours = new UnsafeBuffer(0, 0);

    PageCopies(final BlkfrontServices services) {
        this.services = services;
    }

    /** A page of our own that shows nothing of who had it before, if there is a frame left. */
    int newFrame() {
        final int frame = services.takeFrame();
        if (frame != BlkfrontServices.NO_FRAME) {
            services.memory().wrap(ours, address(frame), GuestMemory.PAGE_BYTES);
            ours.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        }
        return frame;
    }

    /** Copies a segment that is to be written from the caller's page to ours. */
    void copyOut(final int frame, final BlockRequest request, final int segment) {
        wrap(frame, request, segment);
        ours.putBytes(0, callers, 0, callers.capacity());
        count(callers.capacity());
    }

    /** Copies a segment that was read from our page to the caller's. */
    void copyIn(final int frame, final BlockRequest request, final int segment) {
        wrap(frame, request, segment);
        callers.putBytes(0, ours, 0, ours.capacity());
        count(ours.capacity());
    }

    private void wrap(final int frame, final BlockRequest request, final int segment) {
        final long callersAddress = request.segmentAddress(segment);
        final long offset = callersAddress & (GuestMemory.PAGE_BYTES - 1);
        final int lengthBytes = request.segmentBytes(segment);
        services.memory().wrap(callers, callersAddress, lengthBytes);
        services.memory().wrap(ours, address(frame) + offset, lengthBytes);
    }

    private void count(final int lengthBytes) {
        services.vcpu().copied(lengthBytes);
        services.counters().bytesCopied += lengthBytes;
    }

    private static long address(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }
}
