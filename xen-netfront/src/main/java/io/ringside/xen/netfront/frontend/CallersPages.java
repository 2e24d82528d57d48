package io.ringside.xen.netfront.frontend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.grant.GrantTable;
import java.util.Arrays;

/**
 * The grants of pages of callers, which packets of one queue are sent from: one for each piece in
 * flight, or one for each page, which then stays for the next piece from there.
 *
 * <p>A grant that stays is found by the number of its page. When there are as many as may stay, the
 * one that has stayed the longest makes room, unless a piece in flight uses it. The backend may
 * only read such a page, but it may do so until then.
 *
 * <p>Threads: one.
 */
final class CallersPages {
    private static final int NO_FRAME = 0;

    private final GrantTable grants;
    private final LostGrants lost;
    private final int backendDomain;
    private final NetfrontCounters counters;
    private final boolean keeps;
    private final int[] references; // by the number of a piece
    private final int[] frames; // the same
    private final int[] keptReferences; // by the number of a page, if grants stay
    private final int[] uses; // the same
    private final int[] keptFrames; // in a circle, the oldest next
    private int oldest;

    /**
     * No grants yet.
     *
     * @param lost where grants go that do not end
     * @param pieces how many pieces may be in flight
     * @param keptPages how many grants stay, more than twice as many; 0 for none
     */
    CallersPages(
            final Kit kit,
            final LostGrants lost,
            final int backendDomain,
            final int pieces,
            final int keptPages) {
        this.grants = kit.services().grants();
        this.lost = lost;
        this.backendDomain = backendDomain;
        this.counters = kit.counters();
        this.keeps = keptPages != 0;
        this.references = new int[pieces];
        this.frames = new int[pieces];
        final int frameCount = keeps ? kit.services().memory().frameCount() : 0;
        this.keptReferences = new int[frameCount];
        this.uses = new int[frameCount];
        this.keptFrames = new int[keptPages];
        Arrays.fill(keptReferences, GrantTable.NO_REFERENCE);
    }

    /**
     * Lends the page of a piece.
     *
     * @return its reference; {@link GrantTable#NO_REFERENCE} if there is none left
     */
    int lend(final int piece, final long guestAddress) {
        final int frame = (int) (guestAddress >>> GuestMemory.PAGE_SHIFT);
        final int reference = keeps ? lendKept(frame) : grant(frame);
        if (reference != GrantTable.NO_REFERENCE) {
            references[piece] = reference;
            frames[piece] = frame;
        }
        return reference;
    }

    private int lendKept(final int frame) {
        int reference = keptReferences[frame];
        if (reference == GrantTable.NO_REFERENCE) {
            if (!makeRoom()) {
                return GrantTable.NO_REFERENCE;
            }
            reference = grant(frame);
            if (reference == GrantTable.NO_REFERENCE) {
                return reference;
            }
            keptReferences[frame] = reference;
            keptFrames[oldest] = frame;
            oldest = oldest + 1 == keptFrames.length ? 0 : oldest + 1;
        } else {
            counters.keptHits++;
        }
        uses[frame]++;
        return reference;
    }

    /** Finds the next place of the circle that nothing in flight uses, and empties it. */
    private boolean makeRoom() {
        for (int tries = 0; tries <= references.length; tries++) {
            final int frame = keptFrames[oldest];
            if (frame == NO_FRAME) {
                return true;
            }
            if (uses[frame] == 0) {
                keptFrames[oldest] = NO_FRAME;
                endKept(frame);
                return true;
            }
            oldest = oldest + 1 == keptFrames.length ? 0 : oldest + 1;
        }
        return false;
    }

    private void endKept(final int frame) {
        if (!lost.end(keptReferences[frame])) {
            counters.refused(NetfrontRefusal.KEPT_PAGE);
        }
        keptReferences[frame] = GrantTable.NO_REFERENCE;
    }

    private int grant(final int frame) {
        final int reference = grants.grantAccess(backendDomain, frame, true);
        counters.grants += reference == GrantTable.NO_REFERENCE ? 0 : 1;
        return reference;
    }

    /**
     * Ends the loan of a piece.
     *
     * @return false if the backend still has its page mapped
     */
    boolean takeBack(final int piece) {
        if (keeps) {
            uses[frames[piece]]--;
            return true;
        }
        return lost.end(references[piece]);
    }

    /** The page of a piece in flight was lent with this reference. */
    int reference(final int piece) {
        return references[piece];
    }

    /** Ends all grants that have stayed; only when nothing is lent. */
    void close() {
        for (int i = 0; i < keptFrames.length; i++) {
            final int frame = keptFrames[i];
            if (frame != NO_FRAME) {
                keptFrames[i] = NO_FRAME;
                endKept(frame);
            }
        }
    }
}
