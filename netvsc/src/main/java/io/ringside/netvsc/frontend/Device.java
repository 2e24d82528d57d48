package io.ringside.netvsc.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannel;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What stands behind a {@link Netvsc}: its parts, how they come up and go down together, and what
 * the host tells.
 *
 * <p>Threads: one.
 */
final class Device {
    static final String WHO = "netvsc";

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

    Device(
            final GuestChannel channel,
            final GuestMemory guestMemory,
            final FrameAllocator frames,
            final NetvscOptions options,
            final Trace trace) {
        this.guestMemory = guestMemory;
        this.options = options;
        this.trace = trace;
        this.channels = new DeviceChannels(channel, this, options);
        this.agreement = new Agreement(options.newest(), options.mtuBytes());
        this.handshake = new Handshake(this, options, agreement);
        this.reports = new FrameReports(WHO, counters, trace);
        this.memory = new DeviceMemory(guestMemory, frames, options);
        this.control = new RndisControl(this, options, agreement, memory.questions);
    }

    NetvscCounters counters() {
        return counters;
    }

    Agreement agreement() {
        return agreement;
    }

    SendSpread spread() {
        return spread;
    }

    boolean isReady() {
        return handshake.isReady();
    }

    boolean isFinished() {
        return isFinished;
    }

    int doWork() {
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

    // 4. What goes to the workload, and what the host tells unasked.

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

    /** A frame is back from the workload. */
    void giveBack(final NetFrame frame) {
        final int queue = LentFrames.queueOf(frame.tag());
        final ReceivePath path = queue < channels.count() ? channels.queue(queue).receive() : null;
        if (path == null) {
            throw new IllegalArgumentException("not lent: tag=" + frame.tag());
        }
        path.giveBack(frame);
    }

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

    // 5. Tear down, in reverse.

    /** Tells the host good-bye, closes the channels, and ends what is under way. */
    void shutdown() {
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

    void close() {
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
    int finish() {
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
}
