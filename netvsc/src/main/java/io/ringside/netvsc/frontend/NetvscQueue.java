package io.ringside.netvsc.frontend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.SendIndirectionTable;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannel;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One open channel of a device: what it sends, what it receives, and which packet belongs where.
 *
 * <p>Peer's faults: a packet that is not sound is dropped and counted; a ring that cannot be is the
 * device's to act on. Threads: one, the device's.
 */
final class NetvscQueue {
    private static final int PACKETS_PER_WORK = 128;
    private static final int ANSWER_BYTES = 8;

    private final GuestChannel guest;
    private final Channel rings;
    private final Device device;
    private final boolean polls;
    private final TransmitPath transmit;
    private final UnsafeBuffer messageBuffer =
            new UnsafeBuffer(new byte[SendIndirectionTable.BYTES + NvspMessage.BYTES]);
    private final NvspMessage message = new NvspMessage().wrap(messageBuffer, 0);
    private @Nullable ReceivePath receive; // once the receive buffer is divided
    private boolean masked;

    NetvscQueue(
            final GuestChannel guest,
            final Channel rings,
            final Device device,
            final boolean polls,
            final TransmitPath transmit) {
        this.guest = guest;
        this.rings = rings;
        this.device = device;
        this.polls = polls;
        this.transmit = transmit;
        if (polls) {
            rings.incoming().mask();
        }
    }

    GuestChannel guest() {
        return guest;
    }

    Channel rings() {
        return rings;
    }

    TransmitPath transmit() {
        return transmit;
    }

    @Nullable ReceivePath receive() {
        return receive;
    }

    void receive(final ReceivePath path) {
        receive = path;
    }

    boolean isBroken() {
        return rings.isBroken();
    }

    /** Whether the bus still has these rings open. */
    boolean isOpen() {
        return guest.channel() == rings;
    }

    /** Makes what was staged visible, and wakes the host if it may be asleep. */
    void commit() {
        rings.commit();
    }

    /** Takes what there is, a bounded number; 0 if the guest may sleep. */
    int work() {
        int count = transmit.resume();
        final ReceivePath path = receive;
        if (path != null) {
            count += path.resume();
        }
        if (!device.isOpen()) {
            return count;
        }
        final IncomingRing ring = rings.incoming();
        int taken = 0;
        boolean isSuspended = false;
        while (taken < PACKETS_PER_WORK && !isSuspended && ring.next() == RingStatus.OK) {
            if (take(ring)) {
                taken++;
            } else {
                ring.putBack();
                isSuspended = true; // Until the workload gives frames back.
            }
            if (!device.isOpen()) {
                return taken; // What was taken made the device close.
            }
        }
        rings.commitRead();
        if (ring.isBroken() || polls || isSuspended) {
            return count + taken;
        }
        if (taken > 0 && !masked) {
            masked = true;
            ring.mask();
        } else if (taken == 0 && masked) {
            masked = false;
            return ring.unmask() ? count + 1 : count;
        }
        return count + taken;
    }

    /** Takes a packet; false if it has to stay in the ring for now. */
    private boolean take(final IncomingRing ring) {
        final ReceivePath path = receive;
        switch (ring.type()) {
            case PacketType.TRANSFER_PAGES -> {
                if (path != null) {
                    return path.take(ring);
                }
                device.refused(NetvscRefusal.PACKET);
            }
            case PacketType.COMPLETION -> completed(ring);
            case PacketType.IN_BAND -> told(ring);
            default -> device.refused(NetvscRefusal.PACKET);
        }
        return true;
    }

    /** An answer: its number is the host's word. */
    private void completed(final IncomingRing ring) {
        final int slot = transmit.find(ring.transactionId());
        if (slot == TransmitTable.NONE) {
            device.refused(NetvscRefusal.ID);
            return;
        }
        if (transmit.kind(slot) == TransmitTable.MESSAGE) {
            messageAnswered(ring, slot);
            return;
        }
        if (ring.payloadBytes() < ANSWER_BYTES) {
            device.refused(NetvscRefusal.PACKET_LENGTH);
            return;
        }
        final long answer = ring.buffer().getLong(ring.payloadOffset(), LITTLE_ENDIAN);
        if ((int) answer != NvspMessageType.SEND_RNDIS_PACKET_COMPLETE) {
            device.refused(NetvscRefusal.PACKET);
            return;
        }
        final int status = (int) (answer >>> Integer.SIZE);
        if (transmit.kind(slot) == TransmitTable.CONTROL) {
            transmit.release(slot);
            device.control().read(status == NvspStatus.SUCCESS);
        } else {
            transmit.completed(slot, status);
        }
    }

    private void messageAnswered(final IncomingRing ring, final int slot) {
        final int bytes = copy(ring);
        if (bytes < NvspMessageType.leastBytes(message.type()) || bytes == 0) {
            device.refused(NetvscRefusal.PACKET_LENGTH);
            return;
        }
        transmit.release(slot);
        device.answered(message);
    }

    /** Something that the host tells unasked. */
    private void told(final IncomingRing ring) {
        final int bytes = copy(ring);
        final int type = message.type();
        if (bytes == 0 || bytes < NvspMessageType.leastBytes(type)) {
            device.refused(NetvscRefusal.PACKET_LENGTH);
        } else if (type == NvspMessageType.SEND_INDIRECTION_TABLE) {
            device.tableIs(message, messageBuffer, bytes);
        } else if (type == NvspMessageType.SEND_VF_ASSOCIATION) {
            device.vfTold();
        } else {
            device.refused(NetvscRefusal.PACKET);
        }
    }

    /** Copies a message out, with zeros behind it; how many bytes there were. */
    private int copy(final IncomingRing ring) {
        final int bytes = Math.min(messageBuffer.capacity(), ring.payloadBytes());
        messageBuffer.putBytes(0, ring.buffer(), ring.payloadOffset(), bytes);
        messageBuffer.setMemory(bytes, messageBuffer.capacity() - bytes, (byte) 0);
        return bytes;
    }
}
