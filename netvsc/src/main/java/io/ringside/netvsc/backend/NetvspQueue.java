package io.ringside.netvsc.backend;

import io.ringside.device.host.Packet;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.host.HostChannel;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One channel of a network device: packets of the guest come in and are answered; frames for it go
 * out.
 *
 * <p>A packet is copied out of the ring before it is looked at, and taken only while there is room
 * for an answer: so a guest that does not read stops its own requests and nothing else. All that
 * one turn has to say is published at its end, with one signal at most.
 *
 * <p>Peer's faults: a ring that cannot be is served no more. Threads: one, the device's.
 */
final class NetvspQueue implements FrameWriter.Outlet {
    private static final int PACKETS_PER_WORK = 64;
    private static final int EFFORT_PER_WORK = 1024;
    private static final int ANSWER_RING_BYTES = PacketDescriptor.ringBytes(0, NvspMessage.BYTES);
    private static final int RNDIS_ANSWER_BYTES =
            NvspMessage.leastBytes(NvspMessageType.SEND_RNDIS_PACKET_COMPLETE);

    private final HostChannel host;
    private final Netvsp device;
    private final int index;
    private final NetvspCounters counters;
    private final TransmitPath transmit;
    private final FrameWriter writer;
    private final GatheredBytes bytes;
    private final ParkedPackets parked;
    private final HeldFrames held;
    private final Delivery delivery;
    private final NvspMessage message = new NvspMessage();
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final NvspMessage answerMessage = new NvspMessage().wrap(answer, 0);
    private @Nullable Channel channel;
    private boolean masked;
    private boolean polls; // The guest will not say when there is room.
    private boolean refusedRing;
    private boolean signalled;
    private boolean waitsForRoom;

    NetvspQueue(final HostChannel host, final Netvsp device, final int index) {
        this.host = host;
        this.device = device;
        this.index = index;
        this.counters = device.counters();
        this.transmit = device.transmitPath();
        this.writer = device.frameWriter();
        this.bytes = device.gatheredBytes();
        this.parked = new ParkedPackets(device.options().heldFrames());
        this.held = new HeldFrames(device.options().heldFrames());
        this.delivery = new Delivery(index, NvspMessage.CHANNEL_DATA, Handshake.CONTROL_SECTIONS);
    }

    int index() {
        return index;
    }

    HostChannel host() {
        return host;
    }

    /** The rings, while the channel is open and they are sound. */
    @Nullable Channel rings() {
        final Channel now = channel;
        return now == null || now.isBroken() ? null : now;
    }

    /** Takes the channel away from the guest. */
    void revoke() {
        if (!host.isGone()) {
            host.revoke();
        }
    }

    /** Whether the channel was taken away, and nothing of it is left. */
    boolean isGone() {
        return host.isGone() && channel == null;
    }

    /** Notices that the guest has opened the channel, or that it is to be let go. */
    int follow() {
        signalled = host.takeSignal(); // Before we look, or the next signal would ring nobody.
        final Channel now = host.channel();
        int work = 0;
        if (channel != null && now != channel) {
            channel = null; // From here on answers go nowhere.
            parked.clear();
            delivery.drop();
            dropHeld();
            device.closed(this);
            work++;
        }
        if (now != null && channel == null) {
            channel = now;
            masked = false;
            refusedRing = false;
            device.opened(this);
            work++;
        }
        if (host.mustRelease()) {
            host.release();
            work++;
        }
        return work;
    }

    private void dropHeld() {
        while (!held.isEmpty()) {
            device.giveBack(held.remove());
            counters.framesDropped++;
        }
    }

    // From the guest.

    /** Sends what waits for the port, then takes packets: a bounded number. */
    int take() {
        final Channel rings = channel;
        if (rings == null) {
            return 0;
        }
        polls = false;
        int work = sendParked(rings);
        final IncomingRing ring = rings.incoming();
        int count = 0;
        boolean empty = false;
        int room = roomForAnswers(rings);
        transmit.takeEffort();
        for (int effort = 0;
                count < PACKETS_PER_WORK && !empty && room > 0 && effort < EFFORT_PER_WORK;
                effort += transmit.takeEffort()) {
            if (ring.nextCopied() == RingStatus.OK) {
                count++;
                room--;
                taken(rings, ring);
            } else {
                empty = true;
            }
        }
        noteSignal(count == 0 && empty);
        counters.packets += count;
        work += count;
        return work + listen(rings, ring, count, empty);
    }

    /** A signal says that there are packets, or room that was asked for. */
    private void noteSignal(final boolean foundNothing) {
        if (signalled && waitsForRoom) {
            waitsForRoom = false;
        } else if (signalled && foundNothing) {
            counters.needlessSignals++;
        }
    }

    private int roomForAnswers(final Channel rings) {
        if (rings.outgoing().bytesToWrite() <= ANSWER_RING_BYTES
                && !findsRoom(rings, ANSWER_RING_BYTES)) {
            return 0;
        }
        return (rings.outgoing().bytesToWrite() - 1) / ANSWER_RING_BYTES;
    }

