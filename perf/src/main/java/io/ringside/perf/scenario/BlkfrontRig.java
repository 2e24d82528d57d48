package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import org.agrona.concurrent.Agent;

/**
 * Xen's block pair: a guest with blkfront, and domain 0 with blkback, who meet through a xenstore
 * and share pages by grants.
 */
final class BlkfrontRig implements DiskRig {
    private static final int BACKEND_DOMAIN = 0;
    private static final int FRONTEND_DOMAIN = 1;
    private static final int XVDA = 51712;
    private static final int BACKEND_FRAMES = 64;
    private static final int FOUR_PAGES_ORDER = 2;

    private final Variant disk;
    private final Halves halves;
    private final InProcessMemory hostMemory = InProcessMemory.anonymous(BACKEND_FRAMES);
    private final SimulatedXen xen = new SimulatedXen();
    private final Domain guest;
    private final Domain host;
    private final Toolstack tools;
    private final VbdConfig vbd;
    private final Blkfront blkfront;
    private final Blkback blkback;
    private final DomainAgent frontend;
    private final DomainAgent backend;

    BlkfrontRig(final Variant disk, final DiskScenario scenario, final BlockStore store) {
        this.disk = disk;
        halves = Halves.of(DiskRigs.guestFrames(scenario), scenario.costs());
        final Wakeups wakeups =
                scenario.wakeups() == WakeupMode.SLEEP ? Wakeups.ARMED : Wakeups.POLLED;
        host =
                xen.createDomain(
                        BACKEND_DOMAIN,
                        hostMemory,
                        new FrameAllocator(hostMemory),
                        halves.backendVcpu(),
                        halves.backendDoorbell());
        guest =
                xen.createDomain(
                        FRONTEND_DOMAIN,
                        halves.guestMemory(),
                        halves.guestFrames(),
                        halves.frontendVcpu(),
                        halves.frontendDoorbell());
        vbd = new VbdConfig(FRONTEND_DOMAIN, BACKEND_DOMAIN, XVDA, "store", store.isReadOnly());
        final XenStore toolsConnection = xen.connectStore(BACKEND_DOMAIN, () -> {});
        tools = new Toolstack(toolsConnection);
        try {
            tools.createVbd(vbd);
            blkfront =
                    new Blkfront(
                            XenbusDevice.ofFrontend(guest.store(), vbd.frontendPath()),
                            halves.guestMemory(),
                            halves.guestFrames(),
                            guest.grantTable(),
                            guest.eventChannels(),
                            halves.frontendVcpu(),
                            wakeups,
                            options(disk),
                            Trace.OFF);
            blkback =
                    new Blkback(
                            XenbusDevice.ofBackend(host.store(), vbd.backendPath()),
                            host.grantMapper(),
                            host.eventChannels(),
                            store,
                            wakeups,
                            Trace.OFF);
        } catch (final XenStoreException e) {
            throw new IllegalStateException("the toolstack was refused: " + e.getMessage(), e);
        }
        frontend = new DomainAgent(guest, blkfront, blkfront::tick, halves.frontendDoorbell());
        backend = new DomainAgent(host, blkback, blkback::tick, halves.backendDoorbell());
        store.wakeWith(halves.backendDoorbell()::ring);
    }

    private static BlkfrontOptions options(final Variant disk) {
        BlkfrontOptions options =
                BlkfrontOptions.PLAIN.withPersistentGrants(disk.has(DiskFeature.PERSISTENT));
        if (disk.has(DiskFeature.INDIRECT)) {
            options = options.withIndirectSegments(BlkbackOptions.USUAL_INDIRECT_SEGMENTS);
        }
        if (disk.has(DiskFeature.RING4)) {
            options = options.withRingPageOrder(FOUR_PAGES_ORDER);
        }
        return disk.has(DiskFeature.TWO_QUEUES) ? options.withQueues(2) : options;
    }

    @Override
    public String device() {
        return disk.name();
    }

    @Override
    public BlockDevice disk() {
        return blkfront;
    }

    @Override
    public Halves halves() {
        return halves;
    }

    @Override
    public Agent frontend() {
        return frontend;
    }

    @Override
    public Agent backend() {
        return backend;
    }

    @Override
    public void tick() {
        frontend.tick();
        backend.tick();
    }

    /** The guest, for whoever plays a part of it. */
    Domain guest() {
        return guest;
    }

    /** Domain 0. */
    Domain host() {
        return host;
    }

    @Override
    public XenStoreServer xenStore() {
        return xen.storeServer();
    }

    @Override
    public void close() {
        try {
            blkfront.shutdown();
            int step = 0;
            while (!(blkfront.isClosed() && blkback.isClosed())) {
                if (++step > DiskRigs.MAX_CLOSE_STEPS) {
                    throw new IllegalStateException("the two ends do not close: device=" + vbd);
                }
                frontend.doWork();
                backend.doWork();
            }
            frontend.onClose();
            backend.onClose();
            tools.removeVbd(vbd);
            guest.destroy();
            host.destroy();
        } catch (final Exception e) {
            throw new IllegalStateException("cannot take apart: device=" + device(), e);
        }
        halves.guestMemory().close();
        hostMemory.close();
    }
}
