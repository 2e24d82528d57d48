package io.ringside.netvsc.frontend;

import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.ringbuf.memory.ShortCopy;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.Channel;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one channel sends.
 *
 * <p>Small frames are copied into a section of the send buffer, one behind the other, until it is
 * full, the host takes no more in one message, or the workload commits; long ones are named by
 * their pages, behind a header of their own.
 *
 * <pre>
 *   section   | 44 | info | frame |pad| 44 | info | frame |pad| ...      one message, one number
 *
 *   header    | 44 | info | headers that were changed |                  range 0
 *   pages     | the rest of the frame |                                  a range for each piece
 * </pre>
 *
 * <p>Peer's faults: an answer to a number that is not in flight is dropped and counted. Threads:
 * one, the device's.
 */
final class TransmitPath {
    /** Most pieces of memory of one frame. */
    static final int MOST_SEGMENTS = 18;

    /** Most bytes of one frame that is to be cut. */
    static final int MOST_FRAME_BYTES = 0xffff;

    private final Channel rings;
    private final Device device;
    private final NetvscOptions options;
    private final Agreement agreement;
    private final GuestMemory memory;
    private final TransmitTable table;
    private final TransmitInfo info;
    private final PagedFrames pages;
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer messageBuffer = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final NvspMessage message = new NvspMessage().wrap(messageBuffer, 0);

    private int open = TransmitTable.NONE; // the message that frames are still added to
    private int openAt; // where its section starts
    private int openBytes;
    private boolean isToFlush; // the workload has committed, but there was no room
    private int underWay;

    TransmitPath(
            final Channel rings,
            final Device device,
            final NetvscOptions options,
            final Agreement agreement,
            final GuestMemory memory,
            final HeaderMemory headers) {
        this.rings = rings;
        this.device = device;
        this.options = options;
        this.agreement = agreement;
        this.memory = memory;
        this.table = new TransmitTable(options.transmitDepth(), options.mostAggregated());
        this.info = new TransmitInfo(memory, agreement);
        this.pages = new PagedFrames(rings, device, options.splitsHeaders(), table, headers);
    }

    /** Stages a frame; false if there is no room for it now. */
    boolean submit(final NetFrame frame) {
        if (underWay == options.transmitDepth()) {
            return false;
        }
        info.describe(frame);
        final int frameBytes = frame.totalBytes();
        final int infoBytes = info.infoBytes();
        final int lengthBytes = RndisPacket.HEADER_BYTES + infoBytes + frameBytes;
        final Slots sections = device.memory().sendSections();
        final boolean fits = lengthBytes + agreement.alignmentBytes < sections.slotBytes();
        final boolean isCopied =
                fits
                        && frameBytes <= options.copyBytes()
                        && frame.metadata().segmentation() == SegmentationType.NONE;
        final int alignment = agreement.alignmentBytes;
        final int paddedBytes = lengthBytes + alignment - 1 & -alignment;
        final boolean done;
        if (!isCopied) {
            done = stagePages(frame, lengthBytes);
        } else if (hasRoom(paddedBytes, sections)) {
            copy(frame, lengthBytes, paddedBytes);
            done = true;
        } else {
            done = open == TransmitTable.NONE && stagePages(frame, lengthBytes);
        }
        if (done) {
            underWay++;
        }
        return done;
    }

    /** Whether a section is open that has room, if need be a new one. */
    private boolean hasRoom(final int paddedBytes, final Slots sections) {
        if (open != TransmitTable.NONE) {
            if (openBytes + paddedBytes <= sections.slotBytes()
                    && table.count(open) < agreement.mostPackets) {
                return true;
            }
            if (!flush()) {
                return false;
            }
        }
        if (sections.freeCount() == 0) {
            return false;
        }
        open = table.take(TransmitTable.FRAMES);
        if (open == TransmitTable.NONE) {
            return false;
        }
        final int section = sections.take();
        table.section(open, section);
        openAt = sections.offset(section);
        openBytes = 0;
        return true;
    }

