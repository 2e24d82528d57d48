package io.ringside.xen.netfront;

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
public final class TestDomain implements AutoCloseable {
    private final InProcessMemory memory;
    private final FrameAllocator frames;
    private final Domain domain;
    private boolean rung;

    /** A domain with so many frames. */
    public TestDomain(final SimulatedXen xen, final int id, final int frameCount) {
        memory = InProcessMemory.anonymous(frameCount);
        frames = new FrameAllocator(memory);
        final Vcpu vcpu = new Vcpu("vcpu" + id, CrossingCosts.COUNTS, () -> 0);
        domain = xen.createDomain(id, memory, frames, vcpu, () -> rung = true);
    }

    /** The domain itself. */
    public Domain domain() {
        return domain;
    }

    /** The frames of its memory. */
    public FrameAllocator frames() {
        return frames;
    }

    /** Whether its doorbell was rung since this was asked last. */
    public boolean takeRing() {
        final boolean wasRung = rung;
        rung = false;
        return wasRung;
    }

    /** How often it crossed so. */
    public long count(final Crossing crossing) {
        return domain.vcpu().count(crossing);
    }

    /** One of its own pages, as it sees it. */
    public UnsafeBuffer page(final int frame) {
        return view(address(frame), GuestMemory.PAGE_BYTES);
    }

    /** A piece of its memory, as it sees it. */
    public UnsafeBuffer view(final long address, final int lengthBytes) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, address, lengthBytes);
        return view;
    }

    /** Where a frame begins. */
    public static long address(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }

    /** Ends the domain, and then its memory. */
    @Override
    public void close() {
        domain.destroy();
        memory.close();
    }
}
