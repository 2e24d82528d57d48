package io.ringside.storvsc.frontend;

import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.OutgoingRing;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbFlags;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.storvsc.protocol.Wakeups;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannel;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One open channel of a controller: requests go out, answers come in.
 *
 * <p>The data of a request is named by the pages that it lies in. Pieces of memory that join at a
 * page's end are one range, as Linux's are; only others need more.
 *
 * <p>Peer's faults: a packet that is not sound is dropped and counted; a ring that cannot be is the
 * controller's to act on. Threads: one.
 */
final class StorvscQueue {
    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;
    private static final int PACKETS_PER_WORK = 256;
    private static final int TIMEOUT_SECONDS = 60;

    /** The number of a packet that answers nothing. */
    private static final long UNASKED = 0;

    /** A packet whose every page is a range of its own. */
    private static final int LARGEST_RING_BYTES =
            PacketDescriptor.ringBytes(
                    GpaDirectHeader.bytes(StorvscDisk.MAX_PAGES, StorvscDisk.MAX_PAGES),
                    VstorPacket.BYTES);

    private final GuestChannel guest;
    private final Channel rings;
    private final Storvsc controller;
    private final int index;
    private final GpaDirectHeader header = new GpaDirectHeader();
    private final UnsafeBuffer packetBuffer = new UnsafeBuffer(new byte[VstorPacket.BYTES]);
    private final VstorPacket packet = new VstorPacket();
    private final ScsiRequest request = new ScsiRequest();
    private boolean masked;

    StorvscQueue(
            final GuestChannel guest,
            final Channel rings,
            final Storvsc controller,
            final int index) {
        this.guest = guest;
        this.rings = rings;
        this.controller = controller;
        this.index = index;
    }

    GuestChannel guest() {
        return guest;
    }

    boolean isBroken() {
        return rings.isBroken();
    }

    /** Whether the bus still has these rings open. */
    boolean isOpen() {
        return guest.channel() == rings;
    }

    // Out.

    /** Stages a request; false if the ring has no room for it now. */
    boolean stage(final PendingRequest pending, final long id, final VstorVersion version) {
        final int packetBytes = version.packetBytes();
        write(pending, version, packetBytes);
        final OutgoingRing ring = rings.outgoing();
        final BlockRequest data = pending.data;
        final int status =
                data == null
                        ? ring.write(
                                PacketType.IN_BAND,
                                PacketDescriptor.COMPLETION_REQUESTED,
                                id,
                                packetBuffer,
                                0,
                                packetBytes)
                        : stageWithPages(ring, id, data, packetBytes);
        if (status == RingStatus.NO_ROOM) {
            rings.commit();
            ring.askForRoom(Math.min(LARGEST_RING_BYTES, ring.dataBytes() / 2));
        }
        return status >= RingStatus.OK;
    }

    private void write(
            final PendingRequest pending, final VstorVersion version, final int packetBytes) {
        packet.wrap(packetBuffer, 0, packetBytes);
        if (pending.operation != 0) {
            packet.put(pending.operation, VstorPacket.REQUEST_COMPLETION, 0);
            if (pending.operation == VstorOperation.QUERY_PROTOCOL_VERSION) {
                packet.putVersion(pending.argument);
            } else if (pending.operation == VstorOperation.CREATE_SUB_CHANNELS) {
                packet.putSubChannelCount(pending.argument);
            }
            return;
        }
        packet.put(VstorOperation.EXECUTE_SRB, VstorPacket.REQUEST_COMPLETION, 0)
                .request(request)
                .put(
                        pending.target,
                        pending.lun,
                        pending.cdb.length(),
                        version.senseBytes(),
                        pending.direction,
                        pending.dataBytes)
                .putCdb(pending.cdb.buffer(), pending.cdb.length());
        if (version.requestBytes() == ScsiRequest.BYTES) {
            request.putQueueing(
                    ScsiRequest.UNTAGGED,
                    ScsiRequest.SIMPLE_TAG,
                    flags(pending.direction),
                    TIMEOUT_SECONDS);
        }
    }

    private static int flags(final int direction) {
        final int always =
                SrbFlags.DISABLE_SYNCH_TRANSFER
                        | SrbFlags.QUEUE_ACTION_ENABLE
                        | SrbFlags.NO_QUEUE_FREEZE;
        return switch (direction) {
            case DataDirection.TO_GUEST -> always | SrbFlags.DATA_IN;
            case DataDirection.TO_UNIT -> always | SrbFlags.DATA_OUT;
            default -> always;
        };
    }

