package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.VbdConfig;
import org.agrona.concurrent.Agent;

/**
 * Xen's block pair: a guest with blkfront, and domain 0 with blkback, who meet through a xenstore
 * and share pages by grants.
 */
final class BlkfrontRig implements DiskRig {
    private static final int XVDA = 51712;
    private static final int BACKEND_FRAMES = 64;

    private final Variant disk;
    private final XenPair pair;
    private final VbdConfig vbd;
    private final Blkfront blkfront;
    private final Blkback blkback;
    private final DomainAgent frontend;
    private final DomainAgent backend;

    BlkfrontRig(final Variant disk, final DiskScenario scenario, final BlockStore store) {
        this(disk, scenario, store, Timeline.WALL);
    }

    BlkfrontRig(
            final Variant disk,
            final DiskScenario scenario,
            final BlockStore store,
            final Timeline timeline) {
        this.disk = disk;
        pair =
                new XenPair(
                        DiskRigs.guestFrames(scenario), BACKEND_FRAMES, scenario.costs(), timeline);
        final Wakeups wakeups =
                scenario.wakeups() == WakeupMode.SLEEP ? Wakeups.ARMED : Wakeups.POLLED;
        final Halves halves = pair.halves();
        final Domain guest = pair.guest();
        final Domain host = pair.host();
        vbd = new VbdConfig(XenPair.GUEST, XenPair.HOST, XVDA, "store", store.isReadOnly());
        try {
            pair.tools().createVbd(vbd);
            blkfront =
                    new Blkfront(
                            XenbusDevice.ofFrontend(guest.store(), vbd.frontendPath()),
                            halves.guestMemory(),
                            halves.guestFrames(),
                            guest.grantTable(),
                            guest.eventChannels(),
                            halves.frontendVcpu(),
                            wakeups,
                            options(disk, scenario.tuning()),
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
        frontend = pair.guestAgent(blkfront, blkfront::tick);
        backend = pair.hostAgent(blkback, blkback::tick);
        store.wakeWith(halves.backendDoorbell()::ring);
    }

    private static BlkfrontOptions options(final Variant disk, final Tuning tuning) {
        final int persistent =
                tuning.get(TuningKey.PERSISTENT, disk.has(DiskFeature.PERSISTENT) ? 1 : 0);
        final int segments =
                tuning.get(
                        TuningKey.INDIRECT_SEGMENTS,
                        disk.has(DiskFeature.INDIRECT)
                                ? BlkbackOptions.USUAL_INDIRECT_SEGMENTS
                                : 0);
        final int ringPages = tuning.get(TuningKey.RING_PAGES, disk.has(DiskFeature.RING4) ? 4 : 1);
        return BlkfrontOptions.PLAIN
                .withPersistentGrants(persistent > 0)
                .withIndirectSegments(segments)
                .withRingPageOrder(Integer.numberOfTrailingZeros(ringPages))
                .withHoldOff(tuning.get(TuningKey.HOLD_OFF, BlkfrontOptions.PLAIN.holdOff()))
                .withQueues(tuning.get(TuningKey.QUEUES, disk.has(DiskFeature.TWO_QUEUES) ? 2 : 1));
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
        return pair.halves();
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
        return pair.guest();
    }

    /** Domain 0. */
    Domain host() {
        return pair.host();
    }

    @Override
    public XenStoreServer xenStore() {
        return pair.xenStore();
    }

    @Override
    public void close() {
        blkfront.shutdown();
        pair.close(
                frontend,
                backend,
                () -> blkfront.isClosed() && blkback.isClosed(),
                () -> pair.tools().removeVbd(vbd));
    }
}
