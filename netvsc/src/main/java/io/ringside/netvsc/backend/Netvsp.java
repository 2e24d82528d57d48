package io.ringside.netvsc.backend;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.vmbus.channel.GpaPages;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.VmbusServer;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import java.util.ArrayList;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The host's half of a Hyper-V network device: joins one card of a guest to a port.
 *
 * <pre>
 *   guest --&gt; ring --&gt; NetvspQueue --&gt; TransmitPath --&gt; port
 *                                                         |
 *   guest &lt;-- ring &lt;-- Delivery &lt;-- FrameWriter &lt;-- filter, spread
 * </pre>
 *
 * <p>While a guest holds all of its receive buffers, nothing is taken from the port, and it is the
 * port that drops, and counts. What comes for a guest that is not there, or does not want it, is
 * thrown away.
 *
 * <p>Errors: nothing that a guest does is an exception. What is not sound is answered with a
 * failure where an answer was asked for, and {@link #counters} says why. Threads: one, that of the
 * bus server, whose agent runs beside this one; and the port's.
 */
public final class Netvsp implements Agent, PacketArrivals {
    static final String WHO = "netvsp";
    private static final int UNWANTED_PER_WORK = 64;

    // 1. Shared with the peer: the channels, the first of which carries the hand-shake.

    private final ArrayList<NetvspQueue> queues = new ArrayList<>();

    // 2. Ours alone.

    private final VmbusServer server;
    private final ChannelOffer offer;
    private final Doorbell doorbell;
    private final NetvspOptions options;
    private final PacketPort port;
    private final Trace trace;
    private final NetvspCounters counters = new NetvspCounters();
    private final Adapter adapter;
    private final Handshake handshake;
    private final RndisRequests requests;
    private final Notices notices;
    private final TransmitPath transmit;
    private final FrameWriter writer;
    private final GatheredBytes bytes;
    private final Delivery controlDelivery = new Delivery(0, NvspMessage.CHANNEL_CONTROL, 0);
    private @Nullable ReceiveBuffer usedBuffer;
    private long connections;
    private boolean suspended;

    /**
     * A card that is offered to the guest at once.
     *
     * @param server the bus
     * @param memory the guest's memory
     * @param instance which device it is
     * @param port the network behind it; it is this device's alone
     * @param doorbell wakes the thread that runs this agent
     * @param trace is told of each NVSP {@code message} (type, bytes of the answer), RNDIS {@code
     *     request} (bytes, NVSP status), and frame that the guest has named, once it is sent:
     *     {@code original} (that name, bytes)
     */
    public Netvsp(
            final VmbusServer server,
            final GuestMemory memory,
            final Guid instance,
            final NetvspOptions options,
            final PacketPort port,
            final Doorbell doorbell,
            final Trace trace) {
        this.server = server;
        this.offer = ChannelOffer.of(DeviceType.NETWORK, instance);
        this.doorbell = doorbell;
        this.options = options;
        this.port = port;
        this.trace = trace;
        this.adapter = new Adapter(options, port, counters);
        this.handshake =
                new Handshake(options, counters, adapter.mtuBytes() + Adapter.ETHERNET_BYTES);
        this.requests = new RndisRequests(adapter, counters);
        this.notices = new Notices(adapter, requests, counters);
        this.transmit = new TransmitPath(adapter, port, counters, trace);
        this.writer = new FrameWriter(adapter, counters);
        this.bytes = new GatheredBytes(new GpaPages(memory, GatheredBytes.MOST_PAGES));
        port.wakeWith(doorbell::ring);
        queues.add(new NetvspQueue(server.offer(offer, doorbell), this, 0));
    }

    @Override
    public String roleName() {
        return WHO;
    }

    /** What it has done so far. */
    public NetvspCounters counters() {
        return counters;
    }

    /** Does what there is to do, a bounded part of it; 0 only if the host may sleep now. */
    @Override
    public int doWork() {
        int work = 0;
        for (int i = 0; i < queues.size(); i++) {
            work += queues.get(i).follow();
        }
        while (queues.size() > 1 && queues.getLast().isGone()) {
            queues.removeLast();
        }
        if (handshake.followBuffers()) {
            work++;
        }
        followReceiveBuffer();
        for (int i = 0; i < queues.size(); i++) {
            work += queues.get(i).take();
        }
        final NvspStage.Agreed agreed = handshake.agreed();
        if (agreed != null) {
            work += notices.tell(agreed, queues);
        }
        work += sendControl();
        work += receive();
        for (int i = 0; i < queues.size(); i++) {
            work += queues.get(i).publish();
        }
        return work;
    }

    // 3. Connect, in the protocol's order.

    void opened(final NetvspQueue queue) {
        if (queue.index() == 0) {
            handshake.opened();
        } else {
            notices.channelsChanged();
        }
    }

    /** One NVSP message that is not RNDIS; the answer is written over it. Its length. */
    int message(final NetvspQueue queue, final NvspMessage message) {
        final int type = message.type();
        final int answerBytes;
        if (queue.index() != 0) {
            answerBytes = handshake.refuse(message, NetvspRefusal.STATE);
        } else if (type == NvspMessageType.SUB_CHANNEL) {
            answerBytes = createSubChannels(message);
        } else {
            answerBytes = handshake.step(message, queue.host());
            followReceiveBuffer();
        }
        if (trace.isOn()) {
            trace.event(WHO, "message", type, answerBytes);
        }
        return answerBytes;
    }

    /** What was to go into a receive buffer that is gone goes nowhere. */
    private void followReceiveBuffer() {
        if (usedBuffer == handshake.receiveBuffer()) {
            return;
        }
        usedBuffer = handshake.receiveBuffer();
        controlDelivery.drop();
        for (int i = 0; i < queues.size(); i++) {
            queues.get(i).receive().delivery().drop();
        }
    }

    /** Offers as many channels as it may, once, while those before are gone. */
    private int createSubChannels(final NvspMessage message) {
        final NvspStage.Agreed agreed = handshake.agreed();
        final long asked = message.channelCount();
        if (agreed == null || !agreed.version().hasSubChannels() || !adapter.isInitialised()) {
            return refuseSubChannels(message, NetvspRefusal.STATE);
        }
        final int most = Math.min(options.maxSubChannels(), server.freeChannelCount());
        if (message.operation() != NvspMessage.ALLOCATE
                || asked == 0
                || most == 0
                || queues.size() > 1
                || server.hasSubChannels(offer)) {
            return refuseSubChannels(message, NetvspRefusal.SUB_CHANNELS);
        }
        final int granted = (int) Math.min(asked, most);
        for (int index = 1; index <= granted; index++) {
            queues.add(
                    new NetvspQueue(server.offer(offer.subChannel(index), doorbell), this, index));
        }
        message.putSubChannelComplete(NvspStatus.SUCCESS, granted);
        return NvspMessage.BYTES;
    }

    private int refuseSubChannels(final NvspMessage message, final NetvspRefusal reason) {
        counters.refused(reason);
        message.putSubChannelComplete(NvspStatus.FAIL, 0);
        return NvspMessage.BYTES;
    }

    /** One RNDIS request, as it was gathered; the NVSP status of its packet. */
    int request(final GatheredBytes request) {
        final NvspStage.Agreed agreed = handshake.agreed();
        final boolean before = adapter.isInitialised();
        int status = NvspStatus.FAIL;
        if (agreed == null || handshake.receiveBuffer() == null) {
            counters.refused(NetvspRefusal.STATE);
        } else {
            status = requests.take(request, agreed);
        }
        if (adapter.isInitialised() && !before) {
            connections++;
        }
        if (trace.isOn()) {
            trace.event(WHO, "request", request.totalBytes(), status);
        }
        return status;
    }

    private int sendControl() {
        final ReceiveBuffer into = handshake.receiveBuffer();
        final ControlOutbox outbox = requests.outbox();
        int work = 0;
        while (into != null && !outbox.isEmpty()) {
            final int at = controlDelivery.claim(into, outbox.firstBytes());
            if (at < 0) {
                break;
            }
            into.buffer().putBytes(at, outbox.memory(), outbox.firstOffset(), outbox.firstBytes());
            outbox.remove();
            work++;
        }
        queues.getFirst().send(controlDelivery);
        return work;
    }

    Handshake handshake() {
        return handshake;
    }

    Adapter adapter() {
        return adapter;
    }

    NetvspOptions options() {
        return options;
    }

    TransmitPath transmitPath() {
        return transmit;
    }

    FrameWriter frameWriter() {
        return writer;
    }

    GatheredBytes gatheredBytes() {
        return bytes;
    }

    // 4. Receive, then take back.

    private int receive() {
        int work = 0;
        boolean takes = false;
        for (int i = 0; i < queues.size(); i++) {
            final NetvspQueue queue = queues.get(i);
            work += queue.receive().receiveHeld();
            takes |= queue.rings() != null && !queue.receive().isHeldUp();
        }
        final ReceiveBuffer into = handshake.receiveBuffer();
        if (!isReady() || into == null) {
            return work + port.take(this, UNWANTED_PER_WORK);
        }
        final int sections = into.freeCount() - Handshake.CONTROL_SECTIONS;
        if (sections <= 0 && !suspended) {
            counters.suspensions++;
        }
        suspended = sections <= 0;
        if (suspended || !takes) {
            return work;
        }
        // As many as a channel that has no room can hold.
        return work + port.take(this, Math.min(sections, options.heldFrames()));
    }

    /** A frame for the guest: called by the port, while this device takes from it. */
    @Override
    public void arrived(final Packet frame) {
        if (!isReady() || !adapter.filter().wants(frame)) {
            counters.framesUnwanted++;
            port.giveBack(frame);
            return;
        }
        final int index = adapter.spread().channelOf(frame);
        final NetvspQueue queue =
                index < queues.size() && queues.get(index).rings() != null
                        ? queues.get(index)
                        : queues.getFirst();
        queue.receive().receive(frame);
    }

    void giveBack(final Packet frame) {
        port.giveBack(frame);
    }

    /** The guest is done with a delivery; false if there is none of that id on that channel. */
    boolean completed(final long transactionId, final int queue) {
        final ReceiveBuffer from = handshake.receiveBuffer();
        return from != null && from.complete(transactionId, queue);
    }

    /** Whether the guest can send and receive frames. */
    public boolean isReady() {
        return adapter.isInitialised();
    }

    /** How often a guest has started RNDIS. */
    public long connections() {
        return connections;
    }

    /** How many channels the guest has open. */
    public int openChannels() {
        int count = 0;
        for (int i = 0; i < queues.size(); i++) {
            count += queues.get(i).rings() == null ? 0 : 1;
        }
        return count;
    }

    /** How many deliveries the guest has not completed. */
    public int inFlight() {
        final ReceiveBuffer into = handshake.receiveBuffer();
        return into == null ? 0 : into.inFlight();
    }

    // 5. Tear down, in reverse.

    void closed(final NetvspQueue queue) {
        final ReceiveBuffer into = handshake.receiveBuffer();
        if (queue.index() != 0) {
            if (into != null) {
                into.abandon(queue.index());
            }
            notices.channelsChanged();
            return;
        }
        adapter.halt();
        requests.outbox().clear();
        notices.forget();
        handshake.closed();
        followReceiveBuffer();
        for (int i = 1; i < queues.size(); i++) {
            queues.get(i).revoke();
        }
    }

    /** Takes the card away from the guest. The port stays open. */
    public void revoke() {
        for (int i = queues.size() - 1; i >= 0; i--) {
            queues.get(i).revoke();
        }
    }

    @Override
    public void onClose() {
        revoke();
        doWork();
    }
}