    /** Whether a piece goes on where the one before ended: in its page, or in a page after it. */
    private static boolean joins(final BlockRequest data, final int piece) {
        final long end = data.segmentAddress(piece - 1) + data.segmentBytes(piece - 1);
        final long start = data.segmentAddress(piece);
        return end == start || ((end | start) & PAGE_MASK) == 0;
    }

    private static boolean sharesPage(final BlockRequest data, final int piece) {
        final long end = data.segmentAddress(piece - 1) + data.segmentBytes(piece - 1);
        return end == data.segmentAddress(piece) && (end & PAGE_MASK) != 0;
    }

    private int stageWithPages(
            final OutgoingRing ring,
            final long id,
            final BlockRequest data,
            final int packetBytes) {
        int ranges = 1;
        int pages = 1;
        for (int piece = 1; piece < data.segmentCount(); piece++) {
            ranges += joins(data, piece) ? 0 : 1;
            pages += sharesPage(data, piece) ? 0 : 1;
        }
        final int headerBytes = GpaDirectHeader.bytes(ranges, pages);
        final int at =
                ring.claim(
                        PacketType.GPA_DIRECT,
                        PacketDescriptor.COMPLETION_REQUESTED,
                        id,
                        headerBytes,
                        packetBytes);
        if (at < RingStatus.OK) {
            return at;
        }
        header.start(ring.claimed(), at, headerBytes);
        int first = 0;
        while (first < data.segmentCount()) {
            int next = first + 1;
            int rangeBytes = data.segmentBytes(first);
            while (next < data.segmentCount() && joins(data, next)) {
                rangeBytes += data.segmentBytes(next);
                next++;
            }
            header.addRange(rangeBytes, (int) data.segmentAddress(first) & PAGE_MASK);
            for (int piece = first; piece < next; piece++) {
                if (piece == first || !sharesPage(data, piece)) {
                    header.addPage(data.segmentAddress(piece) >> GuestMemory.PAGE_SHIFT);
                }
            }
            first = next;
        }
        ring.claimed().putBytes(at + headerBytes, packetBuffer, 0, packetBytes);
        return RingStatus.OK;
    }

    /** Makes what was staged visible, and wakes the host if it may be asleep. */
    void commit() {
        rings.commit();
    }

    // In.

    /** Takes what there is, a bounded number; 0 if the guest may sleep. */
    int complete(final VstorVersion version) {
        final IncomingRing ring = rings.incoming();
        int count = 0;
        while (count < PACKETS_PER_WORK && ring.nextCopied() == RingStatus.OK) {
            count++;
            taken(ring, version);
            if (!isOpen()) {
                return count; // What was taken made the controller close.
            }
        }
        rings.commitRead();
        if (ring.isBroken()) {
            return count;
        }
        final boolean sleeps = controller.options().wakeups() == Wakeups.ARMED;
        if (!masked && (count > 0 || !sleeps)) {
            masked = true;
            ring.mask();
        } else if (masked && count == 0 && sleeps) {
            masked = false;
            return ring.unmask() ? 1 : 0;
        }
        return count;
    }

    private void taken(final IncomingRing ring, final VstorVersion version) {
        final long id = ring.transactionId();
        final boolean isTold = id == UNASKED;
        final int type = ring.type();
        if (type != PacketType.COMPLETION && !(isTold && type == PacketType.IN_BAND)) {
            controller.refused(StorvscRefusal.PACKET);
            return;
        }
        final int payloadBytes = Math.min(VstorPacket.BYTES, ring.payloadBytes());
        if (payloadBytes < (isTold ? Integer.BYTES : version.packetBytes())) {
            controller.refused(StorvscRefusal.PACKET_LENGTH);
            return;
        }
        packetBuffer.setMemory(0, VstorPacket.BYTES, (byte) 0);
        packetBuffer.putBytes(0, ring.buffer(), ring.payloadOffset(), payloadBytes);
        packet.wrap(packetBuffer, 0, VstorPacket.BYTES);
        if (isTold) {
            controller.told(packet.operation());
        } else {
            controller.answered(index, id, packet);
        }
    }
}
