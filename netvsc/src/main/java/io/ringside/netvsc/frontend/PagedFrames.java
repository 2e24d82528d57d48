package io.ringside.netvsc.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.ringbuf.vmbus.GpaDirectHeader;
import io.ringside.ringbuf.vmbus.OutgoingRing;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.Channel;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * RNDIS messages that are named by the pages they lie in: frames that are too long to copy, and
 * questions.
 *
 * <p>Each piece of memory is a range of its own, as Linux has it. Threads: one.
 */
final class PagedFrames {
    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;
    private static final int MOST_RANGES = TransmitPath.MOST_SEGMENTS + 1;
    private static final int LARGEST_RING_BYTES =
            PacketDescriptor.ringBytes(
                    GpaDirectHeader.bytes(MOST_RANGES, MOST_RANGES), NvspMessage.BYTES);

    private final Channel rings;
    private final Device device;
    private final boolean splitsHeaders;
    private final TransmitTable table;
    private final HeaderMemory headers;
    private final GpaDirectHeader ranges = new GpaDirectHeader();
    private final UnsafeBuffer messageBuffer = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final NvspMessage message = new NvspMessage().wrap(messageBuffer, 0);

    PagedFrames(
            final Channel rings,
            final Device device,
            final boolean splitsHeaders,
            final TransmitTable table,
            final HeaderMemory headers) {
        this.rings = rings;
        this.device = device;
        this.splitsHeaders = splitsHeaders;
        this.table = table;
        this.headers = headers;
    }

    /** Stages a frame; false if there is no room for it now. */
    boolean stage(final NetFrame frame, final TransmitInfo info, final int lengthBytes) {
        final Slots sections = device.memory().sendSections();
        final boolean isSplit =
                splitsHeaders
                        && frame.totalBytes() > info.headBytes() // Or no page would be named.
                        && sections.freeCount() > 0
                        && sections.slotBytes() >= HeaderMemory.SLOT_BYTES;
        if (!isSplit && headers.slots().freeCount() == 0) {
            return false;
        }
        final int slot = table.take(TransmitTable.FRAMES);
        if (slot == TransmitTable.NONE) {
            return false;
        }
        final int headerBytes = putHeader(frame, info, slot, isSplit, lengthBytes);
        if (!stageRanges(frame, info.headBytes(), slot, headerBytes)) {
            giveBackMemory(slot);
            table.release(slot);
            return false;
        }
        table.add(slot, frame);
        return true;
    }

    /** Writes the header of a frame; its bytes. */
    private int putHeader(
            final NetFrame frame,
            final TransmitInfo info,
            final int slot,
            final boolean isSplit,
            final int lengthBytes) {
        final int at;
        final UnsafeBuffer target;
        if (isSplit) {
            final int section = device.memory().sendSections().take();
            table.section(slot, section);
            at = device.memory().sendSections().offset(section);
            target = device.memory().sendBuffer.block().bytes();
        } else {
            final int free = headers.slots().take();
            table.header(slot, free);
            at = headers.slots().offset(free);
            target = headers.block().bytes();
        }
        RndisPacket.put(target, at, info.infoBytes(), frame.totalBytes(), lengthBytes);
        info.put(target, at + RndisPacket.HEADER_BYTES, frame.metadata());
        final int headerBytes = RndisPacket.HEADER_BYTES + info.infoBytes();
        info.putHead(target, at + headerBytes);
        return headerBytes + info.headBytes();
    }

    private boolean stageRanges(
            final NetFrame frame, final int copiedBytes, final int slot, final int headerBytes) {
        int skipped = copiedBytes; // They lie in the header already.
        int first = 0;
        while (first < frame.segmentCount() && skipped >= frame.segmentBytes(first)) {
            skipped -= frame.segmentBytes(first);
            first++;
        }
        final boolean isSplit = table.section(slot) != Slots.NONE;
        final int count = frame.segmentCount() - first + (isSplit ? 0 : 1);
        final int at = claim(slot, count);
        if (at < RingStatus.OK) {
            return false;
        }
        if (!isSplit) {
            addRange(headers.address(table.header(slot)), headerBytes);
        }
        for (int i = first; i < frame.segmentCount(); i++) {
            addRange(frame.segmentAddress(i) + skipped, frame.segmentBytes(i) - skipped);
            skipped = 0;
        }
        message.putRndisPacket(
                NvspMessage.CHANNEL_DATA,
                isSplit ? table.section(slot) : NvspMessage.NO_SECTION,
                isSplit ? headerBytes : 0);
        putMessage(at, count);
        return true;
    }

    /** Room for a packet with so many ranges; a negative status if there is none. */
    private int claim(final int slot, final int count) {
        final OutgoingRing ring = rings.outgoing();
        final int gpaBytes = GpaDirectHeader.bytes(count, count);
        final int at =
                ring.claim(
                        PacketType.GPA_DIRECT,
                        PacketDescriptor.COMPLETION_REQUESTED,
                        table.id(slot),
                        gpaBytes,
                        NvspMessage.BYTES);
        if (at >= RingStatus.OK) {
            ranges.start(ring.claimed(), at, gpaBytes);
        } else if (at == RingStatus.NO_ROOM) {
            askForRoom();
        }
        return at;
    }

    private void addRange(final long address, final int lengthBytes) {
        ranges.addRange(lengthBytes, (int) address & PAGE_MASK);
        ranges.addPage(address >> GuestMemory.PAGE_SHIFT);
    }

    private void putMessage(final int at, final int count) {
        rings.outgoing()
                .claimed()
                .putBytes(
                        at + GpaDirectHeader.bytes(count, count),
                        messageBuffer,
                        0,
                        NvspMessage.BYTES);
    }

    /** Makes what was staged visible, and leaves word that more room is wanted. */
    void askForRoom() {
        rings.commit();
        final OutgoingRing ring = rings.outgoing();
        ring.askForRoom(Math.min(LARGEST_RING_BYTES, ring.dataBytes() / 2));
    }

    /** Stages something else of RNDIS out of one page; false if there is no room. */
    boolean stageControl(final long address, final int lengthBytes) {
        final int slot = table.take(TransmitTable.CONTROL);
        if (slot == TransmitTable.NONE) {
            return false;
        }
        final int at = claim(slot, 1);
        if (at < RingStatus.OK) {
            table.release(slot);
            return false;
        }
        addRange(address, lengthBytes);
        message.putRndisPacket(NvspMessage.CHANNEL_CONTROL, NvspMessage.NO_SECTION, 0);
        putMessage(at, 1);
        return true;
    }

    /** The memory of a message that lay apart from its frames is free. */
    void giveBackMemory(final int slot) {
        if (table.section(slot) != Slots.NONE) {
            device.memory().sendSections().giveBack(table.section(slot));
        }
        if (table.header(slot) != Slots.NONE) {
            headers.slots().giveBack(table.header(slot));
        }
    }
}
