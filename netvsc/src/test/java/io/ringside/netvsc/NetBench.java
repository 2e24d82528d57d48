package io.ringside.netvsc;

import io.ringside.device.host.PacketPort;
import io.ringside.device.net.LoopbackPort;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.netvsc.backend.Netvsp;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.frontend.NetvscOptions;
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

/** A guest and its host with one card, on one thread. */
final class NetBench implements AutoCloseable {
    /** Buffers and rings that fit a small guest, and depths to fill them. */
    static final NetvscOptions SMALL =
            NetvscOptions.DEFAULTS.withMemory(16, 512 * 1024, 256 * 1024).withDepths(256, 256);

    static final int FRAMES = 4096;
    private static final int MOST_ROUNDS = 200_000;
    private static final Guid INSTANCE = new Guid(9, 0x1234_5678_9abc_def0L);

    final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
    final FrameAllocator frames = new FrameAllocator(memory);

    /** Frames that the workload's data lie in, one after the other. */
    final int firstDataFrame = frames.allocate(Traffic.SLOTS * Traffic.SLOT_PAGES);

    final List<Vcpu> vcpus = new ArrayList<>();
    final VmbusServer server;
    final VmbusClient client;
    final PacketPort port;
    Netvsp host;
    private final int processors;
    private final UnsafeBuffer window = new UnsafeBuffer(0, 0);
    private @Nullable GuestChannel offered;
    private @Nullable Netvsc guest;

    NetBench(final int processors, final NetvspOptions hostOptions, final PacketPort port) {
        this.processors = processors;
        this.port = port;
        final List<Doorbell> doorbells = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            vcpus.add(new Vcpu("vcpu" + i, CrossingCosts.COUNTS, () -> 0));
            doorbells.add(() -> {});
        }
        final Vcpu hostVcpu = new Vcpu("host", CrossingCosts.COUNTS, () -> 0);
        final Partition partition = new Partition(memory, vcpus, doorbells, hostVcpu);
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
        host = offer(hostOptions);
    }

    private Netvsp offer(final NetvspOptions hostOptions) {
        return new Netvsp(server, memory, INSTANCE, hostOptions, port, () -> {}, Trace.OFF);
    }

    /** Offers another card in place of one that was taken away. */
    void offerAgain(final NetvspOptions hostOptions) {
        host = offer(hostOptions);
    }

    /** One processor, every offload, and a network on which everything comes back. */
    static NetBench usual() {
        return new NetBench(1, NetvspOptions.DEFAULTS, new LoopbackPort(1024, 70_000));
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
        return Objects.requireNonNull(offered, "no card was offered");
    }

    /** Connects the bus, and begins with a frontend. */
    Netvsc start(final NetvscOptions options) {
        connect();
        final Netvsc frontend = new Netvsc(channel(), memory, frames, options, Trace.OFF);
        guest = frontend;
        return frontend;
    }

    /** Connects the bus and a frontend, and waits until frames flow. */
    Netvsc join(final NetvscOptions options) {
        final Netvsc frontend = start(options);
        for (int i = 0; i < MOST_ROUNDS && !frontend.isReady() && !frontend.isClosed(); i++) {
            round();
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
        final Netvsc frontend = guest;
        return frontend == null ? work : work + frontend.doWork();
    }

    /** One turn of both halves, without the bus. */
    void turnHalves() {
        host.doWork();
        final Netvsc frontend = guest;
        if (frontend != null) {
            frontend.doWork();
        }
    }

    /** Turns until nobody has anything to do. */
    void idle() {
        for (int i = 0; i < MOST_ROUNDS; i++) {
            if (round() == 0) {
                return;
            }
        }
        throw new IllegalStateException("does not come to rest");
    }

    UnsafeBuffer page(final int frame) {
        memory.wrap(window, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        return window;
    }

    /** All that could leak, in one line. */
    String figures() {
        return "frames=%d gpadls=%d+%d pages=%d channels=%d+%d kept=%d"
                .formatted(
                        frames.usedCount(),
                        client.gpadlCount(),
                        server.gpadlCount(),
                        server.gpadlPages(),
                        client.channels().size(),
                        server.channelCount(),
                        client.keptRings());
    }

    @Override
    public void close() {
        memory.close();
    }
}
