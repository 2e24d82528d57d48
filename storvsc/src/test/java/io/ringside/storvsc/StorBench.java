package io.ringside.storvsc;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A guest and its host with one controller, on one thread. */
final class StorBench implements AutoCloseable {
    static final int FRAMES = 4096;
    private static final int MOST_ROUNDS = 200_000;
    private static final Guid INSTANCE = new Guid(7, 0x1234_5678_9abc_def0L);

    final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
    final FrameAllocator frames = new FrameAllocator(memory);
    final List<Vcpu> vcpus = new ArrayList<>();
    final VmbusServer server;
    final VmbusClient client;
    final Storvsp host;
    final StorvspOptions hostOptions;
    private final int processors;
    private final UnsafeBuffer window = new UnsafeBuffer(0, 0);
    private @Nullable GuestChannel offered;
    private @Nullable Storvsc guest;

    StorBench(final int processors, final StorvspOptions hostOptions) {
        this(processors, hostOptions, ServerOptions.DEFAULTS);
    }

    StorBench(
            final int processors,
            final StorvspOptions hostOptions,
            final ServerOptions busOptions) {
        this(processors, hostOptions, busOptions, INSTANCE);
    }

    StorBench(
            final int processors,
            final StorvspOptions hostOptions,
            final ServerOptions busOptions,
            final Guid instance) {
        this.processors = processors;
        this.hostOptions = hostOptions;
        final List<Doorbell> doorbells = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            vcpus.add(new Vcpu("vcpu" + i, CrossingCosts.COUNTS, () -> 0));
            doorbells.add(() -> {});
        }
        final Vcpu hostVcpu = new Vcpu("host", CrossingCosts.COUNTS, () -> 0);
        final Partition partition = new Partition(memory, vcpus, doorbells, hostVcpu);
        server = new VmbusServer(partition, memory, hostVcpu, () -> {}, busOptions, Trace.OFF);
        client =
                new VmbusClient(
                        partition,
                        memory,
                        frames,
                        ClientOptions.DEFAULTS,
                        channel -> {
                            if (channel.offer().subChannelIndex() == 0) {
                                offered = channel;
                            }
                        },
                        Trace.OFF);
        host = new Storvsp(server, memory, instance, hostOptions, () -> {}, Trace.OFF);
    }

    static StorBench usual() {
        return new StorBench(1, StorvspOptions.DEFAULTS);
    }

    LogicalUnit disk(final String serial, final BlockStore store) {
        return new LogicalUnit(
                UnitIdentity.disk(serial, serial.hashCode() & 0xfff_ffffL),
                store,
                hostOptions.maxTransferBytes());
    }

    /** Connects the bus. */
    void connect() {
        if (client.state().version() == 0) {
            client.connect();
        }
        for (int i = 0; i < 200; i++) {
            round();
        }
    }

    GuestChannel channel() {
        return Objects.requireNonNull(offered, "no controller was offered");
    }

    /** Connects the bus and a frontend, which does nothing yet. */
    Storvsc start(final StorvscOptions options) {
        connect();
        final Storvsc frontend = new Storvsc(channel(), memory, frames, options, Trace.OFF);
        guest = frontend;
        return frontend;
    }

    /** Connects the bus and a frontend, and waits until it knows its units. */
    Storvsc join(final StorvscOptions options) {
        final Storvsc frontend = start(options);
        for (int i = 0; i < MOST_ROUNDS; i++) {
            round();
            if (frontend.isSettled() || frontend.isClosed()) {
                break;
            }
        }
        idle();
        return frontend;
    }

    /** One turn of everybody; how much was done. */
    int round() {
        int work = server.doWork() + host.doWork() + client.doWork();
        for (int i = 1; i < processors; i++) {
            work += client.dispatch(i);
        }
        final Storvsc frontend = guest;
        return frontend == null ? work : work + frontend.doWork();
    }

    /** One turn of both halves, without the bus. */
    void turnHalves() {
        host.doWork();
        final Storvsc frontend = guest;
        if (frontend != null) {
            frontend.doWork();
        }
    }

    /**
     * Turns until nobody has anything to do: twice, since the host's turn is before the guest's.
     */
    void idle() {
        int quietRounds = 0;
        for (int i = 0; i < MOST_ROUNDS; i++) {
            quietRounds = round() == 0 ? quietRounds + 1 : 0;
            if (quietRounds == 2) {
                return;
            }
        }
        throw new IllegalStateException("does not come to rest");
    }

    StorvscDisk diskOf(final int target, final int lun) {
        final Storvsc frontend = Objects.requireNonNull(guest);
        return Objects.requireNonNull(frontend.disk(target, lun), "no disk");
    }

    /** Runs one request to its end, with its data in a page of the guest. */
    BlockStatus run(
            final StorvscDisk disk,
            final BlockOperation operation,
            final long sector,
            final int frame,
            final int lengthBytes) {
        final BlockRequest request = new BlockRequest(1).reset(operation, sector);
        if (operation != BlockOperation.FLUSH) {
            request.addSegment((long) frame << GuestMemory.PAGE_SHIFT, lengthBytes);
        }
        final boolean[] done = new boolean[1];
        disk.completionsTo(ended -> done[0] = true);
        if (!disk.submit(request)) {
            throw new IllegalStateException("not taken: " + disk);
        }
        disk.commit();
        for (int i = 0; i < MOST_ROUNDS && !done[0]; i++) {
            round();
        }
        if (!done[0]) {
            throw new IllegalStateException("does not end: " + disk);
        }
        return request.status();
    }

    UnsafeBuffer page(final int frame) {
        memory.wrap(window, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        return window;
    }

    @Override
    public void close() {
        memory.close();
    }
}
