package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.SharedInfo;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One domain of a simulated Xen, and what it may ask of the hypervisor.
 *
 * <p>Two frames of its memory belong to the control plane from the start: the page it shares with
 * the hypervisor, and the first page of its grant table. Both are zeroed before anybody else sees
 * them.
 *
 * <p>It has one processor or more. Each has event channels, and may have connections to the store,
 * that wake it alone; all else is the first one's.
 *
 * <p>Threads: one for each processor; whoever suspends or destroys the domain does so after those
 * threads have stopped, or on the only one.
 */
public final class Domain {
    private volatile int id;
    private final SimulatedXen xen;
    private final GuestMemory memory;
    private final FrameAllocator frames;
    private final List<Processor> processors;

    private final int sharedInfoFrame;
    private volatile ActiveGrants activeGrants;
    private final DomainGrantTable grantTable;
    private final DomainGrantMapper grantMapper;
    private final DomainGrantCopier grantCopier;
    private final DomainGrantOperations grantOperations;
    private final FifoFrames fifoFrames;
    private final DomainPorts ports;
    private final DomainEventChannels[] eventChannels;
    private final XenStoreServer storeServer;
    private XenStore store;
    private boolean suspended;
    private boolean destroyed;

    Domain(
            final int id,
            final SimulatedXen xen,
            final GuestMemory memory,
            final FrameAllocator frames,
            final List<Processor> processors,
            final XenStoreServer storeServer) {
        this.id = id;
        this.xen = xen;
        this.memory = memory;
        this.frames = frames;
        this.processors = List.copyOf(processors);
        final Vcpu vcpu = vcpu();
        sharedInfoFrame = frames.allocate();
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        memory.wrap(page, (long) sharedInfoFrame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        page.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        activeGrants = new ActiveGrants(memory, xen.limits().grantVersion());
        grantTable =
                new DomainGrantTable(
                        memory, frames, vcpu, activeGrants, xen.limits().grantFrames());
        grantMapper = new DomainGrantMapper(this, xen, vcpu, xen.limits().mapHandles());
        grantCopier = new DomainGrantCopier(this, xen, vcpu, memory);
        grantOperations = new DomainGrantOperations(this, xen, vcpu, memory, grantMapper);
        fifoFrames = new FifoFrames(memory, frames);
        final SharedInfo shared = new SharedInfo(page);
        final Upcall[] upcalls = new Upcall[processors.size()];
        for (int i = 0; i < upcalls.length; i++) {
            upcalls[i] = new Upcall(shared, i, processors.get(i).doorbell());
        }
        ports = new DomainPorts(this, xen, shared, upcalls, fifoFrames);
        eventChannels = new DomainEventChannels[upcalls.length];
        for (int i = 0; i < upcalls.length; i++) {
            final Vcpu own = processors.get(i).vcpu();
            eventChannels[i] = new DomainEventChannels(ports, i, own, upcalls[i]);
        }
        this.storeServer = storeServer;
        storeServer.introduce(id);
        store = storeServer.connect(id, doorbell());
    }

    /** Its number; another one after {@link #resume}. */
    public int id() {
        return id;
    }

    /** Its memory. */
    public GuestMemory memory() {
        return memory;
    }

    /** The frames of its memory that are free. */
    public FrameAllocator frames() {
        return frames;
    }

    /** Its processors, by their numbers. */
    public List<Processor> processors() {
        return processors;
    }

    /** Its first processor, which counts its grant operations. */
    public Vcpu vcpu() {
        return processors.getFirst().vcpu();
    }

    /** What wakes its first processor. */
    public Doorbell doorbell() {
        return processors.getFirst().doorbell();
    }

    /** Lends pages to others. */
    public DomainGrantTable grantTable() {
        return grantTable;
    }

    /** Borrows pages from others. */
    public DomainGrantMapper grantMapper() {
        return grantMapper;
    }

    /** Copies from and to what others lend. */
    public DomainGrantCopier grantCopier() {
        return grantCopier;
    }

    /** Asks what drivers seldom ask about grants. */
    public DomainGrantOperations grantOperations() {
        return grantOperations;
    }

    /** Wakes others, and is woken: its first processor. */
    public DomainEventChannels eventChannels() {
        return eventChannels[0];
    }

    /** The same for any of its processors: a port that is opened there is heard of there. */
    public DomainEventChannels eventChannels(final int processor) {
        return eventChannels[processor];
    }

    /** The frame of the page that it shares with the hypervisor. */
    public int sharedInfoFrame() {
        return sharedInfoFrame;
    }

    /** Its first connection to the store, since it was made or resumed. */
    public XenStore store() {
        return store;
    }

    /** One more connection to the store: each device has watches of its own. */
    public XenStore connectStore() {
        return connectStore(0);
    }

    /** The same, with watch events that wake any of its processors. */
    public XenStore connectStore(final int processor) {
        return storeServer.connect(id, processors.get(processor).doorbell());
    }

    /**
     * How many uses of its pages others hold. Until there are none its memory must stay, even when
     * the domain is gone.
     */
    public int foreignMappings() {
        return activeGrants.pinCount();
    }

    /**
     * Stops the domain as a save or a migration does. It is gone for all others: nobody can map
     * what it lends or wake it, and the nodes that it owns are removed. It keeps its memory and its
     * frames. Its connections to the store are cut.
     *
     * <p>Errors: an {@link IllegalStateException} for domain 0, for a domain that is not running,
     * and for one that has pages of others mapped: who serves others cannot be moved.
     */
    public void suspend() {
        if (destroyed || suspended || id == 0 || grantMapper.mappedCount() != 0) {
            throw new IllegalStateException(
                    "cannot be suspended: "
                            + this
                            + " destroyed="
                            + destroyed
                            + " suspended="
                            + suspended
                            + " mapped="
                            + grantMapper.mappedCount());
        }
        suspended = true;
        xen.forget(this);
        activeGrants.close();
        ports.suspend();
        disconnectStore();
        storeServer.release(id);
    }

    /**
     * Begins again after {@link #suspend}, with the memory as it was.
     *
     * <p>No grant and no port of before means anything to the hypervisor. In the domain's own books
     * they are out until their owners give them back: {@code endAccess} finds that nobody uses the
     * page, and {@code close} frees the port. Until then a port answers as a closed one, and its
     * number is not handed out. The event form and the version of the grant table are as before.
     *
     * <p>Errors: an {@link IllegalStateException} for a domain that is not suspended, for a number
     * that is taken, and as long as {@link #foreignMappings} tells that somebody still uses its
     * memory of before.
     *
     * @param newId its number from now on, the old one or another
     */
    public void resume(final int newId) {
        if (!suspended || destroyed || foreignMappings() != 0) {
            throw new IllegalStateException(
                    "cannot be resumed: "
                            + this
                            + " destroyed="
                            + destroyed
                            + " suspended="
                            + suspended
                            + " foreignMappings="
                            + foreignMappings());
        }
        xen.checkFree(newId);
        id = newId;
        suspended = false;
        activeGrants = new ActiveGrants(memory, xen.limits().grantVersion());
        grantTable.resume(activeGrants);
        ports.resume(vcpu());
        storeServer.introduce(newId);
        store = storeServer.connect(newId, doorbell());
        xen.admit(this);
    }

    /** Whether it is between {@link #suspend} and {@link #resume}. */
    public boolean isSuspended() {
        return suspended;
    }

    @Override
    public String toString() {
        return "domain=" + id;
    }

    /**
     * Ends the domain: its ports are closed, its mappings of others' pages undone, its connections
     * to the store cut and the nodes that it owns removed. The frames that the control plane had go
     * back to the allocator. Doing it twice is doing it once.
     *
     * <p>A send that a peer has under way may still mark its shared page: close the memory when the
     * peers' threads have stopped, or have come by once since.
     */
    public void destroy() {
        if (destroyed) {
            return;
        }
        destroyed = true;
        if (!suspended) {
            xen.forget(this);
        }
        activeGrants.close();
        ports.closeAll();
        fifoFrames.close();
        grantMapper.close();
        grantTable.close();
        frames.free(sharedInfoFrame);
        if (!suspended) {
            disconnectStore();
            storeServer.release(id);
        }
    }

    private void disconnectStore() {
        for (final Processor processor : processors) {
            storeServer.disconnect(processor.doorbell());
        }
    }

    DomainPorts ports() {
        return ports;
    }

    ActiveGrants activeGrants() {
        return activeGrants;
    }
}
