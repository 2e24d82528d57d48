package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import io.ringside.xen.blkfront.backend.Blkback;
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

    private final DiskVariant disk;
    private final InProcessMemory guestMemory;
    private final InProcessMemory hostMemory = InProcessMemory.anonymous(BACKEND_FRAMES);
    private final FrameAllocator guestFrames;
    private final ThreadDoorbell guestDoorbell = new ThreadDoorbell();
    private final ThreadDoorbell hostDoorbell = new ThreadDoorbell();
    private final SimulatedXen xen = new SimulatedXen();
    private final Vcpu guestVcpu;
    private final Vcpu hostVcpu;
    private final Domain guest;
    private final Domain host;
    private final Toolstack tools;
    private final VbdConfig vbd;
    private final Blkfront blkfront;
    private final Blkback blkback;

    BlkfrontRig(final DiskVariant disk, final DiskScenario scenario, final BlockStore store) {
        this.disk = disk;
        guestMemory = InProcessMemory.anonymous(DiskRigs.guestFrames(scenario));
        guestFrames = new FrameAllocator(guestMemory);
        guestVcpu = new Vcpu("guest", scenario.costs(), System::nanoTime);
        hostVcpu = new Vcpu("dom0", scenario.costs(), System::nanoTime);
        final Wakeups wakeups =
                scenario.wakeups() == DiskScenario.WakeupMode.SLEEP
                        ? Wakeups.ARMED
                        : Wakeups.POLLED;
        host =
                xen.createDomain(
                        BACKEND_DOMAIN,
                        hostMemory,
                        new FrameAllocator(hostMemory),
                        hostVcpu,
                        hostDoorbell);
        guest =
                xen.createDomain(
                        FRONTEND_DOMAIN, guestMemory, guestFrames, guestVcpu, guestDoorbell);
        vbd = new VbdConfig(FRONTEND_DOMAIN, BACKEND_DOMAIN, XVDA, "store", store.isReadOnly());
        final XenStore toolsConnection = xen.connectStore(BACKEND_DOMAIN, () -> {});
        tools = new Toolstack(toolsConnection);
        try {
            tools.createVbd(vbd);
            blkfront =
                    new Blkfront(
                            XenbusDevice.ofFrontend(guest.store(), vbd.frontendPath()),
                            guestMemory,
                            guestFrames,
                            guest.grantTable(),
                            guest.eventChannels(),
                            guestVcpu,
                            wakeups,
                            BlkfrontOptions.PLAIN,
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
        store.wakeWith(hostDoorbell::ring);
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
    public GuestMemory guestMemory() {
        return guestMemory;
    }

    @Override
    public FrameAllocator guestFrames() {
        return guestFrames;
    }

    @Override
    public Agent frontend() {
        return new DomainAgent(guest, blkfront);
    }

    @Override
    public Agent backend() {
        return new DomainAgent(host, blkback);
    }

    @Override
    public ThreadDoorbell frontendDoorbell() {
        return guestDoorbell;
    }

    @Override
    public ThreadDoorbell backendDoorbell() {
        return hostDoorbell;
    }

    @Override
    public Vcpu frontendVcpu() {
        return guestVcpu;
    }

    @Override
    public Vcpu backendVcpu() {
        return hostVcpu;
    }

    @Override
    public XenStoreServer xenStore() {
        return xen.storeServer();
    }

    @Override
    public long modelNanos() {
        return 0;
    }

    @Override
    public void close() {
        final Agent frontend = frontend();
        final Agent backend = backend();
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
        guestMemory.close();
        hostMemory.close();
    }

    /** A domain's thread: its upcalls, then its end of the device. */
    private record DomainAgent(Domain domain, Agent end) implements Agent {
        @Override
        public int doWork() throws Exception {
            final int events =
                    domain.eventChannels().isUpcallPending()
                            ? domain.eventChannels().dispatch()
                            : 0;
            return events + end.doWork();
        }

        @Override
        public void onClose() {
            end.onClose();
        }

        @Override
        public String roleName() {
            return end.roleName();
        }
    }
}
