package io.ringside.xen.netfront.frontend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.Trace;
import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.TxResponse;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.grant.GrantTable;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The ring on which one queue sends, from its first packet to its last answer.
 *
 * <p>Each piece of a packet has a number, which is its own for as long as it is in flight; that of
 * the first piece stands for the packet until all of them are answered, in whatever order.
 *
 * <pre>
 *   slot      first piece    extras    second piece   ...
 *   number    7 (the head)   -         12
 *   heads     7                        7
 *   waiting   heads 7: how many of its pieces are not answered
 * </pre>
 *
 * <p>Peer's faults: an answer that cannot be breaks the queue, and {@link #refusal} says why.
 * Threads: one, the driver's.
 */
final class TransmitQueue {
    private static final String WHO = "netfront";
    private static final int NONE = -1;
    private static final byte FREE = 0;
    private static final byte IN_FLIGHT = 1;
    private static final byte ANSWERED = 2; // a head whose other pieces are in flight

    // 1. Shared with the peer: the ring, and pages of packets in flight.

    private final FrontRing ring;
    private final CallersPages lent;
    private final @Nullable CopyPages copies;

    // 2. Ours alone.

    private final Trace trace;
    private final NetfrontCounters counters;
    private final EndedFrames ended;
    private final boolean armed;
    private final int holdOff;
    private final TransmitWriter writer;
    private final UnsafeBuffer answerCopy = new UnsafeBuffer(new byte[Long.BYTES]);
    private final TxResponse answer = new TxResponse().wrap(answerCopy, 0);

    private final int[] free = new int[NetifLimits.TX_SLOTS];
    private int freeCount;
    private final byte[] states = new byte[NetifLimits.TX_SLOTS];
    private final int[] heads = new int[NetifLimits.TX_SLOTS];
    private final int[] next = new int[NetifLimits.TX_SLOTS];
    private final int[] waiting = new int[NetifLimits.TX_SLOTS]; // of a head, as what follows
    private final boolean[] failed = new boolean[NetifLimits.TX_SLOTS];
    private final @Nullable NetFrame[] frames = new NetFrame[NetifLimits.TX_SLOTS];
    private int extrasInFlight;
    private int uncommitted; // slots that the backend cannot see yet
    private int awaited; // how many answers we last asked to be woken for
    private boolean hashes;

    private @Nullable NetfrontRefusal refusal;
    private boolean awake = true; // what comes before we listen is looked for once
    private boolean closed;

    // 3. Connect.

    /**
     * Begins with nothing in flight.
     *
     * @param ring its ring, which it does not close
     * @param lent the grants of callers' pages
     * @param copies pages of our own, if packets are sent from there
     */
    TransmitQueue(
            final Kit kit,
            final EndedFrames ended,
            final FrontRing ring,
            final CallersPages lent,
            final @Nullable CopyPages copies) {
        this.ring = ring;
        this.writer = new TransmitWriter(ring, kit.counters());
        this.lent = lent;
        this.copies = copies;
        this.trace = kit.services().trace();
        this.counters = kit.counters();
        this.ended = ended;
        this.armed = kit.services().wakeups() == Wakeups.ARMED;
        this.holdOff = kit.options().holdOff();
        while (freeCount < free.length) {
            free[freeCount] = free.length - ++freeCount;
        }
    }

    // 4. Submit, then complete.

    /** Whether the backend is told the hash of a packet that has one. */
    void tellHashes(final boolean tell) {
        hashes = tell;
    }

    /**
     * Puts a sound packet into the ring.
     *
     * @return false if there is no room
     */
    boolean submit(final NetFrame frame) {
        final FrameMetadata metadata = frame.metadata();
        final int pieces = copies == null ? frame.segmentCount() : CopyPages.pieces(frame);
        final boolean cut = metadata.segmentation() != SegmentationType.NONE;
        final int hashType = hashes ? HashNames.number(metadata.hashType()) : HashNames.NONE;
        final int extras = (cut ? 1 : 0) + (hashType != HashNames.NONE ? 1 : 0);
        if (ring.freeRequests() < pieces + extras || freeCount < pieces) {
            return false;
        }
        final int head = claim(frame, pieces);
        if (head == NONE) {
            return false;
        }
        if (copies == null) {
            writer.putLent(frame, head, next, lent, hashType);
        } else {
            writer.putCopied(frame, head, next, copies, hashType);
        }
        extrasInFlight += extras;
        uncommitted += pieces + extras;
        counters.framesSent++;
        counters.bytesSent += frame.totalBytes();
        if (trace.isOn()) {
            trace.event(WHO, "transmit", head, frame.totalBytes());
        }
        return true;
    }

    /** Takes the numbers of a packet, and lends its pages; all of them or none. */
    private int claim(final NetFrame frame, final int pieces) {
        final int head = free[freeCount - 1];
        for (int i = 0; i < pieces; i++) {
            final int id = free[freeCount - 1 - i];
            if (!grant(id, frame, i)) {
                for (int lentPiece = 0; lentPiece < i && copies == null; lentPiece++) {
                    lent.takeBack(free[freeCount - 1 - lentPiece]);
                }
                return NONE;
            }
            heads[id] = head;
            states[id] = IN_FLIGHT;
            next[id] = i + 1 == pieces ? NONE : free[freeCount - 2 - i];
        }
        freeCount -= pieces;
        waiting[head] = pieces;
        failed[head] = false;
        frames[head] = frame;
        return head;
    }

