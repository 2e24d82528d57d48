package io.ringside.netvsc.frontend;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannel;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The guest's half of a Hyper-V network card.
 *
 * <p>A small frame to be sent is copied once, into the send buffer, together with others; a long
 * one is named by its pages. A received frame is not copied: the workload reads it where the host
 * has put it. The host can still change it there while the workload reads it, as on a real machine
 * a card could: who decides by what is in a frame looks at it once.
 *
 * <p>Whoever runs this agent also runs the bus client, on the same thread.
 *
 * <p>Errors: what the host gets wrong is counted ({@link #counters}), and a message of it dropped
 * or failed. A refused hand-shake or a ring that cannot be closes the device: frames under way end
 * as {@link NetStatus#GONE}. A device that went does not come back; once {@link #isFinished}, its
 * channel may have a new one. Threads: one.
 */
public final class Netvsc implements Agent, NetDevice {
    private static final String WHO = "netvsc";

    // 1. Shared with the peer: the channels, and the memory that was given.

    private final DeviceChannels channels;
    private final DeviceMemory memory;

    // 2. Ours alone.

    private final GuestMemory guestMemory;
    private final NetvscOptions options;
    private final Trace trace;
    private final NetvscCounters counters = new NetvscCounters();
    private final FrameReports reports;
    private final Agreement agreement;
    private final Handshake handshake;
    private final RndisControl control;
    private final SendSpread spread = new SendSpread();
    private final UnsafeBuffer messageBuffer = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final NvspMessage message = new NvspMessage().wrap(messageBuffer, 0);
    private boolean isFinished;

    /**
     * A frontend that opens its channel with the first {@link #doWork}.
     *
     * @param channel the first channel of the card, as it was offered
     * @param memory the guest's memory
     * @param frames page frames for both buffers and a few others, all given back in the end
     * @param trace is told of each {@code send} (queue, bytes), {@code receive} (queue, bytes) and
     *     {@code question} (its number, 0)
     */
    public Netvsc(
            final GuestChannel channel,
            final GuestMemory memory,
            final FrameAllocator frames,
            final NetvscOptions options,
            final Trace trace) {
        this.guestMemory = memory;
        this.options = options;
        this.trace = trace;
        this.channels = new DeviceChannels(channel, this, options);
        this.agreement = new Agreement(options.newest(), options.mtuBytes());
        this.handshake = new Handshake(this, options, agreement);
        this.reports = new FrameReports(WHO, counters, trace);
        this.memory = new DeviceMemory(memory, frames, options);
        this.control = new RndisControl(this, options, agreement, this.memory.questions);
    }

    @Override
    public String roleName() {
        return WHO;
    }

    /** What it has done so far. */
    public NetvscCounters counters() {
        return counters;
    }

    /** Whether the device is gone, or of no use. */
    public boolean isClosed() {
        return handshake.isClosed();
    }

    /** Whether the device is gone, and all of its memory is given back. */
    public boolean isFinished() {
        return isFinished;
    }

    /** The version that is agreed on, or offered now. */
    public NvspVersion version() {
        return agreement.version;
    }

    /** What the host calls the card; empty if it did not say. */
    public String friendlyName() {
        return agreement.friendlyName;
    }

    /** Speed of the link in units of 100 bit/s; 0 if the host did not say. */
    public long linkSpeed100Bits() {
        return agreement.linkSpeed100Bits;
    }

    /** The queue by which the host wants frames sent that have such a hash. */
    public int queueFor(final int hash) {
        return spread.queueFor(hash, agreement.channels);
    }

    /** Does what there is to do, a bounded part of it; 0 only if the guest may sleep now. */
    @Override
    public int doWork() {
        if (handshake.isClosed()) {
            return finish() + reports.reportEnded();
        }
        int work = follow();
        if (isOpen()) {
            work += channels.work();
        }
        if (isOpen()) {
            work += handshake.advance() + control.advance();
        }
        if (isOpen()) {
            channels.commit();
        }
        return work + reports.reportEnded();
    }

    // 3. Connect, in the protocol's order.

    private int follow() {
        return switch (channels.follow(handshake.isWaiting(), handshake.subChannels())) {
            case DeviceChannels.OPENED -> {
                handshake.opened();
                yield 1;
            }
            case DeviceChannels.GONE -> {
                close();
                yield 1;
            }
            case DeviceChannels.BROKEN -> {
                refused(NetvscRefusal.RING);
                close();
                yield 1;
            }
            case DeviceChannels.BUSY -> 1;
            default -> 0;
        };
    }

    /** A queue over a channel that is open now. */
    NetvscQueue queue(final int number, final GuestChannel guest, final Channel rings) {
        final TransmitPath transmit =
                new TransmitPath(rings, this, options, agreement, guestMemory, memory.headers);
        final NetvscQueue queue = new NetvscQueue(guest, rings, this, options.polls(), transmit);
        if (number > 0) {
            queue.receive(receivePath(number, rings));
        }
        return queue;
    }

    private ReceivePath receivePath(final int number, final Channel rings) {
        return new ReceivePath(number, rings, this, options, agreement, memory.receiveSections());
    }

    GuestChannel firstChannel() {
        return channels.first();
    }

    DeviceChannels channels() {
        return channels;
    }

    /** How many channels to ask for besides the first. */
    int wantedSubChannels() {
        return agreement.channels - 1;
    }

    /** The message that is to be sent next. */
    NvspMessage message() {
        return message;
    }

    /** Sends the message, and expects an answer. */
    void ask() {
        if (!channels.queue(0).transmit().ask(messageBuffer)) {
            refuseHandshake();
        }
    }

    /** Sends the message, and expects none. */
    void tell() {
        if (!channels.queue(0).transmit().tell(messageBuffer)) {
            refuseHandshake();
        }
    }

    /** Sends something else of RNDIS; false if there is no room. */
    boolean sendControl(final long address, final int lengthBytes) {
        return channels.queue(0).transmit().sendControl(address, lengthBytes);
    }

    /** A message of the hand-shake is answered. */
    void answered(final NvspMessage answer) {
        handshake.answered(answer);
    }

    /** A question of the hand-shake is answered. */
    void answered(final Question question) {
        if (trace.isOn()) {
            trace.event(WHO, "question", question.ordinal(), 0);
        }
        handshake.answered(question);
    }

    /** The receive buffer is divided: frames can come. */
    void receiveBufferDivided() {
        final NetvscQueue first = channels.queue(0);
        first.receive(receivePath(0, first.rings()));
    }

    /** Frames flow from now on. */
    void ready() {
        counters.connections++;
        linkChanged();
    }

    void refuseHandshake() {
        refused(NetvscRefusal.HANDSHAKE);
        close();
    }

    // 4. Submit, then complete.

    @Override
    public boolean isReady() {
        return handshake.isReady();
    }

    @Override
    public NetLimits limits() {
        return new NetLimits(
                agreement.channels,
                options.transmitDepth(),
                options.receiveDepth(),
                TransmitPath.MOST_SEGMENTS,
                GuestMemory.PAGE_BYTES,
                Math.max(agreement.cutsIpv4Bytes, agreement.cutsIpv6Bytes),
                agreement.sumsTcpIpv4,
                agreement.sumsTcpIpv6,
                agreement.cutsIpv4Bytes != 0,
                agreement.cutsIpv6Bytes != 0,
                options.features().vlanTags(),
                agreement.isScaling);
    }

    @Override
    public long macAddress() {
        return agreement.macAddress;
    }

    @Override
    public int mtuBytes() {
        return agreement.mtuBytes;
    }

    @Override
    public boolean isLinkUp() {
        return handshake.isReady() && agreement.isLinkUp;
    }

    @Override
    public void completionsTo(final NetCompletions newCompletions) {
        reports.to(newCompletions);
    }

    @Override
    public boolean submit(final int queue, final NetFrame frame) {
        if (!handshake.isReady()) {
            return false;
        }
        FrameLimits.check(frame, agreement, options);
        if (queue < 0 || queue >= agreement.channels) {
            throw new IllegalArgumentException("no such queue: queue=" + queue);
        }
        if (!channels.queue(queue).transmit().submit(frame)) {
            return false;
        }
        counters.transmitted++;
        counters.transmittedBytes += frame.totalBytes();
        if (trace.isOn()) {
            trace.event(WHO, "send", queue, frame.totalBytes());
        }
        return true;
    }

    @Override
    public void commit() {
        if (handshake.isReady()) {
            for (int i = 0; i < channels.count(); i++) {
                channels.queue(i).transmit().commit();
            }
            channels.commit();
        }
    }

    @Override
    public void giveBack(final NetFrame frame) {
        final int queue = LentFrames.queueOf(frame.tag());
        final ReceivePath path = queue < channels.count() ? channels.queue(queue).receive() : null;
        if (path == null) {
            throw new IllegalArgumentException("not lent: tag=" + frame.tag());
        }
        path.giveBack(frame);
    }

    /** Whether the rings may be used. */
    boolean isOpen() {
        return !handshake.isClosed();
    }

    DeviceMemory memory() {
        return memory;
    }

    RndisControl control() {
        return control;
    }

    /** A frame came: to the workload with it, if there is one yet. */
    void received(final int queue, final NetFrame frame) {
        if (!handshake.isReady() || !reports.received(queue, frame)) {
            giveBack(frame);
        }
    }

    FrameReports reports() {
        return reports;
    }

    // What the host tells unasked.

    void linkIs(final boolean up) {
        counters.indications++;
        if (agreement.isLinkUp != up) {
            agreement.isLinkUp = up;
            linkChanged();
        }
    }

    void speedIs(final long speed100Bits) {
        counters.indications++;
        agreement.linkSpeed100Bits = speed100Bits;
        linkChanged();
    }

    void told() {
        counters.indications++;
    }

    void vfTold() {
        counters.vfAssociations++;
    }

    void tableIs(final NvspMessage told, final UnsafeBuffer bytes, final int lengthBytes) {
        if (!spread.take(told, bytes, lengthBytes, agreement.version)) {
            refused(NetvscRefusal.SEND_TABLE);
        }
    }

    private void linkChanged() {
        if (handshake.isReady()) {
            reports.linkChanged();
        }
    }

    void refused(final NetvscRefusal reason) {
        counters.refused(reason);
    }

    /** Asks the host to start anew with what it keeps of the card; frames under way go on. */
    public void reset() {
        if (handshake.isReady()) {
            control.reset();
        }
    }

    /** Asks whether the host is there. */
    public void keepalive() {
        if (handshake.isReady()) {
            control.keepalive();
        }
    }

    // 5. Tear down, in reverse.

    /** Tells the host good-bye, closes the channels, and ends what is under way. */
    public void shutdown() {
        if (handshake.isClosed()) {
            return;
        }
        if (channels.count() > 0 && channels.queue(0).isOpen()) {
            final TransmitPath first = channels.queue(0).transmit();
            final int haltBytes = handshake.isReady() ? control.writeHalt() : 0;
            if (haltBytes != 0) {
                first.sendControl(memory.questions.address(0), haltBytes);
            }
            if (memory.receiveBuffer.isShared()) {
                message.putRevokeReceiveBuffer(NvspMessage.RECEIVE_BUFFER_ID);
                first.tell(messageBuffer);
            }
            if (memory.sendBuffer.isShared()) {
                message.putRevokeSendBuffer(NvspMessage.SEND_BUFFER_ID);
                first.tell(messageBuffer);
            }
        }
        close();
    }

    private void close() {
        if (handshake.isClosed()) {
            return;
        }
        handshake.closed();
        for (int i = 0; i < channels.count(); i++) {
            channels.queue(i).transmit().failAll();
        }
        channels.close();
        finish();
    }

    /** Takes back what the host has let go of, and the workload; how much happened. */
    private int finish() {
        if (isFinished) {
            return 0;
        }
        final int count = channels.finish();
        if (!channels.isFinished()) {
            return count;
        }
        if (!memory.takeBack(channels.first()) || lentCount() != 0) {
            return count;
        }
        isFinished = true;
        memory.free();
        return count + 1;
    }

    private int lentCount() {
        int count = 0;
        for (int i = 0; i < channels.count(); i++) {
            final ReceivePath path = channels.queue(i).receive();
            count += path == null ? 0 : path.lentCount();
        }
        return count;
    }

    @Override
    public void onClose() {
        close();
        finish();
        while (reports.reportEnded() != 0) {
            continue;
        }
    }
}
