package io.ringside.perf.trace;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.CrossingCosts;
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
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * A guest and its host with one SCSI controller and one disk, watched from the first message on.
 *
 * <p>Both ends take turns on the caller's thread in a fixed order, and one request is carried out
 * at a time, so that every run tells the same. Each end works until it has nothing to do and then
 * sleeps, as a guest with one processor does. Threads: one.
 */
public final class StorvscTrace implements AutoCloseable {
    /** Bytes that each request reads, writes or discards. */
    public static final int REQUEST_BYTES = GuestMemory.PAGE_BYTES;

    private static final int FRAMES = 512;
    private static final long DISK_SECTORS = 1 << 14;
    private static final int REQUEST_SECTORS = REQUEST_BYTES / BlockRequest.SECTOR_BYTES;
    private static final int MOST_ROUNDS = 10_000;
    private static final Guid INSTANCE = Guid.parse("52494e47-5349-4445-0000-000000000001");

    private final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final RamStore store = RamStore.zeroed(DISK_SECTORS);
    private final BusTap tap;
    private final VmbusServer server;
    private final VmbusClient client;
    private final Storvsp backend;
    private @Nullable GuestChannel offered;
    private @Nullable Storvsc frontend;

    /** Nothing has happened yet. */
    public StorvscTrace(final Consumer<TraceEvent> listener) {
        final Vcpu guestVcpu = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
        final Vcpu hostVcpu = new Vcpu("host", CrossingCosts.COUNTS, () -> 0);
        final Partition partition =
                new Partition(memory, List.of(guestVcpu), List.of(() -> {}), hostVcpu);
        tap = new BusTap(partition, partition, memory, listener);
        server =
                new VmbusServer(tap, memory, hostVcpu, () -> {}, ServerOptions.DEFAULTS, Trace.OFF);
        client =
                new VmbusClient(
                        tap,
                        memory,
                        frames,
                        ClientOptions.DEFAULTS,
                        channel -> offered = channel,
                        Trace.OFF);
        final StorvspOptions options = StorvspOptions.DEFAULTS;
        backend = new Storvsp(server, memory, INSTANCE, options, () -> {}, Trace.OFF);
        backend.add(
                0,
                0,
                new LogicalUnit(
                        UnitIdentity.disk("RINGSIDE-TRACE", 1), store, options.maxTransferBytes()));
    }

    /** Connects, and carries out so many requests of one kind, each on the next 4 KiB. */
    public void run(final BlockOperation operation, final int operations) {
        final StorvscDisk disk = connect();
        final BlockRequest request = new BlockRequest(1);
        final int[] completed = new int[1];
        disk.completionsTo(ended -> completed[0]++);
        final long data = (long) frames.allocate() << GuestMemory.PAGE_SHIFT;
        for (int i = 0; i < operations; i++) {
            prepare(request, operation, (long) i * REQUEST_SECTORS % DISK_SECTORS, data);
            if (!disk.submit(request)) {
                throw new IllegalStateException("not taken: operation=" + operation);
            }
            disk.commit();
            tap.look();
            final int wanted = i + 1;
            rounds(() -> completed[0] == wanted);
            if (request.status() != BlockStatus.OK) {
                throw new IllegalStateException("request failed: status=" + request.status());
            }
        }
    }

    private static void prepare(
            final BlockRequest request,
            final BlockOperation operation,
            final long sector,
            final long data) {
        if (operation.isDiscard()) {
            request.resetToDiscard(operation, sector, REQUEST_SECTORS);
        } else if (operation.movesData()) {
            request.reset(operation, sector).addSegment(data, REQUEST_BYTES);
        } else {
            request.reset(operation, 0);
        }
    }

    private StorvscDisk connect() {
        client.connect();
        rounds(() -> offered != null);
        final GuestChannel channel = offered;
        if (channel == null) {
            throw new IllegalStateException("no controller was offered: devices=0");
        }
        final Storvsc driver =
                new Storvsc(channel, memory, frames, StorvscOptions.DEFAULTS, Trace.OFF);
        frontend = driver;
        rounds(driver::isSettled);
        final StorvscDisk disk = driver.disk(0, 0);
        if (disk == null) {
            throw new IllegalStateException("no disk was found: target=0 lun=0");
        }
        return disk;
    }

    /** Turns until that is so. */
    private void rounds(final Goal goal) {
        for (int i = 0; i < MOST_ROUNDS; i++) {
            if (goal.isReached()) {
                return;
            }
            round();
        }
        throw new IllegalStateException("does not come to its end: rounds=" + MOST_ROUNDS);
    }

    /** The host's turn, then the guest's: each works until it may sleep, and is awake no longer. */
    private void round() {
        turn(server, backend);
        final Storvsc driver = frontend;
        if (driver == null) {
            turn(client);
        } else {
            turn(client, driver);
        }
    }

    private void turn(final Agent... end) {
        int work = 1;
        for (int i = 0; i < MOST_ROUNDS && work > 0; i++) {
            work = 0;
            for (final Agent agent : end) {
                work += workOf(agent);
                tap.look();
            }
        }
    }

    private static int workOf(final Agent agent) {
        try {
            return agent.doWork();
        } catch (final Exception e) {
            throw new IllegalStateException("an end failed: agent=" + agent.roleName(), e);
        }
    }

    @Override
    public void close() {
        tap.close();
        store.close();
        memory.close();
    }

    /** What is waited for. */
    private interface Goal {
        boolean isReached();
    }
}