    private boolean grant(final int id, final NetFrame frame, final int piece) {
        final int reference =
                copies == null ? lent.lend(id, frame.segmentAddress(piece)) : copies.granted(id);
        return reference != GrantTable.NO_REFERENCE;
    }

    /**
     * Asks for what is sent to a multicast address, or not any more: a packet without bytes.
     *
     * @param type {@link ExtraInfo#MULTICAST_ADD} or {@link ExtraInfo#MULTICAST_DELETE}
     * @return false if there is no room
     */
    boolean submitMulticast(final int type, final long address) {
        if (ring.freeRequests() < 2 || freeCount == 0) {
            return false;
        }
        final int id = free[--freeCount];
        heads[id] = id;
        states[id] = IN_FLIGHT;
        next[id] = NONE;
        waiting[id] = 1;
        failed[id] = false;
        frames[id] = null;
        writer.putMulticast(id, type, address);
        extrasInFlight++;
        uncommitted += 2;
        return true;
    }

    /** Makes what was submitted visible; true if the backend asked to be woken for it. */
    boolean push() {
        uncommitted = 0;
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

    /** Takes the answers that are there, one ring full at most; 0 only if one may sleep now. */
    int complete() {
        if (sleepsOn()) {
            return 0;
        }
        int count = 0;
        while (count < NetifLimits.TX_SLOTS
                && refusal == null
                && !closed
                && ring.responses() != 0) {
            answerCopy.putLong(0, ring.takeResponseLong());
            refusal = answered();
            count++;
        }
        if (armed && refusal == null && !closed) {
            count += listen() ? 1 : 0; // Found by the last look: nobody will wake us for it.
        }
        if (ring.isBroken()) {
            refusal = NetfrontRefusal.RING_INDEX;
        }
        return count;
    }

    /** Whether nobody has woken us, and nothing more is in flight that we should wait for too. */
    private boolean sleepsOn() {
        return armed && !awake && (closed || !awaitsMore() || !listen()) && !ring.isBroken();
    }

    /** Whether more is in flight than when we last asked, and the hold-off lets us wait for it. */
    private boolean awaitsMore() {
        return holdOff != NetfrontOptions.HALF_IN_FLIGHT && awaited < mostAwaited();
    }

    /** More answers than the backend owes us would never come. */
    private int mostAwaited() {
        final int inFlight = ring.inFlight() - uncommitted;
        return Math.max(
                1,
                holdOff == NetfrontOptions.HALF_IN_FLIGHT
                        ? inFlight / 2
                        : Math.min(holdOff, inFlight));
    }

    /** Asks to be woken for as many answers as the hold-off allows; true if there are some now. */
    private boolean listen() {
        awaited = mostAwaited();
        awake = ring.finalCheckForResponses(awaited);
        return awake;
    }

    /** Ends what the copied answer is about, or says why it is about nothing. */
    private @Nullable NetfrontRefusal answered() {
        final int status = answer.status();
        if (status == NetifStatus.NULL) {
            extrasInFlight--;
            return extrasInFlight < 0 ? NetfrontRefusal.EXTRA_ANSWER : null;
        }
        final int id = answer.id();
        if (id >= states.length || states[id] != IN_FLIGHT) {
            return NetfrontRefusal.ID;
        }
        final int head = heads[id];
        if (status != NetifStatus.OKAY) {
            failed[head] = true;
            if (status != NetifStatus.ERROR && status != NetifStatus.DROPPED) {
                counters.refused(NetfrontRefusal.STATUS);
            }
        }
        if (trace.isOn()) {
            trace.event(WHO, "transmitted", id, status);
        }
        final NetFrame frame = frames[head];
        final boolean home = frame == null || copies != null || lent.takeBack(id);
        failed[head] |= !home;
        if (id == head) {
            states[id] = ANSWERED;
        } else {
            release(id);
        }
        waiting[head]--;
        if (waiting[head] == 0) {
            release(head);
            end(frame, failed[head]);
        }
        return home ? null : NetfrontRefusal.KEPT_PAGE;
    }

    private void release(final int id) {
        states[id] = FREE;
        free[freeCount++] = id;
    }

    private void end(final @Nullable NetFrame frame, final boolean asError) {
        if (frame == null) {
            counters.multicastFailures += asError ? 1 : 0;
            return;
        }
        counters.framesAnswered++;
        ended.now(frame, asError ? NetStatus.ERROR : NetStatus.OK);
    }

    /** How many slots are filled and not answered. */
    int inFlight() {
        return ring.inFlight();
    }

    /** Why the queue is of no more use, or null. */
    @Nullable NetfrontRefusal refusal() {
        return refusal;
    }

    // 5. Tear down, in reverse.

    /**
     * Takes back what is lent, whether it is answered or not.
     *
     * @return the frames that were not answered in full
     */
    List<NetFrame> close(final GrantQuarantine quarantine) {
        closed = true;
        final List<NetFrame> gone = new ArrayList<>();
        for (int id = 0; id < states.length; id++) {
            final NetFrame frame = frames[heads[id]];
            if (states[id] == IN_FLIGHT && frame != null && copies == null) {
                lent.takeBack(id); // The backend need not have let go yet.
            }
            if (states[id] != FREE && heads[id] == id && frame != null) {
                gone.add(frame);
            }
        }
        lent.close();
        if (copies != null) {
            copies.close(quarantine);
        }
        return gone;
    }
}
