package io.ringside.ringbuf.vmbus;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.ringbuf.memory.CacheLinePadding;
import java.lang.invoke.VarHandle;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The producer's end of a byte ring.
 *
 * <p>Stage packets, by copy with {@link #write} or in place with {@link #claim}; the consumer sees
 * none of them until {@link #commit} publishes them all with one store, one fence and one decision
 * whether to signal. Without room, {@link #askForRoom} leaves word with the consumer.
 *
 * <pre>
 *              |&lt;- unread, peer's -&gt;|&lt;- staged, ours -&gt;|&lt;- spare -&gt;|
 *   -----------+--------------------+------------------+-----------+----
 *          read index          published            staged     read index
 * </pre>
 *
 * <p>The ring is never filled: a packet with its trailer must leave 8 bytes free, so that equal
 * indices always mean empty.
 *
 * <p>Peer's faults: a read index that cannot be breaks the ring for good ({@link #isBroken}, {@link
 * #refusal}): what was staged is dropped and the page is left alone. Our faults throw.
 *
 * <p>Threads: one. Source: linux/hyperv.h; the rules are those of the wire facts {@code hv-vmbus}.
 */
public final class OutgoingRing extends CacheLinePadding {
    private final ControlPage page;
    private final DataArea area;
    private final UnsafeBuffer data;
    private final PacketStage small; // packets that are not in the ring yet
    private final UnsafeBuffer detour; // payload of a claimed packet that is not straight
    private final int straightBytes;
    private final int largestPacketBytes;

    private int stagedIndex; // where the next packet starts
    private int spareBytes; // from there to the read index, as far as we know
    private int publishedIndex; // what the consumer was last told
    private int knownReadIndex; // the consumer's index, as last read and checked
    private int detourBytes; // claimed in the detour, to be copied by the commit
    private int detourIndex;
    private boolean isDetour; // whether the last claim is in the detour
    private boolean waitsForRoom; // whether we left word in the page
    private int refusal = Refusal.NONE;

    /**
     * Takes up the ring where the page says; in a page just initialised that is at 0.
     *
     * @param control the control page
     * @param data the data pages once, or twice in a row
     * @param dataBytes size of the data area, a multiple of 4096
     */
    public OutgoingRing(final UnsafeBuffer control, final UnsafeBuffer data, final int dataBytes) {
        this.page = new ControlPage(control);
        this.area = new DataArea(data, dataBytes);
        this.data = data;
        this.small = new PacketStage(area);
        this.straightBytes = area.straightBytes();
        this.largestPacketBytes = area.largestPacketBytes();
        final boolean mirrored = straightBytes != dataBytes;
        this.detour = new UnsafeBuffer(new byte[mirrored ? 0 : largestPacketBytes]);
        attach();
    }

    private void attach() {
        final long writeIndex = page.writeIndexAcquire();
        final long readIndex = page.readIndexAcquire();
        if (!area.isIndex(writeIndex)) {
            refuse(Refusal.WRITE_INDEX);
        } else if (!area.isIndex(readIndex)) {
            refuse(Refusal.READ_INDEX);
        } else {
            stagedIndex = (int) writeIndex;
            publishedIndex = stagedIndex;
            knownReadIndex = (int) readIndex;
            spareBytes = bytesToWrite(knownReadIndex);
        }
    }

    /** Size of the data area in bytes. */
    public int dataBytes() {
        return area.dataBytes();
    }

    /** The most that a packet without a header can carry, in bytes. */
    public int largestPayloadBytes() {
        return largestPacketBytes - PacketDescriptor.BYTES;
    }

    /** Whether the consumer did what cannot be; the ring is of no more use. */
    public boolean isBroken() {
        return refusal != Refusal.NONE;
    }

    /** What broke the ring: one of {@link Refusal}. */
    public int refusal() {
        return refusal;
    }

    /** Ring bytes free now, staged packets counted as written; 0 if broken. Reads the page. */
    public int bytesToWrite() {
        findRoom(0);
        return spareBytes;
    }

    /**
     * Stages one packet without a header: the payload is copied, and padded with zeros.
     *
     * @return {@link RingStatus#OK}, {@link RingStatus#NO_ROOM}, {@link RingStatus#TOO_LARGE} or
     *     {@link RingStatus#BROKEN}; nothing is staged unless it is OK
     */
    public int write(
            final int type,
            final int flags,
            final long transactionId,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadBytes) {
        final int status = reserve(0, payloadBytes);
        if (status != RingStatus.OK) {
            return status;
        }
        final int at = stagedIndex;
        final int packetBytes = PacketDescriptor.BYTES + PacketDescriptor.padded(payloadBytes);
        final long head = PacketDescriptor.head(type, PacketDescriptor.BYTES, packetBytes, flags);
        if (packetBytes + PacketDescriptor.TRAILER_BYTES <= PacketStage.LARGEST_RING_BYTES) {
            small.add(at, head, transactionId, payload, payloadOffset, payloadBytes);
        } else {
            small.flush();
            frame(at, head, transactionId, packetBytes, payloadBytes);
            area.put(at + PacketDescriptor.BYTES, payload, payloadOffset, payloadBytes);
        }
        stage(at, packetBytes);
        return RingStatus.OK;
    }

    /**
     * Stages one packet with a header between descriptor and payload, both copied.
     *
     * @param headerBytes a multiple of 8
     * @return as the other {@code write}
     */
    public int write(
            final int type,
            final int flags,
            final long transactionId,
            final DirectBuffer header,
            final int headerOffset,
            final int headerBytes,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadBytes) {
        final int status = reserveWithHeader(headerBytes, payloadBytes);
        if (status != RingStatus.OK) {
            return status;
        }
        final int at = stagedIndex;
        small.flush();
        final int bodyIndex = at + PacketDescriptor.BYTES + headerBytes;
        final int packetBytes = bodyIndex - at + PacketDescriptor.padded(payloadBytes);
        final long head = PacketDescriptor.head(type, bodyIndex - at, packetBytes, flags);
        frame(at, head, transactionId, packetBytes, payloadBytes);
        area.put(at + PacketDescriptor.BYTES, header, headerOffset, headerBytes);
        area.put(bodyIndex, payload, payloadOffset, payloadBytes);
        stage(at, packetBytes);
        return RingStatus.OK;
    }

    /**
     * Stages one packet whose header and payload the caller fills in before the commit, in {@link
     * #claimed} from the returned offset on. The padding is zero; what the caller leaves unwritten
     * is whatever was there.
     *
     * @param headerBytes a multiple of 8
     * @return the offset of the header (of the payload, if there is no header), or a negative
     *     {@link RingStatus} as by {@code write}
     */
    public int claim(
            final int type,
            final int flags,
            final long transactionId,
            final int headerBytes,
            final int payloadBytes) {
        final int status = reserveWithHeader(headerBytes, payloadBytes);
        if (status != RingStatus.OK) {
            return status;
        }
        final int at = stagedIndex;
        small.flush();
        final int payloadStart = PacketDescriptor.BYTES + headerBytes;
        final int packetBytes = payloadStart + PacketDescriptor.padded(payloadBytes);
        final long head = PacketDescriptor.head(type, payloadStart, packetBytes, flags);
        frame(at, head, transactionId, packetBytes, payloadBytes);
        stage(at, packetBytes);
        isDetour = !isStraight(at, packetBytes);
        return isDetour ? claimDetour(at, packetBytes) : at + PacketDescriptor.BYTES;
    }

    /** The buffer that the last {@link #claim} is in, until the commit. */
    public UnsafeBuffer claimed() {
        return isDetour ? detour : data;
    }

    /** At most one packet of a batch crosses the end, since a batch is shorter than the area. */
    private int claimDetour(final int at, final int packetBytes) {
        detourIndex = at + PacketDescriptor.BYTES;
        detourBytes = packetBytes - PacketDescriptor.BYTES;
        if (detourBytes != 0) {
            detour.putLong(detourBytes - Long.BYTES, 0, LITTLE_ENDIAN);
        }
        return 0;
    }

    /**
     * Publishes every staged packet.
     *
     * @return whether the consumer may be asleep and has to be signalled
     */
    public boolean commit() {
        final int oldIndex = publishedIndex;
        if (stagedIndex == oldIndex) {
            return false;
        }
        if (detourBytes != 0) {
            area.put(detourIndex, detour, 0, detourBytes);
            detourBytes = 0;
        }
        small.flush();
        if (waitsForRoom) {
            stopWaiting();
        }
        publish();
        return consumerMaySleepAt(oldIndex);
    }

    private void publish() {
        page.writeIndexRelease(stagedIndex);
        publishedIndex = stagedIndex;
    }

    /**
     * A consumer publishes its read index, clears its mask, fences, looks for packets once more and
     * only then sleeps. Both sides store, fence, then load, so one of us sees the other's store. If
     * it missed our packets, we see its last stores: no mask, and the read index where it ran dry,
     * which is where this batch starts. If we see any other read index, it has yet to publish the
     * next one, and then looks once more. The test is made once a batch: had the packets been
     * published one by one, only the first could find the ring as the sleeper left it.
     */
    private boolean consumerMaySleepAt(final int oldIndex) {
        VarHandle.fullFence(); // Our packets must be out before we read mask and read index.
        return !page.isMaskedOpaque() && page.readIndexAcquire() == oldIndex;
    }

    /**
     * Leaves word with the consumer that {@code ringBytes} are needed ({@link
     * PacketDescriptor#ringBytes}), then looks for them once more. The word stands until the next
     * commit, or until this finds room.
     *
     * @return {@link RingStatus#OK} if there is room after all; {@link RingStatus#NO_ROOM} if the
     *     consumer signals once there is; {@link RingStatus#NO_ROOM_NO_SIGNAL} if this consumer
     *     does not honour {@code pending_send_sz}; {@link RingStatus#TOO_LARGE}; {@link
     *     RingStatus#BROKEN}
     */
    public int askForRoom(final int ringBytes) {
        if (stagedIndex != publishedIndex) {
            throw new IllegalStateException(
                    "packets staged but not committed: stagedBytes=" + stagedBytes());
        }
        if (ringBytes < 1) {
            throw new IllegalArgumentException("nothing to ask for: ringBytes=" + ringBytes);
        }
        if (ringBytes > largestPacketBytes + PacketDescriptor.TRAILER_BYTES) {
            return RingStatus.TOO_LARGE;
        }
        final boolean honoured =
                (page.featureBitsAcquire() & ControlPage.FEATURE_PENDING_SEND) != 0;
        if (honoured && !isBroken()) {
            page.pendingSendRelease(ringBytes);
            waitsForRoom = true;
            VarHandle.fullFence(); // Our word must be out before we look at the read index.
        }
        if (!findRoom(ringBytes)) {
            return isBroken()
                    ? RingStatus.BROKEN
                    : honoured ? RingStatus.NO_ROOM : RingStatus.NO_ROOM_NO_SIGNAL;
        }
        if (waitsForRoom) {
            stopWaiting();
        }
        return RingStatus.OK;
    }

    private void stopWaiting() {
        page.pendingSendRelease(0);
        waitsForRoom = false;
    }

    private int stagedBytes() {
        return area.distance(publishedIndex, stagedIndex);
    }

    private int reserveWithHeader(final int headerBytes, final int payloadBytes) {
        if (headerBytes < 0 || headerBytes % Long.BYTES != 0) {
            throw new IllegalArgumentException("header not whole words: bytes=" + headerBytes);
        }
        if (headerBytes > largestPayloadBytes()) {
            return RingStatus.TOO_LARGE;
        }
        return reserve(headerBytes, payloadBytes);
    }

    private int reserve(final int headerBytes, final int payloadBytes) {
        // Unsigned: a negative length is too large as well, and sorted out there.
        if (Integer.compareUnsigned(payloadBytes, largestPayloadBytes() - headerBytes) > 0) {
            return tooLarge(payloadBytes);
        }
        final int ringBytes = PacketDescriptor.ringBytes(headerBytes, payloadBytes);
        if (ringBytes >= spareBytes && !findRoom(ringBytes)) {
            return isBroken() ? RingStatus.BROKEN : RingStatus.NO_ROOM;
        }
        return RingStatus.OK;
    }

    private static int tooLarge(final int payloadBytes) {
        if (payloadBytes < 0) {
            throw new IllegalArgumentException("negative length: payloadBytes=" + payloadBytes);
        }
        return RingStatus.TOO_LARGE;
    }

    private boolean isStraight(final int at, final int packetBytes) {
        return at + packetBytes + PacketDescriptor.TRAILER_BYTES <= straightBytes;
    }

    /** Descriptor, trailer, and zeros where the padding will be. */
    private void frame(
            final int at,
            final long head,
            final long transactionId,
            final int packetBytes,
            final int payloadBytes) {
        final boolean padded = (payloadBytes & (Long.BYTES - 1)) != 0;
        final long trailer = PacketDescriptor.trailer(at);
        if (isStraight(at, packetBytes)) {
            data.putLong(at, head, LITTLE_ENDIAN);
            data.putLong(at + PacketDescriptor.TRANSACTION_ID_OFFSET, transactionId, LITTLE_ENDIAN);
            if (padded) {
                data.putLong(at + packetBytes - Long.BYTES, 0, LITTLE_ENDIAN);
            }
            data.putLong(at + packetBytes, trailer, LITTLE_ENDIAN);
        } else {
            area.putWord(at, head);
            area.putWord(at + PacketDescriptor.TRANSACTION_ID_OFFSET, transactionId);
            if (padded) {
                area.putWord(at + packetBytes - Long.BYTES, 0);
            }
            area.putWord(at + packetBytes, trailer);
        }
    }

    private void stage(final int at, final int packetBytes) {
        final int ringBytes = packetBytes + PacketDescriptor.TRAILER_BYTES;
        stagedIndex = area.after(at, ringBytes);
        spareBytes -= ringBytes;
    }

    /** Reads how far the consumer is, and whether a packet fits then. */
    private boolean findRoom(final int ringBytes) {
        if (isBroken()) {
            return false;
        }
        final long readIndex = page.readIndexAcquire();
        // It moves through what we published, and never back.
        if (!area.isIndex(readIndex)
                || area.distance((int) readIndex, publishedIndex)
                        > area.distance(knownReadIndex, publishedIndex)) {
            refuse(Refusal.READ_INDEX);
            return false;
        }
        knownReadIndex = (int) readIndex;
        spareBytes = bytesToWrite(knownReadIndex);
        return ringBytes < spareBytes;
    }

    private int bytesToWrite(final int readIndex) {
        return area.dataBytes() - area.distance(readIndex, stagedIndex);
    }

    private void refuse(final int reason) {
        refusal = reason;
        stagedIndex = publishedIndex;
        spareBytes = 0;
        detourBytes = 0;
        small.drop();
    }
}