    /** Leaves word that room is needed; true if there is some after all. */
    private boolean findsRoom(final Channel rings, final int ringBytes) {
        rings.commit();
        final int status = rings.outgoing().askForRoom(ringBytes);
        polls |= status == RingStatus.NO_ROOM_NO_SIGNAL;
        waitsForRoom |= status == RingStatus.NO_ROOM;
        return status == RingStatus.OK;
    }

    /** No signals while there is work; before sleep, signals and one more look. */
    private int listen(
            final Channel rings, final IncomingRing ring, final int count, final boolean empty) {
        rings.commitRead();
        if (ring.isBroken()) {
            return 0;
        }
        if (count > 0 && !masked) {
            masked = true;
            ring.mask();
        } else if (count == 0 && empty && masked) {
            masked = false;
            return ring.unmask() ? 1 : 0;
        }
        return 0;
    }

    private void taken(final Channel rings, final IncomingRing ring) {
        final int type = ring.type();
        final int payloadBytes = ring.payloadBytes();
        if (type == PacketType.COMPLETION) {
            if (!device.completed(ring.transactionId(), index)) {
                counters.refused(NetvspRefusal.COMPLETION);
            }
            return;
        }
        if (type != PacketType.IN_BAND && type != PacketType.GPA_DIRECT) {
            counters.refused(NetvspRefusal.PACKET_TYPE);
            return;
        }
        if (payloadBytes >= NvspMessage.BYTES) {
            message.wrap(ring.buffer(), ring.payloadOffset());
        } else {
            copy.setMemory(0, NvspMessage.BYTES, (byte) 0);
            copy.putBytes(0, ring.buffer(), ring.payloadOffset(), payloadBytes);
            message.wrap(copy, 0);
        }
        if (payloadBytes < NvspMessage.HEADER_BYTES
                || payloadBytes < NvspMessage.leastBytes(message.type())) {
            counters.refused(NetvspRefusal.MESSAGE_LENGTH);
            complete(rings, NvspStatus.FAIL);
        } else if (message.type() != NvspMessageType.SEND_RNDIS_PACKET) {
            control(rings, ring);
        } else if (message.channel() == NvspMessage.CHANNEL_DATA) {
            data(rings, ring);
        } else {
            request(rings, ring);
        }
    }

    /** A message of NVSP itself. */
    private void control(final Channel rings, final IncomingRing ring) {
        answer.setMemory(0, NvspMessage.BYTES, (byte) 0);
        answer.putBytes(
                0,
                ring.buffer(),
                ring.payloadOffset(),
                Math.min(NvspMessage.BYTES, ring.payloadBytes()));
        final int answerBytes = device.message(this, answerMessage);
        if (ring.isCompletionRequested()) {
            write(rings, ring.transactionId(), answerBytes);
        }
    }

    /** A request of RNDIS. */
    private void request(final Channel rings, final IncomingRing ring) {
        final NetvspRefusal fault =
                index != 0 || message.channel() != NvspMessage.CHANNEL_CONTROL
                        ? NetvspRefusal.STATE
                        : gather(message.section(), message.sectionBytes(), ring);
        if (fault == null) {
            complete(rings, device.request(bytes));
        } else {
            counters.refused(fault);
            complete(rings, NvspStatus.FAIL);
        }
    }

    /** Frames. */
    private void data(final Channel rings, final IncomingRing ring) {
        if (!device.isReady()) {
            counters.refused(NetvspRefusal.STATE);
            complete(rings, NvspStatus.FAIL);
            return;
        }
        final NetvspRefusal fault = gather(message.section(), message.sectionBytes(), ring);
        if (fault != null) {
            counters.refused(fault);
            complete(rings, NvspStatus.FAIL);
        } else if (!parked.isEmpty()) {
            park(rings, ring, 0, 0);
        } else if (transmit.send(bytes, 0, 0)) {
            complete(rings, transmit.status());
        } else {
            park(rings, ring, transmit.position(), transmit.messages());
        }
    }

    /** Finds the bytes of a packet; null if they are there. */
    private @Nullable NetvspRefusal gather(
            final int section, final long sectionBytes, final IncomingRing ring) {
        bytes.reset();
        if (!addSection(section, sectionBytes)) {
            return NetvspRefusal.SECTION;
        }
        return ring.type() != PacketType.GPA_DIRECT || bytes.addPages(ring)
                ? null
                : NetvspRefusal.PAGES;
    }

    private boolean addSection(final int section, final long sectionBytes) {
        if (section == NvspMessage.NO_SECTION) {
            return true;
        }
        final SendBuffer sections = device.handshake().sendBuffer();
        final int at = sections == null ? -1 : sections.offsetOf(section, sectionBytes);
        if (sections == null || at < 0) {
            return false;
        }
        bytes.add(sections.buffer(), at, (int) sectionBytes);
        return true;
    }

