package io.ringside.ringbuf.xen;

import io.ringside.ringbuf.memory.CacheLinePadding;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The guest's half of a slot ring: produces requests, consumes responses.
 *
 * <p>Fill slots (in place at {@link #requestOffset}, or by {@link #putRequest}), then make a batch
 * visible with {@link #pushRequests}. Take responses one by one with {@link #takeResponse}, which
 * copies the slot out before anybody looks at it. Before sleeping ask {@link
 * #finalCheckForResponses}.
 *
 * <p>Peer's faults: a response index that overruns the ring breaks the ring for good ({@link
 * #isBroken}); no response is ever readable again. Our faults throw {@link IllegalStateException}.
 *
 * <p>Threads: one. Source: {@code struct *_front_ring} and its macros, xen/io/ring.h.
 */
public final class FrontRing extends CacheLinePadding {
    private final SharedRing shared;
    private final UnsafeBuffer buffer;
    private final int slotBytes;
    private final int slotCount;
    private final int slotMask;

    private int requestProducer; // next request to fill, ours alone
    private int publishedRequests; // what the peer was last told
    private int decidedRequests; // up to where it is decided whether to wake it
    private int responseConsumer; // next response to take
    private int knownResponses; // the peer's index, as last read and checked
    private boolean broken;

    private FrontRing(final SharedRing shared) {
        this.shared = shared;
        this.buffer = shared.buffer();
        this.slotBytes = shared.slotBytes();
        this.slotCount = shared.slotCount();
        this.slotMask = slotCount - 1;
    }

    /**
     * Makes a new ring in pages of our own: as many slots as fit.
     *
     * @param pages 1 to 16 pages in a row
     * @param slotBytes bytes of one slot, the larger of request and response
     */
    public static FrontRing initialise(final UnsafeBuffer pages, final int slotBytes) {
        final SharedRing shared = new SharedRing(pages, slotBytes);
        shared.initialise();
        return new FrontRing(shared);
    }

    /** Makes a new ring with a given power of two of slots, for protocols that fix it. */
    public static FrontRing initialise(
            final UnsafeBuffer pages, final int slotBytes, final int slotCount) {
        final SharedRing shared = new SharedRing(pages, slotBytes, slotCount);
        shared.initialise();
        return new FrontRing(shared);
    }

    /**
     * Takes over a ring that is in use, with nothing in flight: both counters start at what is
     * published. If the peer's index says that something is in flight, the ring is broken.
     */
    public static FrontRing attach(final UnsafeBuffer pages, final int slotBytes) {
        final FrontRing ring = new FrontRing(new SharedRing(pages, slotBytes));
        ring.requestProducer = ring.shared.requestProducerAcquire();
        ring.publishedRequests = ring.requestProducer;
        ring.decidedRequests = ring.requestProducer;
        ring.responseConsumer = ring.requestProducer;
        ring.knownResponses = ring.requestProducer;
        ring.broken = ring.shared.responseProducerAcquire() != ring.requestProducer;
        return ring;
    }

    /** How many slots the ring has. */
    public int slotCount() {
        return slotCount;
    }

    /** Whether the peer published an index that cannot be; the ring is of no more use. */
    public boolean isBroken() {
        return broken;
    }

    /** How many requests can still be filled. Slots come free when their responses are taken. */
    public int freeRequests() {
        return slotCount - (requestProducer - responseConsumer);
    }

    /** How many requests are filled or published and not yet answered. */
    public int inFlight() {
        return requestProducer - responseConsumer;
    }

    /** The shared memory, for filling a request in place at {@link #requestOffset}. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Where the next request goes. It becomes one by {@link #requestFilled}. */
    public int requestOffset() {
        if (requestProducer - responseConsumer == slotCount) {
            throw new IllegalStateException("ring is full: slotCount=" + slotCount);
        }
        return offset(requestProducer);
    }

    /** Counts in the request at {@link #requestOffset}; the peer sees it with the next push. */
    public void requestFilled() {
        if (requestProducer - responseConsumer == slotCount) {
            throw new IllegalStateException("ring is full: slotCount=" + slotCount);
        }
        requestProducer++;
    }

    /** Copies one request into the ring; the peer sees it with the next push. */
    public void putRequest(final DirectBuffer source, final int sourceOffset, final int length) {
        if (length > slotBytes) {
            throw new IllegalArgumentException(
                    "longer than a slot: length=" + length + " slotBytes=" + slotBytes);
        }
        buffer.putBytes(requestOffset(), source, sourceOffset, length);
        requestProducer++;
    }

    /**
     * Makes every filled request visible to the peer, and decides whether to wake it.
     *
     * @return whether the peer asked to be woken for one of them; the caller then must do so
     */
    public boolean pushRequests() {
        publishRequests();
        return mustNotify();
    }

    /**
     * Makes every filled request visible to the peer without deciding whether to wake it: {@link
     * #mustNotify} is then owed, at the latest before this half waits for anything.
     */
    public void publishRequests() {
        if (publishedRequests != requestProducer) {
            publishedRequests = requestProducer;
            shared.requestProducerRelease(requestProducer);
        }
    }

    /**
     * Decides for everything that was published since the last decision.
     *
     * @return whether the peer asked to be woken for one of them; the caller then must do so
     */
    public boolean mustNotify() {
        final int oldIndex = decidedRequests;
        final int newIndex = publishedRequests;
        if (newIndex == oldIndex) {
            return false;
        }
        decidedRequests = newIndex;
        VarHandle.fullFence(); // Our index must be out before we read the peer's event index.
        return SlotIndex.crosses(oldIndex, newIndex, shared.requestEventVolatile());
    }

    /** How many responses can be taken now; 0 also when the ring is broken. */
    public int responses() {
        final int known = knownResponses - responseConsumer;
        return known != 0 ? known : refreshResponses();
    }

    /** Copies the next response out to private memory. Only after {@link #responses} said so. */
    public void takeResponse(
            final MutableDirectBuffer destination, final int destinationOffset, final int length) {
        if (knownResponses == responseConsumer) {
            throw new IllegalStateException("no response: consumer=" + responseConsumer);
        }
        destination.putBytes(destinationOffset, buffer, offset(responseConsumer), length);
        responseConsumer++;
    }

    /**
     * Copies the first 8 bytes of the next response out in one read, the first byte the lowest.
     * Only after {@link #responses} said so, and where a slot has so many.
     */
    public long takeResponseLong() {
        if (knownResponses == responseConsumer) {
            throw new IllegalStateException("no response: consumer=" + responseConsumer);
        }
        final long copy = buffer.getLong(offset(responseConsumer), ByteOrder.LITTLE_ENDIAN);
        responseConsumer++;
        return copy;
    }

    /**
     * Asks to be woken at the next response, then looks once more.
     *
     * @return whether there are responses: only if not, the caller may sleep
     */
    public boolean finalCheckForResponses() {
        return finalCheckForResponses(1);
    }

    /**
     * Asks to be woken only when {@code count} more responses are there (the hold-off), then looks
     * once more.
     *
     * @return whether there are responses: only if not, the caller may sleep
     */
    public boolean finalCheckForResponses(final int count) {
        if (count < 1 || count > slotCount) {
            throw new IllegalArgumentException("hold-off out of range: count=" + count);
        }
        if (responses() != 0) {
            return true;
        }
        shared.responseEventRelease(responseConsumer + count);
        VarHandle.fullFence(); // Our event index must be out before we look for the last time.
        return refreshResponses() != 0;
    }

    private int refreshResponses() {
        if (broken) {
            return 0;
        }
        final int producer = shared.responseProducerAcquire();
        final int count = producer - responseConsumer;
        // More responses than published requests without one cannot be.
        if (SlotIndex.exceeds(count, publishedRequests - responseConsumer)) {
            broken = true;
            return 0;
        }
        knownResponses = producer;
        return count;
    }

    private int offset(final int index) {
        return SharedRing.HEADER_BYTES + (index & slotMask) * slotBytes;
    }
}
