package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import io.ringside.storvsc.backend.Storvsp;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.backend.scsi.LogicalUnit;
import io.ringside.storvsc.backend.scsi.UnitIdentity;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.VmbusClient;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.host.VmbusServer;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.sim.Partition;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

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
    private static final int MAX_CONNECT_STEPS = 1_000_000;

    private final Variant disk;
    private final Halves halves;
    private final VmbusServer server;
    private final VmbusClient client;
    private final Storvsp storvsp;
    private final Storvsc storvsc;
    private @Nullable GuestChannel offered;

    /**
     * A controller whose units are found.
     *
     * @param stores one a unit; at least one
     */
    public StorvscRig(
            final Variant disk, final DiskScenario scenario, final List<BlockStore> stores) {
        this.disk = disk;
        halves = Halves.of(stores.size() * DiskRigs.guestFrames(scenario), scenario.costs());
        final InProcessMemory memory = halves.guestMemory();
        final FrameAllocator frames = halves.guestFrames();
        final ThreadDoorbell hostDoorbell = halves.backendDoorbell();
        final Partition partition =
                new Partition(
                        memory,
                        List.of(halves.frontendVcpu()),
                        List.of(halves.frontendDoorbell()::ring),
                        halves.backendVcpu());
        server =
                new VmbusServer(
                        partition,
                        memory,
                        halves.backendVcpu(),
                        hostDoorbell::ring,
                        ServerOptions.DEFAULTS,
                        Trace.OFF);
        client =
                new VmbusClient(
                        partition,
                        memory,
                        frames,
                        ClientOptions.DEFAULTS,
                        this::offered,
                        Trace.OFF);
        final StorvspOptions options = StorvspOptions.DEFAULTS;
        storvsp = new Storvsp(server, memory, CONTROLLER, options, hostDoorbell::ring, Trace.OFF);
        for (int lun = 0; lun < stores.size(); lun++) {
            final BlockStore store = stores.get(lun);
            final UnitIdentity identity = UnitIdentity.disk("ringside-" + lun, lun + 1);
            storvsp.add(TARGET, lun, new LogicalUnit(identity, store, options.maxTransferBytes()));
            store.wakeWith(hostDoorbell::ring);
        }
        client.connect();
        storvsc = new Storvsc(controller(), memory, frames, options(disk), Trace.OFF);
        findUnits();
    }

    private static StorvscOptions options(final Variant disk) {
        return disk.has(DiskFeature.SUB_CHANNELS)
                ? StorvscOptions.DEFAULTS.withSubChannels(SUB_CHANNELS, 1)
                : StorvscOptions.DEFAULTS;
    }

    private void offered(final GuestChannel channel) {
        if (channel.offer().subChannelIndex() == 0) {
            offered = channel;
        }
    }

    private GuestChannel controller() {
        for (int step = 0; step < MAX_CONNECT_STEPS; step++) {
            server.doWork();
            client.doWork();
            final GuestChannel channel = offered;
            if (channel != null) {
                return channel;
            }
        }
        throw new IllegalStateException("no controller was offered: steps=" + MAX_CONNECT_STEPS);
    }

    private void findUnits() {
        final int channels = 1 + options(disk).subChannels();
        for (int step = 0; step < MAX_CONNECT_STEPS; step++) {
            step();
            if (storvsc.isSettled() && storvsc.channelCount() == channels) {
                return;
            }
        }
        throw new IllegalStateException("units were not found: steps=" + MAX_CONNECT_STEPS);
    }

    private void step() {
        server.doWork();
        storvsp.doWork();
        client.doWork();
        storvsc.doWork();
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
        return halves;
    }

    @Override
    public Agent frontend() {
        return new PartitionAgent(client, storvsc);
    }

    @Override
    public Agent backend() {
        return new PartitionAgent(server, storvsp);
    }

    @Override
    public void close() {
        storvsc.shutdown();
        for (int steps = 0; storvsp.isReady() || storvsp.inFlight() != 0; steps++) {
            if (steps > DiskRigs.MAX_CLOSE_STEPS) {
                throw new IllegalStateException("the two ends do not close: device=" + device());
            }
            step();
        }
        storvsc.onClose();
        storvsp.onClose();
        client.onClose();
        server.onClose();
        halves.guestMemory().close();
    }
}
