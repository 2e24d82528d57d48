package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.storvsc.backend.Storvsp;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.backend.scsi.LogicalUnit;
import io.ringside.storvsc.backend.scsi.UnitIdentity;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.protocol.Wakeups;
import io.ringside.vmbus.protocol.Guid;
import java.util.List;
import org.agrona.concurrent.Agent;

/**
 * Hyper-V's storage pair: a guest of one processor with storvsc, and its host with storvsp, who
 * meet over the VMBus. One controller has a unit for each store, from unit 0 on.
 *
 * <p>A disk is known only once its controller has answered for it, so the two are connected here.
 */
public final class StorvscRig implements DiskRig {
    private static final Guid CONTROLLER = new Guid(1, 0x0072_696e_6773_6964L);
    private static final int TARGET = 0;
    private static final int SUB_CHANNELS = 3;

    private final Variant disk;
    private final VmbusPair pair;
    private final Storvsp storvsp;
    private final Storvsc storvsc;

    /**
     * A controller whose disks are found.
     *
     * @param stores one a disk; at least one
     */
    public StorvscRig(
            final Variant disk, final DiskScenario scenario, final List<BlockStore> stores) {
        this(disk, scenario, stores, Timeline.WALL);
    }

    /** The same on another timeline. */
    StorvscRig(
            final Variant disk,
            final DiskScenario scenario,
            final List<BlockStore> stores,
            final Timeline timeline) {
        this(disk, scenario, stores, timeline, true);
    }

    private StorvscRig(
            final Variant disk,
            final DiskScenario scenario,
            final List<BlockStore> stores,
            final Timeline timeline,
            final boolean areDisks) {
        this.disk = disk;
        pair =
                new VmbusPair(
                        stores.size() * DiskRigs.guestFrames(scenario), scenario.costs(), timeline);
        final InProcessMemory memory = pair.halves().guestMemory();
        final FrameAllocator frames = pair.halves().guestFrames();
        final Doorbell hostDoorbell = pair.halves().backendDoorbell();
        final Wakeups wakeups =
                scenario.wakeups() == WakeupMode.SLEEP ? Wakeups.ARMED : Wakeups.POLLED;
        final StorvspOptions options = StorvspOptions.DEFAULTS.withWakeups(wakeups);
        storvsp =
                new Storvsp(
                        pair.server(), memory, CONTROLLER, options, hostDoorbell::ring, Trace.OFF);
        for (int lun = 0; lun < stores.size(); lun++) {
            final BlockStore store = stores.get(lun);
            final String serial = "ringside-" + lun;
            final UnitIdentity identity =
                    areDisks
                            ? UnitIdentity.disk(serial, lun + 1)
                            : UnitIdentity.disc(serial, lun + 1);
            storvsp.add(TARGET, lun, new LogicalUnit(identity, store, options.maxTransferBytes()));
            store.wakeWith(hostDoorbell::ring);
        }
        final StorvscOptions guestOptions = options(disk, scenario.tuning()).withWakeups(wakeups);
        storvsc = new Storvsc(pair.connect(), memory, frames, guestOptions, Trace.OFF);
        final int channels = 1 + guestOptions.subChannels();
        try {
            pair.stepUntil(
                    () -> storvsc.isSettled() && storvsc.channelCount() == channels,
                    storvsc,
                    storvsp);
        } catch (final Exception e) {
            throw new IllegalStateException("units were not found: device=" + disk.name(), e);
        }
    }

    /**
     * A controller whose one unit is a drive with a disc in it.
     *
     * @param store whole blocks of {@link UnitIdentity#DISC_BLOCK_BYTES}
     */
    static StorvscRig ofDisc(
            final Variant disk, final DiskScenario scenario, final BlockStore store) {
        return new StorvscRig(disk, scenario, List.of(store), Timeline.WALL, false);
    }

    private static StorvscOptions options(final Variant disk, final Tuning tuning) {
        final int channels =
                tuning.get(
                        TuningKey.QUEUES,
                        1 + (disk.has(DiskFeature.SUB_CHANNELS) ? SUB_CHANNELS : 0));
        return StorvscOptions.DEFAULTS
                .withSubChannels(channels - 1, 1)
                .withRingPages(
                        tuning.get(TuningKey.RING_PAGES, StorvscOptions.DEFAULTS.ringPages()));
    }

    @Override
    public String device() {
        return disk.name();
    }

    @Override
    public BlockDevice disk() {
        return disk(0);
    }

    /** The disk of a unit. */
    public BlockDevice disk(final int lun) {
        final StorvscDisk found = storvsc.disk(TARGET, lun);
        if (found == null) {
            throw new IllegalStateException("no such unit: lun=" + lun);
        }
        return found;
    }

    @Override
    public Halves halves() {
        return pair.halves();
    }

    @Override
    public Agent frontend() {
        return pair.guestAgent(storvsc);
    }

    @Override
    public Agent backend() {
        return pair.hostAgent(storvsp);
    }

    @Override
    public void close() {
        storvsc.shutdown();
        pair.close(() -> !storvsp.isReady() && storvsp.inFlight() == 0, storvsc, storvsp);
    }
}
