package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

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
final class NetvspQueue {
    private static final int PACKETS_PER_WORK = 64;
    private static final int EFFORT_PER_WORK = 1024;
    private static final int ANSWER_RING_BYTES = PacketDescriptor.ringBytes(0, NvspMessage.BYTES);
    private static final int RNDIS_ANSWER_BYTES =
            NvspMessageType.leastBytes(NvspMessageType.SEND_RNDIS_PACKET_COMPLETE);

    private static final int STATUS_OFFSET = NvspMessage.HEADER_BYTES;

    private final HostChannel host;
    private final Netvsp device;
    private final int index;
    private final NetvspCounters counters;
    private final FramesFromGuest transmit;
    private final FramesToGuest receive;
    private final NvspMessage message = new NvspMessage();
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final NvspMessage answerMessage = new NvspMessage().wrap(answer, 0);
    private final UnsafeBuffer success = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
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
        this.transmit = new FramesFromGuest(device);
        this.receive = new FramesToGuest(device, this);
        new NvspMessage().wrap(success, 0).putRndisPacketComplete(NvspStatus.SUCCESS);
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
            transmit.clear();
            receive.clear();
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

    /** What goes to the guest by this channel. */
    FramesToGuest receive() {
        return receive;
    }

    // From the guest.

    /** Sends what waits for the port, then takes packets: a bounded number. */
    int take() {
        final Channel rings = channel;
        if (rings == null) {
            return 0;
        }
        polls = false;
        int work = sendWaiting(rings);
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

    private int sendWaiting(final Channel rings) {
        int work = 0;
        transmit.takeEffort();
        for (int effort = 0;
                transmit.isWaiting()
                        && work < PACKETS_PER_WORK
                        && effort < EFFORT_PER_WORK
                        && roomForAnswers(rings) > 0;
                effort += transmit.takeEffort()) {
            final int status = transmit.sendWaiting();
            if (status == FramesFromGuest.LATER) {
                return work;
            }
            if (transmit.isAnswerWanted()) {
                complete(rings, transmit.waitingId(), status);
            }
            transmit.waitingDone();
            work++;
        }
        return work;
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
            completed(ring, payloadBytes);
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
                || payloadBytes < NvspMessageType.leastBytes(message.type())) {
            counters.refused(NetvspRefusal.MESSAGE_LENGTH);
            complete(rings, NvspStatus.FAIL);
        } else if (message.type() != NvspMessageType.SEND_RNDIS_PACKET) {
            control(rings, ring);
        } else if (message.channel() == NvspMessage.CHANNEL_DATA) {
            final int status = transmit.send(message, ring);
            if (status != FramesFromGuest.LATER) {
                complete(rings, status);
            }
        } else {
            request(rings, ring);
        }
    }

    /** The guest is done with a delivery, or not able to take all of it. */
    private void completed(final IncomingRing ring, final int payloadBytes) {
        if (!device.completed(ring.transactionId(), index)) {
            counters.refused(NetvspRefusal.COMPLETION);
        } else if (payloadBytes < RNDIS_ANSWER_BYTES
                || ring.buffer().getInt(ring.payloadOffset() + STATUS_OFFSET, LITTLE_ENDIAN)
                        != NvspStatus.SUCCESS) {
            counters.deliveriesFailed++;
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
            write(rings, ring.transactionId(), answer, answerBytes);
        }
    }

    /** A request of RNDIS. */
    private void request(final Channel rings, final IncomingRing ring) {
        final NetvspRefusal fault =
                index != 0 || message.channel() != NvspMessage.CHANNEL_CONTROL
                        ? NetvspRefusal.STATE
                        : transmit.gather(message, ring);
        if (fault == null) {
            complete(rings, device.request(device.gatheredBytes()));
        } else {
            counters.refused(fault);
            complete(rings, NvspStatus.FAIL);
        }
    }

    private void complete(final Channel rings, final int status) {
        if (rings.incoming().isCompletionRequested()) {
            complete(rings, rings.incoming().transactionId(), status);
        }
    }

    private void complete(final Channel rings, final long transactionId, final int status) {
        if (status == NvspStatus.SUCCESS) {
            write(rings, transactionId, success, RNDIS_ANSWER_BYTES);
        } else {
            answerMessage.putRndisPacketComplete(status);
            write(rings, transactionId, answer, RNDIS_ANSWER_BYTES);
        }
    }

    /** Stages an answer; there is room for it, or the ring is broken. */
    private static void write(
            final Channel rings,
            final long transactionId,
            final UnsafeBuffer written,
            final int answerBytes) {
        rings.outgoing().write(PacketType.COMPLETION, 0, transactionId, written, 0, answerBytes);
    }

    // To the guest.

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
        receive.flush();
        rings.commit();
        if (rings.isBroken() && !refusedRing) {
            refusedRing = true;
            counters.refused(NetvspRefusal.RING);
        }
        return polls || transmit.isWaiting() ? 1 : 0; // A port does not say when it has room.
    }
}
