package io.ringside.vmbus;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.OfferListener;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.guest.VmbusClient;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.host.VmbusServer;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.sim.MonitorPoller;
import io.ringside.vmbus.sim.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;

/** A guest and its host on one thread, with a clock that the test moves. */
public final class TestBus implements AutoCloseable {
    private static final int MOST_ROUNDS = 10_000;

    /** The guest's memory. */
    public final InProcessMemory memory;

    /** Its free frames. */
    public final FrameAllocator frames;

    /** Its processors. */
    public final List<Vcpu> vcpus = new ArrayList<>();

    /** The host's processor. */
    public final Vcpu hostVcpu = new Vcpu("host", CrossingCosts.COUNTS, () -> 0);

    /** How often each processor was rung. */
    public final int[] rings;

    /** The hypervisor. */
    public final Partition partition;

    /** The host's end. */
    public final VmbusServer server;

    /** The guest's end. */
    public final VmbusClient client;

    /** Looks at the monitor page. */
    public final MonitorPoller poller;

    /** What the poller's clock says. */
    public long nowNanos;

    /** How often a host half was woken. */
    public int driverRings;

    /** One processor, the newest version. */
    public TestBus() {
        this(1, ServerOptions.DEFAULTS, ClientOptions.DEFAULTS);
    }

    /** So many processors, and other options. */
    public TestBus(final int processors, final ServerOptions hosts, final ClientOptions guests) {
        this(processors, 1024, hosts, guests, OfferListener.NONE);
    }

    /** All that can be chosen. */
    public TestBus(
            final int processors,
            final int frameCount,
            final ServerOptions hosts,
            final ClientOptions guests,
            final OfferListener listener) {
        memory = InProcessMemory.anonymous(frameCount);
        frames = new FrameAllocator(memory);
        rings = new int[processors];
        final List<Doorbell> doorbells = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            final int processor = i;
            vcpus.add(new Vcpu("vcpu" + i, CrossingCosts.COUNTS, () -> 0));
            doorbells.add(() -> rings[processor]++);
        }
        partition = new Partition(memory, vcpus, doorbells, hostVcpu);
        server = new VmbusServer(partition, memory, hostVcpu, () -> {}, hosts, Trace.OFF);
        client = new VmbusClient(partition, memory, frames, guests, listener, Trace.OFF);
        poller = new MonitorPoller(partition, () -> nowNanos);
    }

    /** The instance GUID of a device. */
    public static Guid instance(final int number) {
        return new Guid(number, 0x1234_5678_9abc_def0L);
    }

    /** Offers a SCSI controller. */
    public HostChannel offer(final int number) {
        return offer(ChannelOffer.of(DeviceType.SCSI, instance(number)));
    }

    /** Offers a channel whose half's doorbell counts. */
    public HostChannel offer(final ChannelOffer offer) {
        return server.offer(offer, () -> driverRings++);
    }

    /** Runs both ends until nothing is left to do. */
    public void settle() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int work = server.doWork() + client.doWork();
            for (int processor = 1; processor < rings.length; processor++) {
                work += client.dispatch(processor);
            }
            if (work == 0) {
                return;
            }
        }
        throw new IllegalStateException("does not settle: rounds=" + MOST_ROUNDS);
    }

    /** Connects the guest. */
    public void connect() {
        client.connect();
        settle();
    }

    /** The guest's view of a channel. */
    public GuestChannel guest(final HostChannel channel) {
        for (final GuestChannel guest : client.channels()) {
            if (guest.relid() == channel.relid()) {
                return guest;
            }
        }
        throw new IllegalStateException("the guest knows no such channel: " + channel);
    }

    /** Connects if need be, and opens a channel with rings of two data pages each. */
    public Pair open(final HostChannel host) {
        if (client.state().version() == 0) {
            connect();
        }
        settle();
        final GuestChannel guest = guest(host);
        guest.open(OpenRequest.ofPages(3, 3));
        settle();
        return new Pair(
                guest,
                host,
                Objects.requireNonNull(guest.channel(), "guest end"),
                Objects.requireNonNull(host.channel(), "host end"));
    }

    /** One of the guest's pages. */
    public UnsafeBuffer page(final int frame) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        return view;
    }

    /** How often processor 0 crossed so. */
    public long count(final Crossing crossing) {
        return vcpus.getFirst().count(crossing);
    }

    /** All that could leak, in one line. */
    public String figures() {
        return "frames=%d gpadls=%d+%d pages=%d channels=%d+%d ports=%d monitors=%d kept=%d"
                .formatted(
                        frames.usedCount(),
                        client.gpadlCount(),
                        server.gpadlCount(),
                        server.gpadlPages(),
                        client.channels().size(),
                        server.channelCount(),
                        partition.openPorts(),
                        partition.allocatedMonitors(),
                        client.keptRings());
    }

    @Override
    public void close() {
        client.onClose();
        server.onClose();
        partition.destroy();
        memory.close();
    }

    /** An open channel, from both sides. */
    public record Pair(GuestChannel guest, HostChannel host, Channel guestEnd, Channel hostEnd) {}
}
