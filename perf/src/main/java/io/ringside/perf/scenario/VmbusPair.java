package io.ringside.perf.scenario;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Trace;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.VmbusClient;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.host.VmbusServer;
import io.ringside.vmbus.sim.Partition;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * A guest of one processor and its host on Hyper-V, who meet over the VMBus; the ends of a device
 * are added by whoever sets it up. What a device is, is known only once its host has answered for
 * it, so the two are connected while it is set up.
 */
final class VmbusPair {
    private static final int MAX_CONNECT_STEPS = 1_000_000;

    private final Halves halves;
    private final VmbusServer server;
    private final VmbusClient client;
    private @Nullable GuestChannel offered;

    /** A pair with a bus and nothing on it. */
    VmbusPair(final int guestFrames, final CrossingCosts costs, final Timeline timeline) {
        halves = Halves.of(guestFrames, costs, timeline);
        final Partition partition =
                new Partition(
                        halves.guestMemory(),
                        List.of(halves.frontendVcpu()),
                        List.of(halves.frontendDoorbell()::ring),
                        halves.backendVcpu());
        server =
                new VmbusServer(
                        partition,
                        halves.guestMemory(),
                        halves.backendVcpu(),
                        halves.backendDoorbell()::ring,
                        ServerOptions.DEFAULTS,
                        Trace.OFF);
        client =
                new VmbusClient(
                        partition,
                        halves.guestMemory(),
                        halves.guestFrames(),
                        ClientOptions.DEFAULTS,
                        this::offered,
                        Trace.OFF);
    }

    private void offered(final GuestChannel channel) {
        if (channel.offer().subChannelIndex() == 0) {
            offered = channel;
        }
    }

    Halves halves() {
        return halves;
    }

    VmbusServer server() {
        return server;
    }

    /** Connects the guest to the bus; the channel of the one device on it. */
    GuestChannel connect() {
        client.connect();
        for (int step = 0; step < MAX_CONNECT_STEPS; step++) {
            server.doWork();
            client.doWork();
            final GuestChannel channel = offered;
            if (channel != null) {
                return channel;
            }
        }
        throw new IllegalStateException("no device was offered: steps=" + MAX_CONNECT_STEPS);
    }

    /** Steps bus and ends until the device is as it must be. */
    void stepUntil(final BooleanSupplier ready, final Agent device, final Agent backend)
            throws Exception {
        stepUntil(ready, device, backend, MAX_CONNECT_STEPS, "the device did not get ready");
    }

    private void stepUntil(
            final BooleanSupplier reached,
            final Agent device,
            final Agent backend,
            final int mostSteps,
            final String fault)
            throws Exception {
        for (int step = 0; !reached.getAsBoolean(); step++) {
            if (step > mostSteps) {
                throw new IllegalStateException(fault + ": device=" + device.roleName());
            }
            server.doWork();
            backend.doWork();
            client.doWork();
            device.doWork();
        }
    }

    /** The guest's thread. */
    Agent guestAgent(final Agent device) {
        return new PartitionAgent(client, device);
    }

    /** The host's thread. */
    Agent hostAgent(final Agent backend) {
        return new PartitionAgent(server, backend);
    }

    /**
     * Takes everything apart, the device having been asked to close.
     *
     * @param closed whether both ends have
     */
    void close(final BooleanSupplier closed, final Agent device, final Agent backend) {
        try {
            stepUntil(
                    closed, device, backend, DiskRigs.MAX_CLOSE_STEPS, "the two ends do not close");
            device.onClose();
            backend.onClose();
            client.onClose();
            server.onClose();
        } catch (final Exception e) {
            throw new IllegalStateException("cannot take apart: device=" + device.roleName(), e);
        }
        halves.guestMemory().close();
    }
}
