package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import org.agrona.concurrent.UnsafeBuffer;

/** One domain of a test, with all that it stands on. */
public final class TestDomain implements AutoCloseable {
    private static final int FRAMES = 64;

    private final InProcessMemory memory;
    private final FrameAllocator frames;
    private final Domain domain;
    private int rings;

    /** A domain with 64 frames, whose doorbell counts. */
    public TestDomain(final SimulatedXen xen, final int id) {
        this(xen, id, FRAMES);
    }

    /** A domain with so many frames, whose doorbell counts. */
    public TestDomain(final SimulatedXen xen, final int id, final int frameCount) {
        memory = InProcessMemory.anonymous(frameCount);
        frames = new FrameAllocator(memory);
        final Vcpu vcpu = new Vcpu("vcpu" + id, CrossingCosts.COUNTS, () -> 0);
        domain = xen.createDomain(id, memory, frames, vcpu, () -> rings++);
    }

    /** The domain itself. */
    public Domain domain() {
        return domain;
    }

    /** The frames of its memory. */
    public FrameAllocator frames() {
        return frames;
    }

    /** How often its doorbell was rung since {@link #forgetRings}. */
    public int rings() {
        return rings;
    }

    /** Counts rings from now on. */
    public void forgetRings() {
        rings = 0;
    }

    /** How often it crossed so. */
    public long count(final Crossing crossing) {
        return domain.vcpu().count(crossing);
    }

    /** One of its own pages, as it sees it. */
    public UnsafeBuffer page(final int frame) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        return view;
    }

    /** Ends the domain, and then its memory. */
    @Override
    public void close() {
        domain.destroy();
        memory.close();
    }
}
