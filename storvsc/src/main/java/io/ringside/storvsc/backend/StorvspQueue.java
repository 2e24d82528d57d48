package io.ringside.storvsc.backend;

import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.storvsc.backend.scsi.ScsiTask;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.Wakeups;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.host.HostChannel;
import java.util.ArrayDeque;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One channel of a controller: packets come in and are handed to the controller one by one, answers
 * go out.
 *
 * <p>A packet is copied out of the ring before it is looked at, and taken only while there is room
 * for an answer and no older one waits for room: so a guest that does not read its answers stops
 * its own requests and nothing else.
 *
 * <p>Peer's faults: a ring that cannot be is served no more. Threads: one, the controller's.
 */
final class StorvspQueue {
    private static final int PACKETS_PER_WORK = 64;
    private static final int ANSWER_RING_BYTES =
            PacketDescriptor.BYTES + VstorPacket.BYTES + PacketDescriptor.TRAILER_BYTES;

    private final HostChannel host;
    private final Storvsp controller;
    private final int index;
    private final StorvspCounters counters;
    private final AnswerWriter writer = new AnswerWriter();
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[VstorPacket.BYTES]);
    private final VstorPacket packet = new VstorPacket();
    private final ArrayDeque<ScsiTask> owed = new ArrayDeque<>(64);
    private @Nullable Channel channel;
    private boolean signalled;
    private boolean masked;
    private boolean polls; // The guest will not say when there is room.
    private boolean refusedRing;
    private int answerBytes; // Of the packet that was taken last.
    private int inFlight;

    StorvspQueue(
            final HostChannel host,
            final Storvsp controller,
            final int index,
            final StorvspCounters counters) {
        this.host = host;
        this.controller = controller;
        this.index = index;
        this.counters = counters;
    }

    int index() {
        return index;
    }

    /** Takes the channel away from the guest. */
    void revoke() {
        if (!host.isGone()) {
            host.revoke();
        }
    }

    /** Whether the channel was taken away, and nothing of it is left. */
    boolean isGone() {
        return host.isGone() && channel == null && inFlight == 0;
    }

    /** Notices that the guest has opened the channel, or that it is to be let go. */
    int follow() {
        signalled |= host.takeSignal(); // Before we look, or the next signal would ring nobody.
        final Channel now = host.channel();
        int work = 0;
        if (channel != null && now != channel) {
            channel = null; // From here on answers go nowhere.
            while (!owed.isEmpty()) {
                drop(owed.removeFirst());
            }
            controller.closed(this);
            work++;
        }
        if (now != null && channel == null && inFlight == 0) {
            channel = now;
            masked = false;
            refusedRing = false;
            controller.opened(this);
            work++;
        }
        if (inFlight == 0 && host.mustRelease()) {
            host.release();
            work++;
        }
        return work;
    }

    private void drop(final ScsiTask task) {
        inFlight--;
        task.release();
    }

    /** Sends what waits, then takes packets: a bounded number; 0 if it may sleep. */
    int serve() {
        final Channel rings = channel;
        if (rings == null) {
            return 0;
        }
        polls = false;
        int work = sendOwed(rings);
        work += take(rings);
        rings.commit();
        counters.needlessSignals += signalled && work == 0 ? 1 : 0;
        signalled = false;
        if (rings.isBroken() && !refusedRing) {
            refusedRing = true;
            counters.refused(StorvspRefusal.RING);
        }
        return polls ? work + 1 : work;
    }

    private int sendOwed(final Channel rings) {
        int count = 0;
        while (!owed.isEmpty() && send(rings, owed.getFirst())) {
            owed.removeFirst();
            count++;
        }
        return count;
    }

    private int take(final Channel rings) {
        final IncomingRing ring = rings.incoming();
        int count = 0;
        boolean empty = false;
        while (count < PACKETS_PER_WORK && !empty && hasRoom(rings)) {
            if (ring.nextCopied() == RingStatus.OK) {
                counters.packets++;
                count++;
                taken(rings, ring);
            } else {
                empty = true;
            }
        }
        rings.commitRead();
        return ring.isBroken() ? count : count + listen(ring, count, empty);
    }

    private boolean hasRoom(final Channel rings) {
        if (!owed.isEmpty()) {
            return false; // What is owed has asked for room already.
        }
        return rings.outgoing().bytesToWrite() > ANSWER_RING_BYTES || findsRoom(rings);
    }

    /** Leaves word that room is needed; true if there is some after all. */
    private boolean findsRoom(final Channel rings) {
        rings.commit();
        final int status = rings.outgoing().askForRoom(ANSWER_RING_BYTES);
        polls |= status == RingStatus.NO_ROOM_NO_SIGNAL;
        return status == RingStatus.OK;
    }

    /** No signals while there is work; before sleep, if any, signals and one more look. */
    private int listen(final IncomingRing ring, final int count, final boolean empty) {
        final boolean sleeps = controller.options().wakeups() == Wakeups.ARMED;
        if (!masked && (count > 0 || !sleeps)) {
            masked = true;
            ring.mask();
        } else if (masked && count == 0 && empty && sleeps) {
            masked = false;
            return ring.unmask() ? 1 : 0;
        }
        return 0;
    }

    private void taken(final Channel rings, final IncomingRing ring) {
        final int type = ring.type();
        if (type != PacketType.IN_BAND && type != PacketType.GPA_DIRECT) {
            counters.refused(StorvspRefusal.PACKET_TYPE);
            return;
        }
        final int payloadBytes = Math.min(VstorPacket.BYTES, ring.payloadBytes());
        copy.setMemory(0, VstorPacket.BYTES, (byte) 0);
        copy.putBytes(0, ring.buffer(), ring.payloadOffset(), payloadBytes);
        packet.wrap(copy, 0, VstorPacket.BYTES);
        answerBytes = controller.handshake().answerBytes(payloadBytes);
        if (payloadBytes < VstorPacket.HEADER_BYTES) {
            counters.refused(StorvspRefusal.PACKET_LENGTH);
            answerPacket(rings, NtStatus.INVALID_PARAMETER);
        } else {
            controller.packet(this, rings, packet, payloadBytes);
        }
    }

    /** The packet taken last, as copied: 64 bytes, zeros behind what there was. */
    UnsafeBuffer copy() {
        return copy;
    }

    /** One more command of this channel is with a unit. */
    void began() {
        inFlight++;
        counters.requests++;
    }

    /** Answers the packet that was taken last; what it carries goes back with it. */
    void answerPacket(final Channel rings, final int status) {
        packet.putHeader(VstorOperation.COMPLETE_IO, 0, status);
        if (rings.incoming().isCompletionRequested()) {
            write(rings, rings.incoming().transactionId(), copy, answerBytes);
        }
    }

    /** A command has ended: its answer goes out, or waits. */
    void answer(final ScsiTask task) {
        final Channel rings = channel;
        counters.answers++;
        if (rings == null) {
            drop(task);
        } else if (!owed.isEmpty() || !send(rings, task)) {
            counters.delayedAnswers++;
            owed.addLast(task);
        }
    }

    /** False if there is no room; a broken ring swallows everything. */
    private boolean send(final Channel rings, final ScsiTask task) {
        final int lengthBytes = controller.handshake().packetBytes();
        final UnsafeBuffer answer =
                writer.write(task, lengthBytes, controller.handshake().senseBytes());
        int status = write(rings, task.transactionId(), answer, lengthBytes);
        if (status == RingStatus.NO_ROOM && findsRoom(rings)) {
            status = write(rings, task.transactionId(), answer, lengthBytes);
        }
        if (status == RingStatus.NO_ROOM) {
            return false;
        }
        drop(task);
        return true;
    }

    private static int write(
            final Channel rings,
            final long transactionId,
            final UnsafeBuffer answer,
            final int lengthBytes) {
        return rings.outgoing()
                .write(PacketType.COMPLETION, 0, transactionId, answer, 0, lengthBytes);
    }

    /** Tells the guest something unasked; false if there is no room now. */
    boolean tell(final int operation) {
        final Channel rings = channel;
        if (rings == null) {
            return true;
        }
        packet.wrap(copy, 0, VstorPacket.BYTES).put(operation, 0, NtStatus.SUCCESS);
        final int lengthBytes = controller.handshake().packetBytes();
        final int status = rings.outgoing().write(PacketType.IN_BAND, 0, 0, copy, 0, lengthBytes);
        if (status == RingStatus.OK) {
            rings.commit();
        }
        return status == RingStatus.OK || status == RingStatus.BROKEN;
    }
}
