package io.ringside.netvsc.backend;

import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.ringbuf.vmbus.OutgoingRing;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.ringbuf.vmbus.TransferPageHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the guest by one channel: RNDIS messages that are laid into sections of the receive
 * buffer, and told of in one transfer-page packet with a range for each.
 *
 * <pre>
 *   section 7                          section 3
 *   +---------+---------+---------+   +------------------+------+
 *   | range 0 | range 1 | range 2 |   |     range 3      |      |
 *   +---------+---------+---------+   +------------------+------+
 * </pre>
 *
 * <p>A section has messages of one delivery only, and is free again when that is completed.
 *
 * <p>Threads: one.
 */
final class Delivery {
    /** There is no room in the receive buffer, or in this delivery. */
    static final int NONE = -1;

    /** Most messages of one delivery. */
    static final int MOST_RANGES = 128;

    /** Ring bytes of the largest one. */
    static final int RING_BYTES =
            PacketDescriptor.ringBytes(TransferPageHeader.bytes(MOST_RANGES), NvspMessage.BYTES);

    private static final int ALIGNMENT_MASK = Long.BYTES - 1;

    private final int queue;
    private final int reservedSections;
    private final UnsafeBuffer header =
            new UnsafeBuffer(new byte[TransferPageHeader.bytes(MOST_RANGES)]);
    private final TransferPageHeader ranges = new TransferPageHeader();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private @Nullable ReceiveBuffer buffer;
    private int delivery = NONE;
    private int rangeCount;
    private int section = NONE;
    private int usedBytes;

    /**
     * Makes one, empty.
     *
     * @param queue the channel that it goes by
     * @param channel what it carries: see {@link NvspMessage#channel}
     * @param reservedSections how many sections it leaves to others
     */
    Delivery(final int queue, final int channel, final int reservedSections) {
        this.queue = queue;
        this.reservedSections = reservedSections;
        ranges.wrap(header, 0, MOST_RANGES);
        new NvspMessage().wrap(message, 0).putRndisPacket(channel, NvspMessage.NO_SECTION, 0);
    }

    boolean isEmpty() {
        return rangeCount == 0;
    }

    /** How many more messages it takes, if the receive buffer has the room. */
    int rangesLeft() {
        return MOST_RANGES - rangeCount;
    }

    /**
     * Room for one message.
     *
     * @param lengthBytes at most what a section has
     * @return where it goes in the receive buffer; {@link #NONE}, and nothing has changed
     */
    int claim(final ReceiveBuffer into, final int lengthBytes) {
        if (rangeCount == MOST_RANGES || !findSection(into, lengthBytes)) {
            return NONE;
        }
        final int offset = section * into.sectionBytes() + usedBytes;
        usedBytes += aligned(lengthBytes);
        ranges.putRange(rangeCount, lengthBytes, offset);
        rangeCount++;
        return offset;
    }

    /** Bytes of a section that a message takes up. */
    static int aligned(final int lengthBytes) {
        return lengthBytes + ALIGNMENT_MASK & ~ALIGNMENT_MASK;
    }

    private boolean findSection(final ReceiveBuffer into, final int lengthBytes) {
        if (section != NONE && lengthBytes <= into.sectionBytes() - usedBytes) {
            return true;
        }
        if (into.freeCount() <= reservedSections) {
            return false;
        }
        if (delivery == NONE) {
            delivery = into.begin(queue); // There are as many as sections.
            buffer = into;
        }
        section = into.take(delivery);
        usedBytes = 0;
        return true;
    }

    /** Stages it, if there is anything; false if the ring has no room now. */
    boolean send(final OutgoingRing ring) {
        final ReceiveBuffer from = buffer;
        if (from == null || rangeCount == 0) {
            return true;
        }
        final int headerBytes = TransferPageHeader.bytes(rangeCount);
        ranges.start(header, 0, from.id(), false, rangeCount).wrap(header, 0, MOST_RANGES);
        final int status =
                ring.write(
                        PacketType.TRANSFER_PAGES,
                        PacketDescriptor.COMPLETION_REQUESTED,
                        from.transactionId(delivery),
                        header,
                        0,
                        headerBytes,
                        message,
                        0,
                        NvspMessage.BYTES);
        if (status == RingStatus.NO_ROOM) {
            return false;
        }
        if (status != RingStatus.OK) {
            from.release(delivery); // The ring is broken or too small: nobody will see it.
        }
        forget();
        return true;
    }

    /** Gives up what was not sent. */
    void drop() {
        final ReceiveBuffer from = buffer;
        if (from != null && delivery != NONE) {
            from.release(delivery);
        }
        forget();
    }

    private void forget() {
        buffer = null;
        delivery = NONE;
        rangeCount = 0;
        section = NONE;
        usedBytes = 0;
    }
}