    private void copy(final NetFrame frame, final int lengthBytes, final int paddedBytes) {
        final UnsafeBuffer target = device.memory().sendBuffer.block().bytes();
        final int infoBytes = info.infoBytes();
        final int at = openAt + openBytes;
        RndisPacket.put(target, at, infoBytes, frame.totalBytes(), paddedBytes);
        if (infoBytes != 0) {
            info.put(target, at + RndisPacket.HEADER_BYTES, frame.metadata());
        }
        int to = at + RndisPacket.HEADER_BYTES + infoBytes;
        for (int i = 0; i < frame.segmentCount(); i++) {
            final int pieceBytes = frame.segmentBytes(i);
            memory.wrap(piece, frame.segmentAddress(i), pieceBytes);
            ShortCopy.copy(piece, 0, target, to, pieceBytes);
            to += pieceBytes;
        }
        if (paddedBytes != lengthBytes) {
            target.setMemory(to, paddedBytes - lengthBytes, (byte) 0);
        }
        if (info.headBytes() != 0) {
            info.putHead(target, to - frame.totalBytes());
        }
        table.add(open, frame);
        openBytes += paddedBytes;
        device.counters().copied++;
        device.counters().copiedBytes += frame.totalBytes();
    }

    /** Stages the message that frames were added to; false if the ring has no room for it. */
    private boolean flush() {
        final int slot = open;
        message.putRndisPacket(NvspMessage.CHANNEL_DATA, table.section(slot), openBytes);
        if (!stageMessage(slot)) {
            return false;
        }
        open = TransmitTable.NONE;
        device.counters().messages++;
        return true;
    }

    private boolean stageMessage(final int slot) {
        final int status =
                rings.outgoing()
                        .write(
                                PacketType.IN_BAND,
                                PacketDescriptor.COMPLETION_REQUESTED,
                                table.id(slot),
                                messageBuffer,
                                0,
                                NvspMessage.BYTES);
        if (status == RingStatus.NO_ROOM) {
            pages.askForRoom();
        }
        return status == RingStatus.OK;
    }

    private boolean stagePages(final NetFrame frame, final int lengthBytes) {
        if (open != TransmitTable.NONE && !flush()) {
            return false;
        }
        if (!pages.stage(frame, info, lengthBytes)) {
            return false;
        }
        device.counters().messages++;
        return true;
    }

    /** Sends a message of NVSP that has an answer; false if there is no room. */
    boolean ask(final UnsafeBuffer source) {
        final int slot = table.take(TransmitTable.MESSAGE);
        if (slot == TransmitTable.NONE) {
            return false;
        }
        messageBuffer.putBytes(0, source, 0, NvspMessage.BYTES);
        if (!stageMessage(slot)) {
            table.release(slot);
            return false;
        }
        rings.commit();
        return true;
    }

    /** Sends a message of NVSP that has none; false if there is no room. */
    boolean tell(final UnsafeBuffer source) {
        return rings.send(PacketType.IN_BAND, 0, 0, source, 0, NvspMessage.BYTES) == RingStatus.OK;
    }

    /** Sends something else of RNDIS out of one page; false if there is no room. */
    boolean sendControl(final long address, final int lengthBytes) {
        if (!pages.stageControl(address, lengthBytes)) {
            return false;
        }
        rings.commit();
        return true;
    }

    /** Stages all that was submitted, with the next {@link Channel#commit}. */
    void commit() {
        isToFlush = open != TransmitTable.NONE && !flush();
    }

    /** Tries once more what had no room; how much that was. */
    int resume() {
        if (isToFlush) {
            commit();
            return isToFlush ? 0 : 1;
        }
        return 0;
    }

    // What comes back.

    /** The message of a number; {@link TransmitTable#NONE} if there is none with the host. */
    int find(final long id) {
        final int slot = table.slotOf(id);
        return slot == open ? TransmitTable.NONE : slot;
    }

    byte kind(final int slot) {
        return table.kind(slot);
    }

    /** A message without frames is answered. */
    void release(final int slot) {
        table.release(slot);
    }

    /** A message with frames is answered: gives them back to the workload. */
    void completed(final int slot, final int status) {
        final NetStatus ended = status == NvspStatus.SUCCESS ? NetStatus.OK : NetStatus.ERROR;
        @Nullable NetFrame frame = table.next(slot);
        while (frame != null) {
            underWay--;
            frame.status(ended);
            device.reports().transmitted(frame);
            frame = table.next(slot);
        }
        if (table.isInFlight(slot)) { // The workload may have shut the device down meanwhile.
            pages.giveBackMemory(slot);
            table.release(slot);
        }
    }

    /** The channel goes: all frames are their workload's again, with the next report. */
    void failAll() {
        open = TransmitTable.NONE;
        isToFlush = false;
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.isInFlight(slot)) {
                @Nullable NetFrame frame = table.next(slot);
                while (frame != null) {
                    underWay--;
                    device.reports().endLater(frame);
                    frame = table.next(slot);
                }
                table.release(slot);
            }
        }
    }
}
