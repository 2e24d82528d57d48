package io.ringside.netvsc.frontend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.protocol.FragmentInfo;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisMessageType;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.TransferPageHeader;
import io.ringside.vmbus.channel.Channel;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one channel receives: packets that name ranges of the receive buffer, each with RNDIS
 * messages. A frame is lent to the workload where it lies; the host can use that part of the buffer
 * again once all frames of the packet came back.
 *
 * <p>When the workload holds all frames that there are, ranges wait; answers and messages behind
 * them do not. Only when too many wait, packets stay in the ring, with all that is behind them.
 *
 * <p>Peer's faults: the host can change the buffer at any time, so each word is read once, and only
 * what was read is checked and used; the bytes of a frame are the workload's to judge. What is not
 * sound is counted, and fails its packet. Threads: one, the device's.
 */
final class ReceivePath {
    private static final int LEAST_FRAME_BYTES = 14;
    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;
    private static final int JOINED_DEPTH = 32;
    private static final int MOST_JOINED_PIECES = 2 * FragmentInfo.MOST_FRAGMENTS;
    private static final int MOST_PACKETS = 1 << 15;

    /** A host may lay several messages into one section, each with a range of its own. */
    private static final int LEAST_RANGE_BYTES = 64;

    private static final int MOST_RANGES = 1 << 16;

    private static final int TAKEN = 0;
    private static final int REFUSED = 1;
    private static final int MUST_WAIT = 2;

    private final int queue;
    private final Device device;
    private final Agreement agreement;
    private final PageBlock block;
    private final UnsafeBuffer bytes;
    private final int mostRangeBytes;
    private final ReceivedPackets packets;
    private final ParkedRanges parked;
    private final LentFrames frames;
    private final ReceiveInfo meaning;
    private final TransferPageHeader header = new TransferPageHeader();
    private final RndisPacket message = new RndisPacket();
    private final PerPacketInfo info = new PerPacketInfo();

    private int at; // the message that is looked at
    private int leftBytes; // of its range
    private int joining = LentFrames.NONE; // a coalesced frame that lacks its end
    private int joiningCount;

    ReceivePath(
            final int queue,
            final Channel rings,
            final Device device,
            final NetvscOptions options,
            final Agreement agreement,
            final ReceiveSections sections) {
        this.queue = queue;
        this.device = device;
        this.agreement = agreement;
        this.block = device.memory().receiveBuffer.block();
        this.bytes =
                new UnsafeBuffer(block.bytes(), 0, device.memory().receiveBuffer.lengthBytes());
        this.mostRangeBytes = sections.sectionBytes();
        final int most = Math.min(sections.count() + 1, MOST_PACKETS);
        final int pieces = Math.ceilDiv(sections.sectionBytes(), GuestMemory.PAGE_BYTES) + 1;
        final boolean mayCoalesce =
                options.features().coalescing() && agreement.version.hasReceiveCoalescing();
        final int joinedDepth = mayCoalesce ? JOINED_DEPTH : 0;
        this.packets = new ReceivedPackets(rings, most);
        this.parked =
                new ParkedRanges(
                        2 * most + Math.min(MOST_RANGES, bytes.capacity() / LEAST_RANGE_BYTES));
        this.frames =
                new LentFrames(
                        queue, options.receiveDepth(), pieces, joinedDepth, MOST_JOINED_PIECES);
        this.meaning = new ReceiveInfo(agreement);
    }

    /** Takes the packet that the ring has just given; false if it has to stay there for now. */
    boolean take(final IncomingRing ring) {
        header.wrap(ring);
        final int ranges = header.rangeCount();
        if (header.setId() != NvspMessage.RECEIVE_BUFFER_ID) {
            device.refused(NetvscRefusal.BUFFER_ID);
            return true;
        }
        final long id = ring.transactionId();
        if (packets.isFull() || parked.isEmpty() && ranges >= parked.freeCount()) {
            device.refused(NetvscRefusal.TOO_MANY);
            packets.send(id, NvspStatus.FAIL); // If there is no room even for that, so be it.
            return true;
        }
        if (ranges >= parked.freeCount()) {
            return false;
        }
        final int packet = packets.begin(id);
        device.counters().receivedPackets++;
        for (int range = 0; range < ranges; range++) {
            takeRange(packet, header.byteOffset(range), header.byteCount(range));
            if (!device.isOpen()) {
                return true; // The workload shut the device down when it got a frame.
            }
        }
        if (ranges == 0) {
            device.refused(NetvscRefusal.RANGE);
            packets.fail(packet);
        }
        if (parked.isEmpty()) {
            end(packet);
        } else {
            parked.add(packet, 0, ParkedRanges.END);
        }
        return true;
    }

    /** Takes a range as the host told it, or parks it behind others. */
    private void takeRange(final int packet, final long offset, final long lengthBytes) {
        if (lengthBytes > mostRangeBytes
                || lengthBytes < RndisRequest.HEADER_BYTES
                || offset + lengthBytes > bytes.capacity()) {
            device.refused(NetvscRefusal.RANGE);
            packets.fail(packet);
        } else if (!parked.isEmpty()) {
            park(packet, (int) offset, (int) lengthBytes);
        } else if (!takeMessages(packet, (int) offset, (int) lengthBytes)) {
            park(packet, at, leftBytes);
        }
    }

    private void park(final int packet, final int offset, final int lengthBytes) {
        device.counters().parked++;
        parked.add(packet, offset, lengthBytes);
    }

    /** After the last range of a packet. */
    private void end(final int packet) {
        if (joining != LentFrames.NONE) {
            dropJoined(packet);
        }
        packets.letGo(packet);
    }

