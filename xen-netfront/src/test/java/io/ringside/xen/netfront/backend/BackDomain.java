package io.ringside.xen.netfront.backend;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.SimulatedXen;
import org.agrona.concurrent.UnsafeBuffer;

/** One domain of a test, with all that it stands on. */
final class BackDomain implements AutoCloseable {
    private final InProcessMemory memory;
    private final FrameAllocator frames;
    private final Domain domain;
    private int rings;

    BackDomain(final SimulatedXen xen, final int id, final int frameCount) {
        memory = InProcessMemory.anonymous(frameCount);
        frames = new FrameAllocator(memory);
        final Vcpu vcpu = new Vcpu("vcpu" + id, CrossingCosts.COUNTS, () -> 0);
        // A doorbell of its own: with it go the connections of the domain that ring it.
        domain = xen.createDomain(id, memory, frames, vcpu, () -> rings++);
    }

    Domain domain() {
        return domain;
    }

    /** How often its doorbell was rung. */
    int rings() {
        return rings;
    }

    FrameAllocator frames() {
        return frames;
    }

    GuestMemory memory() {
        return memory;
    }

    long count(final Crossing crossing) {
        return domain.vcpu().count(crossing);
    }

    /** One of its own pages, as it sees it. */
    UnsafeBuffer page(final int frame) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        return view;
    }

    @Override
    public void close() {
        domain.destroy();
        memory.close();
    }
}