    /** Keeps a packet until the port has room; if too many wait already, it is dropped. */
    private void park(
            final Channel rings, final IncomingRing ring, final int position, final int messages) {
        if (!parked.add(ring, message, position, messages)) {
            counters.framesRefusedByPort++;
            complete(rings, NvspStatus.FAIL);
        }
    }

    private int sendParked(final Channel rings) {
        int work = 0;
        while (!parked.isEmpty() && roomForAnswers(rings) > 0) {
            bytes.reset();
            int status = NvspStatus.FAIL;
            if (addSection(parked.section(), parked.sectionBytes())
                    && parked.addPagesTo(bytes)
                    && device.isReady()) {
                if (!transmit.send(bytes, parked.position(), parked.messages())) {
                    parked.keep(transmit.position(), transmit.messages());
                    return work;
                }
                status = transmit.status();
            }
            if (parked.isCompletionRequested()) {
                complete(rings, parked.transactionId(), status);
            }
            parked.remove();
            work++;
        }
        return work;
    }

    private void complete(final Channel rings, final int status) {
        if (rings.incoming().isCompletionRequested()) {
            complete(rings, rings.incoming().transactionId(), status);
        }
    }

    private void complete(final Channel rings, final long transactionId, final int status) {
        answerMessage.putRndisPacketComplete(status);
        write(rings, transactionId, RNDIS_ANSWER_BYTES);
    }

    /** Stages an answer; there is room for it, or the ring is broken. */
    private void write(final Channel rings, final long transactionId, final int answerBytes) {
        rings.outgoing().write(PacketType.COMPLETION, 0, transactionId, answer, 0, answerBytes);
    }

    // To the guest.

    /** Whether frames wait here for room. */
    boolean isHeldUp() {
        return !held.isEmpty();
    }

    /** Hands one frame over, or keeps it until there is room, or drops it. */
    void receive(final Packet frame) {
        final FrameWriter.Result result =
                held.isEmpty() ? write(frame) : FrameWriter.Result.NO_ROOM;
        if (result != FrameWriter.Result.NO_ROOM) {
            device.giveBack(frame);
        } else if (!held.add(frame)) {
            counters.framesDropped++;
            device.giveBack(frame);
        }
    }

    private FrameWriter.Result write(final Packet frame) {
        final ReceiveBuffer into = device.handshake().receiveBuffer();
        if (into == null || channel == null) {
            counters.framesUnwanted++;
            return FrameWriter.Result.UNFIT;
        }
        FrameWriter.Result result = writer.write(frame, this, into);
        if (result == FrameWriter.Result.NO_ROOM && !delivery.isEmpty() && flush()) {
            result = writer.write(frame, this, into);
        }
        if (result == FrameWriter.Result.WRITTEN) {
            counters.framesReceived++;
            counters.bytesReceived += frame.totalBytes();
        } else if (result == FrameWriter.Result.UNFIT) {
            counters.framesDropped++;
        }
        return result;
    }

    /** Hands over frames that waited; how many. */
    int receiveHeld() {
        int work = 0;
        while (!held.isEmpty()) {
            final Packet frame = held.first();
            device.adapter().spread().channelOf(frame); // For its hash.
            if (write(frame) == FrameWriter.Result.NO_ROOM) {
                return work;
            }
            device.giveBack(held.remove());
            work++;
        }
        return work;
    }

    @Override
    public Delivery delivery() {
        return delivery;
    }

    @Override
    public boolean flush() {
        return send(delivery);
    }

    /** Stages a delivery; false if there is no room for it, and word is left that it is needed. */
    boolean send(final Delivery full) {
        final Channel rings = channel;
        if (rings == null || full.isEmpty()) {
            return true;
        }
        if (!full.send(rings.outgoing())
                && !(findsRoom(rings, Delivery.RING_BYTES) && full.send(rings.outgoing()))) {
            return false;
        }
        counters.deliveries++;
        return true;
    }

    /** Stages a message that the guest has not asked for; false if there is no room for it. */
    boolean tell(final UnsafeBuffer told, final int lengthBytes) {
        final Channel rings = channel;
        return rings == null
                || rings.outgoing().write(PacketType.IN_BAND, 0, 0, told, 0, lengthBytes)
                        != RingStatus.NO_ROOM
                || findsRoom(rings, PacketDescriptor.ringBytes(0, lengthBytes));
    }

    /** Publishes all that was staged; more than 0 if it must not sleep. */
    int publish() {
        final Channel rings = channel;
        if (rings == null) {
            return 0;
        }
        flush();
        rings.commit();
        if (rings.isBroken() && !refusedRing) {
            refusedRing = true;
            counters.refused(NetvspRefusal.RING);
        }
        return polls || !parked.isEmpty() ? 1 : 0; // A port does not say when it has room.
    }
}