    /** Goes on with ranges that waited, and sends answers that had no room; how much that was. */
    int resume() {
        int count = packets.pay();
        while (!parked.isEmpty()) {
            final int packet = parked.packet();
            if (parked.lengthBytes() == ParkedRanges.END) {
                end(packet);
            } else if (!takeMessages(packet, parked.offset(), parked.lengthBytes())) {
                parked.advance(at, leftBytes);
                return count;
            } else if (!device.isOpen()) {
                return count;
            }
            parked.remove();
            count++;
        }
        return count;
    }

    /** Takes all messages of a range; false if one has to wait, and it is looked at again. */
    private boolean takeMessages(final int packet, final int offset, final int lengthBytes) {
        at = offset;
        leftBytes = lengthBytes;
        while (leftBytes >= RndisRequest.HEADER_BYTES && device.isOpen()) {
            final int result = takeMessage(packet);
            if (result == MUST_WAIT) {
                return false;
            }
            if (result == REFUSED) {
                packets.fail(packet);
                return true; // Where the next one starts is anybody's guess.
            }
        }
        return true;
    }

    private int takeMessage(final int packet) {
        if (bytes.getInt(at, LITTLE_ENDIAN) != RndisMessageType.PACKET) {
            final int taken = device.control().take(bytes, at, leftBytes);
            at += taken;
            leftBytes -= taken;
            return taken == 0 ? REFUSED : TAKEN;
        }
        if (!frames.hasWhole()) {
            return MUST_WAIT;
        }
        if (!message.read(bytes, at, leftBytes)) {
            return refuse(NetvscRefusal.RNDIS);
        }
        if (message.infoBytes() == 0) {
            info.clear();
        } else if (!info.read(bytes, message.infoOffset(), message.infoBytes())) {
            return refuse(NetvscRefusal.INFO);
        }
        final int result = takeFrame(packet);
        if (result == TAKEN) {
            at += message.messageBytes();
            leftBytes -= message.messageBytes();
        }
        return result;
    }

    private int takeFrame(final int packet) {
        if (info.hasFragment()
                && (FragmentInfo.flags(info.fragment()) & FragmentInfo.SUB_ALLOCATION) != 0) {
            return takeFragment(packet);
        }
        if (message.frameBytes() < LEAST_FRAME_BYTES) {
            return refuse(NetvscRefusal.RNDIS);
        }
        final int number = frames.takeWhole();
        final NetFrame frame = frames.frame(number).reset();
        addPieces(frame, message.frameOffset(), message.frameBytes());
        if (!info.isEmpty()) {
            meaning.tell(info, bytes, message, frame.metadata());
        }
        lend(packet, number, frame);
        return TAKEN;
    }

    private void lend(final int packet, final int number, final NetFrame frame) {
        packets.hold(packet);
        frames.lend(number, packet);
        device.received(queue, frame);
    }

    private void addPieces(final NetFrame frame, final int offset, final int lengthBytes) {
        int from = offset;
        int left = lengthBytes;
        while (left > 0) {
            final int piece = Math.min(left, GuestMemory.PAGE_BYTES - (from & PAGE_MASK));
            frame.addSegment(block.address(from), piece);
            from += piece;
            left -= piece;
        }
    }

    /** One piece of a coalesced frame, which is lent with its last. */
    private int takeFragment(final int packet) {
        final int fragment = info.fragment();
        final int least = FragmentInfo.isFirst(fragment) ? LEAST_FRAME_BYTES : 1;
        if (!agreement.coalesces()
                || FragmentInfo.version(fragment) != FragmentInfo.VERSION
                || message.frameBytes() < least) {
            return refuse(NetvscRefusal.FRAGMENT);
        }
        if (FragmentInfo.isFirst(fragment)) {
            if (joining != LentFrames.NONE) {
                dropJoined(packet);
            }
            joining = frames.takeJoined();
            if (joining == LentFrames.NONE) {
                return MUST_WAIT;
            }
            joiningCount = 0;
            frames.frame(joining).reset();
            meaning.tell(info, bytes, message, frames.frame(joining).metadata());
        } else if (joining == LentFrames.NONE) {
            return refuse(NetvscRefusal.FRAGMENT);
        }
        joiningCount++;
        final NetFrame frame = frames.frame(joining);
        if (joiningCount > FragmentInfo.MOST_FRAGMENTS
                || frame.segmentCount() + pieces() > MOST_JOINED_PIECES
                || frame.totalBytes() + message.frameBytes() > TransmitPath.MOST_FRAME_BYTES) {
            return refuse(NetvscRefusal.FRAGMENT);
        }
        addPieces(frame, message.frameOffset(), message.frameBytes());
        if (FragmentInfo.isLast(fragment)) {
            final int number = joining;
            joining = LentFrames.NONE;
            device.counters().coalesced++;
            frame.metadata().coalescedFrom(joiningCount);
            lend(packet, number, frame);
        }
        return TAKEN;
    }

    private int pieces() {
        final int inPage = message.frameOffset() & PAGE_MASK;
        return Math.ceilDiv(inPage + message.frameBytes(), GuestMemory.PAGE_BYTES);
    }

    private int refuse(final NetvscRefusal reason) {
        device.refused(reason);
        return REFUSED;
    }

    private void dropJoined(final int packet) {
        device.refused(NetvscRefusal.FRAGMENT);
        packets.fail(packet);
        frames.putBack(joining);
        joining = LentFrames.NONE;
    }

    /** A frame is back. */
    void giveBack(final NetFrame frame) {
        final int packet = frames.takeBack(frame);
        if (device.isOpen()) {
            packets.letGo(packet);
        }
    }

    /** How many frames the workload holds. */
    int lentCount() {
        return frames.lentCount();
    }

    /** Whether nothing of the receive buffer is in hand, and no answer owed. */
    boolean isIdle() {
        return packets.unfinished() == 0;
    }
}
