package io.ringside.perf.scenario;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;

/**
 * A guest and domain 0 on Xen, who meet through a xenstore and share pages by grants; the ends of a
 * device are added by whoever sets it up.
 */
final class XenPair {
    /** Domain 0, where backends run. */
    static final int HOST = 0;

    /** The guest. */
    static final int GUEST = 1;

    private final Halves halves;
    private final InProcessMemory hostMemory;
    private final SimulatedXen xen = new SimulatedXen();
    private final Domain guest;
    private final Domain host;
    private final Toolstack tools;

    /**
     * A pair whose guest has nothing yet.
     *
     * @param guestFrames page frames of the guest
     * @param hostFrames page frames of domain 0
     */
    XenPair(
            final int guestFrames,
            final int hostFrames,
            final CrossingCosts costs,
            final Timeline timeline) {
        halves = Halves.of(guestFrames, costs, timeline);
        hostMemory = InProcessMemory.anonymous(hostFrames);
        host =
                xen.createDomain(
                        HOST,
                        hostMemory,
                        new FrameAllocator(hostMemory),
                        halves.backendVcpu(),
                        halves.backendDoorbell());
        guest =
                xen.createDomain(
                        GUEST,
                        halves.guestMemory(),
                        halves.guestFrames(),
                        halves.frontendVcpu(),
                        halves.frontendDoorbell());
        tools = new Toolstack(xen.connectStore(HOST, () -> {}));
    }

    Halves halves() {
        return halves;
    }

    Domain guest() {
        return guest;
    }

    Domain host() {
        return host;
    }

    Toolstack tools() {
        return tools;
    }

    XenStoreServer xenStore() {
        return xen.storeServer();
    }

    /** The guest's thread. */
    DomainAgent guestAgent(final Agent end, final Runnable newPeriod) {
        return new DomainAgent(guest, end, newPeriod, halves.frontendDoorbell());
    }

    /** The host's thread. */
    DomainAgent hostAgent(final Agent end, final Runnable newPeriod) {
        return new DomainAgent(host, end, newPeriod, halves.backendDoorbell());
    }

    /** What the toolstack does, and must be able to do. */
    @FunctionalInterface
    interface Removal {
        void run() throws XenStoreException;
    }

    /**
     * Takes everything apart, the ends having been asked to close.
     *
     * @param closed whether both ends have
     * @param removal takes the device's directories away
     */
    void close(
            final Agent frontend,
            final Agent backend,
            final BooleanSupplier closed,
            final Removal removal) {
        try {
            int step = 0;
            while (!closed.getAsBoolean()) {
                if (++step > DiskRigs.MAX_CLOSE_STEPS) {
                    throw new IllegalStateException(
                            "the two ends do not close: frontend=" + frontend.roleName());
                }
                frontend.doWork();
                backend.doWork();
            }
            frontend.onClose();
            backend.onClose();
            removal.run();
            guest.destroy();
            host.destroy();
        } catch (final Exception e) {
            throw new IllegalStateException(
                    "cannot take apart: frontend=" + frontend.roleName(), e);
        }
        halves.guestMemory().close();
        hostMemory.close();
    }
}
