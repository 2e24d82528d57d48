package io.ringside.ringbuf.vmbus;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.ringbuf.memory.CacheLinePadding;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The consumer's end of a byte ring.
 *
 * <p>Take packets one by one, where they lie with {@link #next} or copied out with {@link
 * #nextCopied}; look at the one taken through the accessors; give the room of all of them back with
 * one {@link #commitRead}, which says whether the producer has to be signalled.
 *
 * <p>The descriptor is read once into private fields, and only they are checked and used. Header
 * and payload of a packet in place can still be changed by the producer while they are read: who
 * does not trust it takes copies.
 *
 * <p>To sleep: {@link #commitRead}, then {@link #unmask}, and sleep only if that says so.
 *
 * <pre>
 *   ring.mask();
 *   while (ring.next() == RingStatus.OK) { ... }
 *   if (ring.commitRead()) { signal the producer }
 *   if (ring.unmask()) { once more from the top }
 * </pre>
 *
 * <p>Peer's faults: an index, length, offset or count that cannot be breaks the ring for good
 * ({@link #isBroken}, {@link #refusal}); no packet is readable again and the page is left alone.
 * Our faults throw.
 *
 * <p>Threads: one. Source: linux/hyperv.h; the rules are those of the wire facts {@code hv-vmbus}.
 */
public final class IncomingRing extends CacheLinePadding {
    private static final int NO_PACKET = -1;
    private static final int RANGE_COUNT_OFFSET = Integer.BYTES;

    private final ControlPage page;
    private final DataArea area;
    private final UnsafeBuffer data;
    private final UnsafeBuffer copy; // header and payload of a packet copied out
    private final int straightBytes;
    private final int largestPacketBytes;

    private int readIndex; // where the next packet starts
    private int readableBytes; // from there to the write index, as far as we know
    private int releasedIndex; // what the producer was last told
    private int packetIndex = NO_PACKET; // where the packet taken last starts
    private int bodyOffset; // its header, in data or copy
    private boolean isCopied;
    private int rangeCount;
    private long head;
    private long transactionId;
    private int refusal = Refusal.NONE;

    /** Takes up the ring where the page says, and takes any packet that fits the ring. */
    public IncomingRing(final UnsafeBuffer control, final UnsafeBuffer data, final int dataBytes) {
        this(control, data, dataBytes, Integer.MAX_VALUE);
    }

    /**
     * Takes up the ring where the page says; in a page just initialised that is at 0.
     *
     * @param control the control page
     * @param data the data pages once, or twice in a row
     * @param dataBytes size of the data area, a multiple of 4096
     * @param largestPacketBytes descriptor to padding; a larger packet breaks the ring
     */
    public IncomingRing(
            final UnsafeBuffer control,
            final UnsafeBuffer data,
            final int dataBytes,
            final int largestPacketBytes) {
        this.page = new ControlPage(control);
        this.area = new DataArea(data, dataBytes);
        this.data = data;
        this.straightBytes = area.straightBytes();
        this.largestPacketBytes = Math.min(largestPacketBytes, area.largestPacketBytes());
        if (largestPacketBytes < PacketDescriptor.BYTES) {
            throw new IllegalArgumentException(
                    "no packet fits: largestPacketBytes=" + largestPacketBytes);
        }
        this.copy = new UnsafeBuffer(new byte[this.largestPacketBytes - PacketDescriptor.BYTES]);
        final long start = page.readIndexAcquire();
        if (area.isIndex(start)) {
            readIndex = (int) start;
            releasedIndex = readIndex;
        } else {
            refuse(Refusal.READ_INDEX);
        }
    }

    /** Tells the producer that it may leave word in {@code pending_send_sz}. Before first use. */
    public void honourPendingSend() {
        page.featureBitsRelease(page.featureBitsAcquire() | ControlPage.FEATURE_PENDING_SEND);
    }

    /** Size of the data area in bytes. */
    public int dataBytes() {
        return area.dataBytes();
    }

    /** Whether the producer did what cannot be; the ring is of no more use. */
    public boolean isBroken() {
        return refusal != Refusal.NONE;
    }

    /** What broke the ring: one of {@link Refusal}. */
    public int refusal() {
        return refusal;
    }

    /** Ring bytes not yet taken; 0 if broken. Reads the page. */
    public int bytesToRead() {
        refresh();
        return readableBytes;
    }

    /**
     * Takes the next packet where it lies (a packet that is not straight is copied out).
     *
     * @return {@link RingStatus#OK}, {@link RingStatus#EMPTY} or {@link RingStatus#BROKEN}
     */
    public int next() {
        return take(false);
    }

    /**
     * Takes the next packet as a private copy.
     *
     * @return {@link RingStatus#OK}, {@link RingStatus#EMPTY} or {@link RingStatus#BROKEN}
     */
    public int nextCopied() {
        return take(true);
    }

    private int take(final boolean copyOut) {
        if (readableBytes == 0 && !refresh()) {
            return isBroken() ? RingStatus.BROKEN : RingStatus.EMPTY;
        }
        final int at = readIndex;
        final long word = data.getLong(at, LITTLE_ENDIAN); // The only read of this word.
        final int packetBytes = PacketDescriptor.packetBytes(word);
        final int ringBytes = packetBytes + PacketDescriptor.TRAILER_BYTES;
        final int payloadStart = PacketDescriptor.payloadOffset(word);
        if (ringBytes > readableBytes || packetBytes > largestPacketBytes) {
            return refuse(Refusal.PACKET_LENGTH);
        }
        if (payloadStart < PacketDescriptor.BYTES || payloadStart > packetBytes) {
            return refuseShape(packetBytes);
        }
        head = word;
        transactionId = area.word(at + PacketDescriptor.TRANSACTION_ID_OFFSET);
        isCopied = copyOut || at + packetBytes > straightBytes;
        if (isCopied) {
            copyOut(at, packetBytes);
            bodyOffset = 0;
        } else {
            bodyOffset = at + PacketDescriptor.BYTES;
        }
        final int type = PacketDescriptor.type(word);
        if (type == PacketType.IN_BAND || type == PacketType.COMPLETION) {
            rangeCount = 0;
        } else if (!headerFits(type)) {
            return RingStatus.BROKEN;
        }
        packetIndex = at;
        readIndex = area.after(at, ringBytes);
        readableBytes -= ringBytes;
        return RingStatus.OK;
    }

    private int refuseShape(final int packetBytes) {
        return refuse(
                packetBytes < PacketDescriptor.BYTES
                        ? Refusal.PACKET_LENGTH
                        : Refusal.PAYLOAD_OFFSET);
    }

    private void copyOut(final int at, final int packetBytes) {
        area.get(at + PacketDescriptor.BYTES, copy, 0, packetBytes - PacketDescriptor.BYTES);
    }

    /** Checks the header before anything is subtracted from its length; reads its count once. */
    private boolean headerFits(final int type) {
        final int headerBytes = headerBytes();
        if (headerBytes < PacketType.leastHeaderBytes(type)) {
            refuse(Refusal.HEADER_LENGTH);
            return false;
        }
        rangeCount = 0;
        if (PacketType.hasRanges(type)) {
            final int count = buffer().getInt(bodyOffset + RANGE_COUNT_OFFSET, LITTLE_ENDIAN);
            final int mostRanges = headerBytes / Long.BYTES - 1; // No range is under 8 bytes.
            if (Integer.compareUnsigned(count, mostRanges) > 0) {
                refuse(Refusal.RANGE_COUNT);
                return false;
            }
            rangeCount = count;
        }
        return true;
    }

    /** One of {@link PacketType}, or any other u16. */
    public int type() {
        return PacketDescriptor.type(head);
    }

    /** All 16 flag bits. */
    public int flags() {
        return PacketDescriptor.flags(head);
    }

    /** Whether the sender wants a completion. */
    public boolean isCompletionRequested() {
        return (flags() & PacketDescriptor.COMPLETION_REQUESTED) != 0;
    }

    /** Opaque to the ring; to be looked up, never trusted. */
    public long transactionId() {
        return transactionId;
    }

    /** The memory that header and payload of this packet are in. */
    public UnsafeBuffer buffer() {
        return isCopied ? copy : data;
    }

    /** Where the header starts in {@link #buffer}. */
    public int headerOffset() {
        return bodyOffset;
    }

    /** Bytes between descriptor and payload; 0 for most types, else a multiple of 8. */
    public int headerBytes() {
        return PacketDescriptor.payloadOffset(head) - PacketDescriptor.BYTES;
    }

    /** Ranges in the header, checked to be no more than it can hold; 0 for types without. */
    public int rangeCount() {
        return rangeCount;
    }

    /** Where the payload starts in {@link #buffer}. */
    public int payloadOffset() {
        return bodyOffset + headerBytes();
    }

    /** Bytes of payload, padding included: a multiple of 8. */
    public int payloadBytes() {
        return PacketDescriptor.packetBytes(head) - PacketDescriptor.payloadOffset(head);
    }

    /** Leaves the packet taken last in the ring: it will be the next one again. */
    public void putBack() {
        if (packetIndex == NO_PACKET) {
            throw new IllegalStateException("no packet to put back: readIndex=" + readIndex);
        }
        readableBytes += area.distance(packetIndex, readIndex);
        readIndex = packetIndex;
        packetIndex = NO_PACKET;
    }

    /**
     * Breaks the ring, for one of {@link Refusal}: the driver found the message itself wrong.
     *
     * @return {@link RingStatus#BROKEN}
     */
    public int refuse(final int reason) {
        if (reason == Refusal.NONE) {
            throw new IllegalArgumentException("no reason to refuse: reason=" + reason);
        }
        if (!isBroken()) {
            refusal = reason;
        }
        readableBytes = 0;
        packetIndex = NO_PACKET;
        return RingStatus.BROKEN;
    }

    /**
     * Gives the room of every packet taken back to the producer. None of them may be looked at in
     * place after that.
     *
     * @return whether the producer waits for what is now free, and has to be signalled
     */
    public boolean commitRead() {
        final int freedBytes = area.distance(releasedIndex, readIndex);
        if (freedBytes == 0 || isBroken()) {
            return false;
        }
        release();
        if ((page.featureBitsAcquire() & ControlPage.FEATURE_PENDING_SEND) == 0) {
            return false;
        }
        return producerWaitsFor(freedBytes);
    }

    private void release() {
        page.readIndexRelease(readIndex);
        releasedIndex = readIndex;
        packetIndex = NO_PACKET;
    }

    /**
     * A producer leaves its word, fences, looks at the read index once more and only then waits. So
     * either it saw the room of this batch, or we see its word, and with it the write index where
     * it stopped. It waits since before this batch, or it would have seen the room: a signal is due
     * when the batch took the free bytes from too few to enough. Exactly as many as it asked for
     * are too few, for the ring is never filled.
     */
    private boolean producerWaitsFor(final int freedBytes) {
        VarHandle.fullFence(); // Our read index must be out before we read what is waited for.
        final long wantedBytes = page.pendingSendAcquire();
        if (wantedBytes == 0) {
            return false;
        }
        final long writeIndex = page.writeIndexAcquire();
        if (!area.isIndex(writeIndex)) {
            refuse(Refusal.WRITE_INDEX);
            return false;
        }
        final int free = area.dataBytes() - area.distance(readIndex, (int) writeIndex);
        return free - freedBytes <= wantedBytes && free > wantedBytes;
    }

    /** Asks the producer not to signal, while this end looks by itself. */
    public void mask() {
        page.maskOpaque(true);
        VarHandle.fullFence(); // Seen before we empty the ring, or it signals what we will find.
    }

    /**
     * Asks the producer to signal, then looks once more. What was taken must be committed.
     *
     * @return whether {@link #next} has something to tell: only if not, the caller may sleep
     */
    public boolean unmask() {
        if (isBroken()) {
            return true;
        }
        if (readIndex != releasedIndex) {
            throw new IllegalStateException(
                    "packets taken but not committed: takenBytes="
                            + area.distance(releasedIndex, readIndex));
        }
        page.maskOpaque(false);
        VarHandle.fullFence(); // Mask and read index must be out before we look the last time.
        return refresh() || isBroken();
    }

    /** Reads how far the producer is, and whether there is anything to take. */
    private boolean refresh() {
        if (isBroken()) {
            return false;
        }
        final long writeIndex = page.writeIndexAcquire();
        if (!area.isIndex(writeIndex)) {
            refuse(Refusal.WRITE_INDEX);
            return false;
        }
        final int readable = area.distance(readIndex, (int) writeIndex);
        // It moves through what was free, and never back.
        final int takenBytes = area.distance(releasedIndex, readIndex);
        if (readable < readableBytes || readable + takenBytes >= area.dataBytes()) {
            refuse(Refusal.WRITE_INDEX);
            return false;
        }
        readableBytes = readable;
        return readable != 0;
    }
}
