package io.ringside.netvsc;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.ringbuf.vmbus.TransferPageHeader;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.channel.GpaPages;
import io.ringside.vmbus.channel.GpadlView;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestChannelState;
import io.ringside.vmbus.guest.VmbusClient;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.host.VmbusServer;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.sim.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A host that a test writes by hand, and a real guest, on one thread. */
final class RawHost implements NetCompletions, AutoCloseable {
    static final NetvscOptions SMALL =
            NetvscOptions.DEFAULTS.withMemory(8, 64 * 1024, 64 * 1024).withDepths(64, 16);

    final InProcessMemory memory = InProcessMemory.anonymous(2048);
    final FrameAllocator frames = new FrameAllocator(memory);
    final Vcpu vcpu = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
    final Partition partition = new Partition(memory, List.of(vcpu), List.of(() -> {}), vcpu);
    final VmbusServer server =
            new VmbusServer(partition, memory, vcpu, () -> {}, ServerOptions.DEFAULTS, Trace.OFF);
    final List<GuestChannel> offered = new ArrayList<>();
    final VmbusClient client =
            new VmbusClient(
                    partition, memory, frames, ClientOptions.DEFAULTS, offered::add, Trace.OFF);
    final HostChannel channel =
            server.offer(ChannelOffer.of(DeviceType.NETWORK, new Guid(1, 2)), () -> {});
    final List<HostChannel> subChannels = new ArrayList<>();
    final int framesBefore = frames.usedCount();
    final Netvsc guest;

    final HostAnswers answers = new HostAnswers(this);

    // What it saw.
    final List<String> said = new ArrayList<>();
    final List<NetFrame> received = new ArrayList<>();
    final List<NetFrame> transmitted = new ArrayList<>();
    final List<String> completions = new ArrayList<>();
    int linkChanges;

    /** Runs when the guest gets a frame: whatever the host does meanwhile. */
    Runnable meanwhile = () -> {};

    final UnsafeBuffer in = new UnsafeBuffer(new byte[70_000]);
    final UnsafeBuffer data = new UnsafeBuffer(new byte[70_000]);
    final NvspMessage heard = new NvspMessage().wrap(in, 0);
    final UnsafeBuffer out = new UnsafeBuffer(new byte[1024]);
    final NvspMessage message = new NvspMessage().wrap(out, 0);
    final RndisRequest request = new RndisRequest();
    int type;
    int dataBytes;
    int inBytes;
    long id;
    long nextTransfer = 1;
    @Nullable GpadlView receiveView;
    @Nullable GpadlView sendView;
    private final GpaPages pages = new GpaPages(memory, 64);
    private final UnsafeBuffer transferBuffer = new UnsafeBuffer(new byte[8192]);

    RawHost(final NetvscOptions options) {
        this(options, (byte) 0);
    }

    /** A guest whose memory, all of it that is free, has been used before. */
    RawHost(final NetvscOptions options, final byte left) {
        if (left != 0) {
            leaveBehind(left);
        }
        client.connect();
        for (int i = 0; i < 100; i++) {
            server.doWork();
            client.doWork();
        }
        guest = new Netvsc(offered.getFirst(), memory, frames, options, Trace.OFF);
        guest.completionsTo(this);
        turn();
    }

