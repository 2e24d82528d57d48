package io.ringside.netvsc.backend;

import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.VmbusClient;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.host.VmbusServer;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.sim.Partition;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A guest's bus and a host with one network device, on one thread. */
final class VspBench implements AutoCloseable {
    private static final int FRAMES = 4096;
    private static final int MOST_ROUNDS = 100_000;
    private static final Guid INSTANCE = new Guid(9, 0x1234_5678_9abc_def0L);

    final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
    final FrameAllocator frames = new FrameAllocator(memory);
    final VmbusServer server;
    final VmbusClient client;
    final Netvsp host;
    final PacketPort port;
    int wakes;
    private @Nullable GuestChannel offered;

    VspBench(final NetvspOptions options, final PacketPort port) {
        this(options, port, Trace.OFF);
    }

    /** One whose card is traced. */
    VspBench(final NetvspOptions options, final PacketPort port, final Trace trace) {
        this.port = port;
        final Vcpu vcpu = new Vcpu("vcpu0", CrossingCosts.COUNTS, () -> 0);
        final Vcpu hostVcpu = new Vcpu("host", CrossingCosts.COUNTS, () -> 0);
        final Partition partition =
                new Partition(memory, List.of(vcpu), List.of(() -> {}), hostVcpu);
        server =
                new VmbusServer(
                        partition, memory, hostVcpu, () -> {}, ServerOptions.DEFAULTS, Trace.OFF);
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
        host = new Netvsp(server, memory, INSTANCE, options, port, () -> wakes++, trace);
    }

    /** One with a port that records, and all else as usual. */
    static VspBench usual() {
        return new VspBench(NetvspOptions.DEFAULTS, new RecordingPort());
    }

    RecordingPort recorder() {
        return (RecordingPort) port;
    }

    /** The first channel of the card. */
    GuestChannel channel() {
        if (client.state().version() == 0) {
            client.connect();
        }
        settle();
        return Objects.requireNonNull(offered, "no card was offered");
    }

    int round() {
        return server.doWork() + host.doWork() + client.doWork();
    }

    /** Turns until nobody has anything to do. */
    void settle() {
        for (int i = 0; i < MOST_ROUNDS; i++) {
            if (round() == 0) {
                return;
            }
        }
        throw new IllegalStateException("does not come to rest");
    }

    /** So many turns, whether there is anything to do or not. */
    void turn(final int rounds) {
        for (int i = 0; i < rounds; i++) {
            round();
        }
    }

    UnsafeBuffer page(final int frame) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        return view;
    }

    long refusals(final NetvspRefusal reason) {
        return host.counters().refusals(reason);
    }

    @Override
    public void close() {
        memory.close();
    }
}
