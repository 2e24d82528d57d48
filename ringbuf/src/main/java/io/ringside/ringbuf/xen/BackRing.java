package io.ringside.ringbuf.xen;

import io.ringside.ringbuf.memory.CacheLinePadding;
import java.lang.invoke.VarHandle;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The host's half of a slot ring: consumes requests, produces responses.
 *
 * <p>Take requests one by one with {@link #takeRequest}, which copies the slot out before anybody
 * looks at it. Answer, in any order, with {@link #putResponse}, and make a batch visible with
 * {@link #pushResponses}. Before sleeping ask {@link #finalCheckForRequests}.
 *
 * <p>Peer's faults: a request index that overruns the ring breaks the ring for good ({@link
 * #isBroken}); no request is ever readable again. A greedy peer never makes us read a slot that we
 * have not answered. Our faults throw {@link IllegalStateException}.
 *
 * <p>Threads: one. Source: {@code struct *_back_ring} and its macros, xen/io/ring.h.
 */
public final class BackRing extends CacheLinePadding {
    private final SharedRing shared;
    private final UnsafeBuffer buffer;
    private final int slotBytes;
    private final int slotCount;
    private final int slotMask;

    private int requestConsumer; // next request to take
    private int knownRequests; // the peer's index, as last read and checked
    private int responseProducer; // next response to fill, ours alone
    private int publishedResponses; // what the peer was last told
    private int decidedResponses; // up to where it is decided whether to wake it
    private boolean broken;

    private BackRing(final SharedRing shared) {
        this.shared = shared;
        this.buffer = shared.buffer();
        this.slotBytes = shared.slotBytes();
        this.slotCount = shared.slotCount();
        this.slotMask = slotCount - 1;
    }

    /** Meets a new ring that the peer has made; we never write its header. */
    public static BackRing join(final UnsafeBuffer pages, final int slotBytes) {
        return new BackRing(new SharedRing(pages, slotBytes));
    }

    /** Meets a new ring with a given power of two of slots, for protocols that fix it. */
    public static BackRing join(
            final UnsafeBuffer pages, final int slotBytes, final int slotCount) {
        return new BackRing(new SharedRing(pages, slotBytes, slotCount));
    }

    /**
     * Meets a ring that is in use: requests without a published response are taken again.
     *
     * <p>If the peer's index is impossible, the first look finds the ring broken.
     */
    public static BackRing attach(final UnsafeBuffer pages, final int slotBytes) {
        final BackRing ring = new BackRing(new SharedRing(pages, slotBytes));
        ring.responseProducer = ring.shared.responseProducerAcquire();
        ring.publishedResponses = ring.responseProducer;
        ring.decidedResponses = ring.responseProducer;
        ring.requestConsumer = ring.responseProducer;
        ring.knownRequests = ring.responseProducer;
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

    /** How many requests are taken and not yet answered. */
    public int inFlight() {
        return requestConsumer - responseProducer;
    }

    /** How many requests can be taken now; 0 also when the ring is broken. */
    public int requests() {
        final int known = knownRequests - requestConsumer;
        return known != 0 ? known : refreshRequests();
    }

    /** Copies the next request out to private memory. Only after {@link #requests} said so. */
    public void takeRequest(
            final MutableDirectBuffer destination, final int destinationOffset, final int length) {
        if (knownRequests == requestConsumer) {
            throw new IllegalStateException("no request: consumer=" + requestConsumer);
        }
        destination.putBytes(destinationOffset, buffer, offset(requestConsumer), length);
        requestConsumer++;
    }

    /**
     * Where the next request lies in the shared memory, for whoever reads it in a few large reads,
     * each byte once. It is taken by {@link #requestTaken}. Only after {@link #requests} said so.
     */
    public int requestOffset() {
        if (knownRequests == requestConsumer) {
            throw new IllegalStateException("no request: consumer=" + requestConsumer);
        }
        return offset(requestConsumer);
    }

    /** Counts the request at {@link #requestOffset} as taken. */
    public void requestTaken() {
        if (knownRequests == requestConsumer) {
            throw new IllegalStateException("no request: consumer=" + requestConsumer);
        }
        requestConsumer++;
    }

    /** The shared memory: see {@link #requestOffset} and {@link #responseOffset}. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Where the next response goes. It becomes one by {@link #responseFilled}. */
    public int responseOffset() {
        if (requestConsumer == responseProducer) {
            throw new IllegalStateException("nothing to answer: producer=" + responseProducer);
        }
        return offset(responseProducer);
    }

    /** Counts in the response at {@link #responseOffset}; the peer sees it with the next push. */
    public void responseFilled() {
        if (requestConsumer == responseProducer) {
            throw new IllegalStateException("nothing to answer: producer=" + responseProducer);
        }
        responseProducer++;
    }

    /** Copies one response into the ring; the peer sees it with the next push. */
    public void putResponse(final DirectBuffer source, final int sourceOffset, final int length) {
        if (length > slotBytes) {
            throw new IllegalArgumentException(
                    "longer than a slot: length=" + length + " slotBytes=" + slotBytes);
        }
        buffer.putBytes(responseOffset(), source, sourceOffset, length);
        responseProducer++;
    }

    /**
     * Makes every filled response visible to the peer, and decides whether to wake it.
     *
     * @return whether the peer asked to be woken for one of them; the caller then must do so
     */
    public boolean pushResponses() {
        publishResponses();
        return mustNotify();
    }

    /**
     * Makes every filled response visible to the peer without deciding whether to wake it: {@link
     * #mustNotify} is then owed, at the latest before this half waits for anything.
     */
    public void publishResponses() {
        if (publishedResponses != responseProducer) {
            publishedResponses = responseProducer;
            shared.responseProducerRelease(responseProducer);
        }
    }

    /**
     * Decides for everything that was published since the last decision.
     *
     * @return whether the peer asked to be woken for one of them; the caller then must do so
     */
    public boolean mustNotify() {
        final int oldIndex = decidedResponses;
        final int newIndex = publishedResponses;
        if (newIndex == oldIndex) {
            return false;
        }
        decidedResponses = newIndex;
        VarHandle.fullFence(); // Our index must be out before we read the peer's event index.
        return SlotIndex.crosses(oldIndex, newIndex, shared.responseEventVolatile());
    }

    /**
     * Asks to be woken at the next request, then looks once more.
     *
     * @return whether there are requests: only if not, the caller may sleep
     */
    public boolean finalCheckForRequests() {
        if (requests() != 0) {
            return true;
        }
        shared.requestEventRelease(requestConsumer + 1);
        VarHandle.fullFence(); // Our event index must be out before we look for the last time.
        return refreshRequests() != 0;
    }

    private int refreshRequests() {
        if (broken) {
            return 0;
        }
        final int producer = shared.requestProducerAcquire();
        // The peer may run ahead of our answers by one whole ring and no further (so that we never
        // take a slot that we have not answered), and never back behind what we took.
        if (SlotIndex.exceeds(producer - responseProducer, slotCount)
                || SlotIndex.exceeds(producer - requestConsumer, slotCount)) {
            broken = true;
            return 0;
        }
        knownRequests = producer;
        return producer - requestConsumer;
    }

    private int offset(final int index) {
        return SharedRing.HEADER_BYTES + (index & slotMask) * slotBytes;
    }
}
