package io.ringside.xen.blkfront.frontend;

import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantTable;

/**
 * What a frontend stands on, for all its connections.
 *
 * @param memory the guest's memory
 * @param frames where pages of our own are taken from
 * @param grants lends pages
 * @param events wakes the backend, and is woken by it
 * @param vcpu counts what is copied
 * @param wakeups how responses are waited for
 * @param trace listens
 * @param options what is made use of
 * @param counters counts
 */
record BlkfrontServices(
        GuestMemory memory,
        FrameAllocator frames,
        GrantTable grants,
        EventChannels events,
        Vcpu vcpu,
        Wakeups wakeups,
        Trace trace,
        BlkfrontOptions options,
        BlkfrontCounters counters) {
    /** No frame: the first one is never anybody's. */
    static final int NO_FRAME = 0;

    /** A frame for a page of our own, or {@link #NO_FRAME}. */
    int takeFrame() {
        return hasFrames(1) ? frames.allocate() : NO_FRAME;
    }

    /** Whether the guest has so many frames left. */
    boolean hasFrames(final int count) {
        return count <= memory.frameCount() - 1 - frames.usedCount();
    }
}
