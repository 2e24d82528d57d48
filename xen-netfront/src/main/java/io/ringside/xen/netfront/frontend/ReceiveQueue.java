package io.ringside.xen.netfront.frontend;

import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.guest.NetFrame;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xen.netfront.protocol.RxRequest;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.Wakeups;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The ring on which one queue receives: pages are offered, and packets come back in them.
 *
 * <p>The answer to an offer stands in its very slot, so that the slot says which page it is about.
 * A packet is gathered answer by answer, and handed over when its last piece is there; what is
 * wrong with it is remembered until then, so that all its pages are found.
 *
 * <p>A piece ends where its answer says; it begins there as well, or behind the headroom that was
 * asked for, whichever is later: Linux's backend counts the headroom into the piece.
 *
 * <p>Peer's faults: a packet that cannot be is dropped and counted; an answer that cannot be breaks
 * the queue, and {@link #refusal} says why. Threads: one, the driver's.
 */
final class ReceiveQueue {
    private static final String WHO = "netfront";
    private static final int SLOT_MASK = NetifLimits.RX_SLOTS - 1;
    private static final int REFILL_BATCH = 16;
    private static final int TCP = 6;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP = 17;
    private static final int UDP_CHECKSUM = 6;

    // 1. Shared with the peer: the ring, and the pages that are offered.

    private final FrontRing ring;
    private final ReceivePool pool;

    // 2. Ours alone.

    private final int queue;
    private final Trace trace;
    private final NetfrontCounters counters;
    private final EndedFrames ended;
    private final boolean armed;
    private final boolean takesPieces;
    private final FrameHead head;
    private final RxRequest request = new RxRequest();
    private final UnsafeBuffer answerCopy = new UnsafeBuffer(new byte[RxResponse.BYTES]);
    private final RxResponse answer = new RxResponse().wrap(answerCopy, 0);
    private final ExtraInfo extra = new ExtraInfo().wrap(answerCopy, 0);

    private final int[] offered = new int[NetifLimits.RX_SLOTS]; // pages, by slot
    private int offerCount; // runs free, as the ring's own index does
    private int answerCount; // the same

    // The packet that is being gathered.
    private final ReceiveExtras extras;
    private final int[] pages = new int[ReceivePool.MAX_PIECES];
    private final int[] starts = new int[ReceivePool.MAX_PIECES];
    private final int[] ends = new int[ReceivePool.MAX_PIECES];
    private int pieceCount;
    private int firstFlags;
    private boolean gathering;
    private boolean extraFollows;
    private boolean moreFollows;
    private boolean dropped;

    private @Nullable NetfrontRefusal refusal;
    private boolean awake = true; // what comes before we listen is looked for once
    private boolean closed;

    // 3. Connect.

    /** Begins with no page offered. */
    ReceiveQueue(
            final Kit kit,
            final EndedFrames ended,
            final int queue,
            final FrontRing ring,
            final ReceivePool pool) {
        this.queue = queue;
        this.ring = ring;
        this.pool = pool;
        this.trace = kit.services().trace();
        this.counters = kit.counters();
        this.ended = ended;
        this.armed = kit.services().wakeups() == Wakeups.ARMED;
        this.takesPieces = kit.options().offloads().scatterGather();
        this.head = new FrameHead(kit.services().memory());
        this.extras = new ReceiveExtras(kit.options().offloads());
    }

    /** What may be told beside packets. */
    ReceiveExtras extras() {
        return extras;
    }

    // 4. Offer, then gather.

    /** Offers free pages, a batch at a time; the backend sees them with the next {@link #push}. */
    void offer() {
        int room = ring.freeRequests();
        if (room < REFILL_BATCH) {
            return;
        }
        while (room > 0) {
            final int page = pool.take();
            if (page == ReceivePool.NONE) {
                return;
            }
            final int slot = offerCount++ & SLOT_MASK;
            offered[slot] = page;
            request.wrap(ring.buffer(), ring.requestOffset()).put(slot, pool.reference(page));
            ring.requestFilled();
            room--;
        }
    }

    /** Makes offers visible; true if the backend asked to be woken for them. */
    boolean push() {
        return ring.pushRequests();
    }

    /** Lets the next {@link #complete} look at the ring without a notification. */
    void wake() {
        awake = true;
    }

    /** Whether there is an answer to take. */
    boolean hasAnswers() {
        return ring.responses() != 0;
    }

    /** Takes the packets that are there, one ring full at most; 0 only if one may sleep now. */
    int complete() {
        if (armed && !awake || !ended.isHeard()) {
            return 0;
        }
        int count = 0;
        while (count < NetifLimits.RX_SLOTS
                && refusal == null
                && !closed
                && pool.hasFrame()
                && ring.responses() != 0) {
            answerCopy.putLong(0, ring.takeResponseLong());
            final int slot = answerCount++ & SLOT_MASK;
            refusal = answered(slot, offered[slot]);
            count++;
        }
        if (armed && refusal == null && !closed && pool.hasFrame()) {
            awake = ring.finalCheckForResponses();
            count += awake ? 1 : 0; // Found by the last look: nobody will wake us for it.
        }
        if (ring.isBroken()) {
            refusal = NetfrontRefusal.RING_INDEX;
        }
        return count;
    }

    /** Takes the copied answer to the offer of a page, or says why it answers nothing. */
    private @Nullable NetfrontRefusal answered(final int slot, final int page) {
        if (extraFollows) {
            takeExtra(page);
        } else {
            if (answer.id() != slot) {
                pool.recycle(page);
                return NetfrontRefusal.ID;
            }
            if (!pool.filled(page)) {
                return NetfrontRefusal.KEPT_PAGE;
            }
            takePiece(page);
        }
        if (!extraFollows && !moreFollows) {
            finish();
        }
        return null;
    }

    private void takeExtra(final int page) {
        pool.recycle(page);
        if (!extras.take(extra)) {
            drop(NetfrontRefusal.EXTRA_INFO);
        }
        extraFollows = (extra.flags() & ExtraInfo.MORE) != 0;
    }

    private void takePiece(final int page) {
        final int flags = answer.flags();
        if (!gathering) {
            gathering = true;
            firstFlags = flags;
            extraFollows = (flags & RxResponse.EXTRA_INFO) != 0;
            extras.reset();
        }
        moreFollows = (flags & RxResponse.MORE_DATA) != 0;
        if ((flags & RxResponse.GSO_PREFIX) != 0) {
            drop(NetfrontRefusal.EXTRA_INFO); // Nobody asked to be told that way.
        }
        final int start = answer.pageOffsetBytes();
        final int length = answer.status();
        if (length < 0) {
            dropped = true; // The backend's own error, and no fault.
        } else if (start + length > GuestMemory.PAGE_BYTES) {
            drop(NetfrontRefusal.LENGTH);
        } else if (pieceCount == pages.length || moreFollows && !takesPieces) {
            drop(NetfrontRefusal.PIECES);
        } else if (length != 0) {
            pages[pieceCount] = page;
            starts[pieceCount] = start;
            ends[pieceCount] = start + length;
            pieceCount++;
            return;
        }
        pool.recycle(page);
    }

    /** The packet goes no further; the first reason is counted. */
    private void drop(final NetfrontRefusal reason) {
        if (!dropped) {
            counters.refused(reason);
        }
        dropped = true;
    }

    private void finish() {
        if (!dropped) {
            hand();
        }
        if (dropped) {
            for (int i = 0; i < pieceCount; i++) {
                pool.recycle(pages[i]);
            }
            counters.receiveErrors++;
        }
        pieceCount = 0;
        gathering = false;
        dropped = false;
    }

    private void hand() {
        final NetFrame frame = pool.nextFrame();
        for (int i = 0; i < pieceCount; i++) {
            final int start = Math.max(starts[i], extras.headroomBytes());
            if (start >= ends[i]) {
                drop(NetfrontRefusal.LENGTH);
                return;
            }
            frame.addSegment(pool.address(pages[i]) + start, ends[i] - start);
        }
        if (frame.totalBytes() < NetifLimits.MIN_PACKET_BYTES
                || frame.totalBytes() > NetifLimits.MAX_PACKET_BYTES) {
            drop(NetfrontRefusal.PACKET_BYTES);
            return;
        }
        if (!extras.isCutAs(head, frame)) {
            drop(NetfrontRefusal.EXTRA_INFO);
            return;
        }
        if ((firstFlags & RxResponse.CHECKSUM_BLANK) != 0) {
            if (!tellBlank(frame)) {
                drop(NetfrontRefusal.CHECKSUM);
                return;
            }
        } else if ((firstFlags & RxResponse.DATA_VALIDATED) != 0) {
            frame.metadata().checksumValidated();
        }
        extras.tell(frame.metadata());
        pool.lend(pages, pieceCount);
        counters.framesReceived++;
        counters.bytesReceived += frame.totalBytes();
        if (trace.isOn()) {
            trace.event(WHO, "receive", queue, frame.totalBytes());
        }
        pieceCount = 0; // They are the frame's now.
        ended.received(queue, frame);
    }

    /** The wire does not say where a blank checksum lies: the headers do. */
    private boolean tellBlank(final NetFrame frame) {
        final FrameHeaders headers = head.read(frame);
        if (headers.ipVersion() == 0 || !headers.hasTransport() || headers.isFragment()) {
            return false;
        }
        final int field =
                switch (headers.protocol()) {
                    case TCP -> TCP_CHECKSUM;
                    case UDP -> UDP_CHECKSUM;
                    default -> -1;
                };
        final int start = headers.transportOffset();
        if (field < 0 || start + field + Short.BYTES > frame.totalBytes()) {
            return false;
        }
        frame.metadata().checksumBlank(start, field);
        return true;
    }

    /** Why the queue is of no more use, or null. */
    @Nullable NetfrontRefusal refusal() {
        return refusal;
    }

    // 5. Tear down, in reverse.

    /** Takes back what is offered, and what is gathered. */
    void close() {
        closed = true;
        for (int i = 0; i < pieceCount; i++) {
            pool.recycle(pages[i]);
        }
        pieceCount = 0;
        while (answerCount != offerCount) {
            pool.recycle(offered[answerCount++ & SLOT_MASK]);
        }
        pool.close();
    }
}