    private void leaveBehind(final byte left) {
        final int count = memory.frameCount() - 1 - frames.usedCount();
        final int[] used = new int[count];
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        for (int i = 0; i < count; i++) {
            used[i] = frames.allocate();
            memory.wrap(page, (long) used[i] << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
            page.setMemory(0, GuestMemory.PAGE_BYTES, left);
        }
        for (int i = 0; i < count; i++) {
            frames.free(used[i]);
        }
    }

    /** A guest that is ready, with a host that knows everything. */
    static RawHost ready(final NetvscOptions options) {
        final RawHost host = new RawHost(options);
        host.serve();
        return host;
    }

    void turn() {
        for (int i = 0; i < 60; i++) {
            turnOnce();
        }
    }

    void turnOnce() {
        server.doWork();
        client.doWork();
        guest.doWork();
    }

    Channel rings() {
        return Objects.requireNonNull(channel.channel(), "not open");
    }

    /** Takes the guest's next packet; false if there is none. */
    boolean take() {
        turn();
        final Channel open = channel.channel();
        return open != null && takeFrom(open);
    }

    boolean takeFrom(final Channel from) {
        final IncomingRing ring = from.incoming();
        if (ring.nextCopied() != RingStatus.OK) {
            return false;
        }
        type = ring.type();
        id = ring.transactionId();
        inBytes = ring.payloadBytes();
        in.putBytes(0, ring.buffer(), ring.payloadOffset(), inBytes);
        dataBytes = 0;
        if (type == PacketType.GPA_DIRECT) {
            final GpaDirectHeader header = new GpaDirectHeader().wrap(ring);
            while (header.nextRange() == RingStatus.OK) {
                pages.read(header);
                dataBytes += pages.copyTo(data, dataBytes, 70_000 - dataBytes);
            }
        }
        from.commitRead();
        if (type == PacketType.COMPLETION) {
            completions.add(id + ":" + heard.type() + ":" + heard.status());
        }
        return true;
    }

    /** Takes the guest's next packet that is no answer. */
    boolean takeRequest() {
        while (take()) {
            if (type != PacketType.COMPLETION) {
                return true;
            }
        }
        return false;
    }

    /** Answers the message taken last with {@link #message}. */
    void reply() {
        send(PacketType.COMPLETION, id, NvspMessage.BYTES);
    }

    void send(final int packetType, final long transactionId, final int lengthBytes) {
        rings().send(packetType, 0, transactionId, out, 0, lengthBytes);
        turn();
    }

    /** Answers the guest until it wants nothing more. */
    void serve() {
        for (int i = 0; i < 200 && takeRequest(); i++) {
            answerIt();
        }
    }

    /** Answers until the guest sends a message of a type, which is left unanswered. */
    void serveUntil(final int nvspType) {
        for (int i = 0; i < 200 && takeRequest(); i++) {
            if (heard.type() == nvspType) {
                return;
            }
            answerIt();
        }
        throw new IllegalStateException("never asked: type=" + nvspType + " said=" + said);
    }

    /** Answers until the guest asks for an object, which is left unanswered. */
    void serveUntilOid(final int oid) {
        for (int i = 0; i < 200 && takeRequest(); i++) {
            if (isControl() && request.wrap(data, 0, dataBytes).oid() == oid && dataBytes > 12) {
                return;
            }
            answerIt();
        }
        throw new IllegalStateException("never asked: oid=" + Oid.name(oid) + " said=" + said);
    }

    boolean isControl() {
        return heard.type() == NvspMessageType.SEND_RNDIS_PACKET
                && heard.channel() == NvspMessage.CHANNEL_CONTROL;
    }

    void answerIt() {
        answers.answerIt();
    }

    // What it sends.

    UnsafeBuffer section(final int number) {
        return new UnsafeBuffer(
                Objects.requireNonNull(receiveView).buffer(),
                number * answers.sectionBytes,
                answers.sectionBytes);
    }

    /** Puts a frame into a section; the length of its message. */
    int putFrame(final int number, final int frameBytes, final int fill) {
        final UnsafeBuffer to = section(number);
        final int messageBytes = RndisPacket.HEADER_BYTES + frameBytes;
        RndisPacket.put(to, 0, 0, frameBytes, messageBytes);
        to.setMemory(RndisPacket.HEADER_BYTES, frameBytes, (byte) fill);
        return messageBytes;
    }

    /** Sends a packet that names one range from the start of a section on. */
    long deliver(final int number, final int lengthBytes) {
        return deliverRanges(
                NvspMessage.RECEIVE_BUFFER_ID, number * answers.sectionBytes, lengthBytes);
    }

    /** Sends a packet that names ranges: offset, length, offset, length and so on. */
    long deliverRanges(final int setId, final int... ranges) {
        stageRanges(rings(), setId, ranges);
        rings().commit();
        turn();
        return nextTransfer - 1;
    }

    void stageRanges(final Channel to, final int setId, final int... ranges) {
        final int count = ranges.length / 2;
        final TransferPageHeader header =
                new TransferPageHeader().start(transferBuffer, 0, setId, false, count);
        for (int i = 0; i < count; i++) {
            header.putRange(i, ranges[2 * i + 1], ranges[2 * i]);
        }
        message.putRndisPacket(NvspMessage.CHANNEL_DATA, NvspMessage.NO_SECTION, 0);
        final int status =
                to.outgoing()
                        .write(
                                PacketType.TRANSFER_PAGES,
                                1,
                                nextTransfer++,
                                transferBuffer,
                                0,
                                TransferPageHeader.bytes(count),
                                out,
                                0,
                                NvspMessage.BYTES);
        if (status != RingStatus.OK) {
            throw new IllegalStateException("no room: status=" + RingStatus.name(status));
        }
    }

    /** A page of the rings, in the guest's order: its own first. */
    UnsafeBuffer ringPage(final int page) {
        final GuestChannelState.Open open = (GuestChannelState.Open) offered.getFirst().state();
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(
                view,
                (long) open.rings().gpadl().frames()[page] << GuestMemory.PAGE_SHIFT,
                GuestMemory.PAGE_BYTES);
        return view;
    }

    /** All that could leak, in one line. */
    String figures() {
        return "frames=%d gpadls=%d+%d kept=%d"
                .formatted(
                        frames.usedCount(),
                        client.gpadlCount(),
                        server.gpadlCount(),
                        client.keptRings());
    }

    /** The host's half of the end: lets go of what the guest wants back. */
    void letGo() {
        for (int i = 0; i < 20; i++) {
            turn();
            release(channel);
            subChannels.forEach(this::release);
            if (receiveView != null && receiveView.gpadl().isTornDown()) {
                receiveView.close();
            }
            if (sendView != null && sendView.gpadl().isTornDown()) {
                sendView.close();
            }
        }
    }

    private void release(final HostChannel each) {
        if (each.mustRelease()) {
            each.release();
        }
    }

    @Override
    public void transmitted(final NetFrame frame) {
        transmitted.add(frame);
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        received.add(frame);
        meanwhile.run();
    }

    @Override
    public void linkChanged() {
        linkChanges++;
    }

    @Override
    public void close() {
        guest.onClose();
        memory.close();
    }
}
