package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xenbus.grant.GrantTable;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The pages that requests in flight lend to the backend, and those that it did not give back.
 *
 * <p>A page is lent for one request, for reading only if the backend is to write it to the disk,
 * and taken back before anybody learns that the request is done. A grant that is still mapped then
 * is kept aside and tried again later ({@link #reclaim}); until it is home its page is not lent
 * again.
 *
 * <p>Threads: one.
 */
final class LentPages {
    private final GrantTable grants;
    private final int backendDomain;
    private final @Nullable BouncePages bounce;
    private final int[] references;
    private final int[] frames;
    private final int[] counts;
    private final IntArrayList keptReferences = new IntArrayList();
    private final IntArrayList keptFrames = new IntArrayList();
    private int nextKept;

    /**
     * Nothing is lent yet.
     *
     * @param slotCount most requests in flight
     * @param bounce pages to lend in place of the caller's, or null to lend the caller's own
     */
    LentPages(
            final GrantTable grants,
            final int backendDomain,
            final int slotCount,
            final @Nullable BouncePages bounce) {
        this.grants = grants;
        this.backendDomain = backendDomain;
        this.bounce = bounce;
        this.references = new int[slotCount * BlkRequest.MAX_SEGMENTS];
        this.frames = new int[slotCount * BlkRequest.MAX_SEGMENTS];
        this.counts = new int[slotCount];
    }

    /**
     * Lends every page of a request.
     *
     * @return false if the grant table is full, or too many pages of our own are kept: nothing is
     *     lent
     */
    boolean lend(final int slot, final BlockRequest request) {
        final boolean toDisk = request.operation() == BlockOperation.WRITE;
        counts[slot] = 0;
        for (int segment = 0; segment < request.segmentCount(); segment++) {
            final int frame = frameToLend(request, segment);
            final int reference =
                    frame == BouncePages.NO_FRAME
                            ? GrantTable.NO_REFERENCE
                            : grants.grantAccess(backendDomain, frame, toDisk);
            if (reference == GrantTable.NO_REFERENCE) {
                if (bounce != null && frame != BouncePages.NO_FRAME) {
                    bounce.giveBack(frame);
                }
                takeBack(slot, null);
                return false;
            }
            references[place(slot, segment)] = reference;
            frames[place(slot, segment)] = frame;
            counts[slot]++;
        }
        return true;
    }

    private int frameToLend(final BlockRequest request, final int segment) {
        if (bounce == null) {
            return frame(request, segment);
        }
        final int frame = bounce.take();
        if (frame != BouncePages.NO_FRAME && request.operation() == BlockOperation.WRITE) {
            bounce.copyOut(frame, request, segment);
        }
        return frame;
    }

    /** The grant reference of one lent page. */
    int reference(final int slot, final int segment) {
        return references[place(slot, segment)];
    }

    /**
     * Ends every grant of a request.
     *
     * @param slot the request's number
     * @param delivered who gets what was read, if all pages are home; null if nothing was
     * @return how many pages are still mapped: they are kept aside
     */
    int takeBack(final int slot, final @Nullable BlockRequest delivered) {
        int kept = 0;
        for (int segment = 0; segment < counts[slot]; segment++) {
            final int place = place(slot, segment);
            if (!grants.endAccess(references[place])) {
                keptReferences.addInt(references[place]);
                keptFrames.addInt(frames[place]);
                frames[place] = BouncePages.NO_FRAME;
                kept++;
            }
        }
        if (bounce != null) {
            emptyBounce(bounce, slot, kept == 0 ? delivered : null);
        }
        counts[slot] = 0;
        return kept;
    }

    private void emptyBounce(
            final BouncePages pages, final int slot, final @Nullable BlockRequest delivered) {
        for (int segment = 0; segment < counts[slot]; segment++) {
            final int frame = frames[place(slot, segment)];
            if (frame != BouncePages.NO_FRAME) {
                if (delivered != null) {
                    pages.copyIn(frame, delivered, segment);
                }
                pages.giveBack(frame);
            }
        }
    }

    /** Whether a request names a page that the backend has kept. */
    boolean namesKeptPage(final BlockRequest request) {
        if (bounce != null || keptFrames.isEmpty()) {
            return false;
        }
        for (int segment = 0; segment < request.segmentCount(); segment++) {
            if (keptFrames.containsInt(frame(request, segment))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tries at most {@code limit} of the grants that were kept aside once more, in turn.
     *
     * @return how many came home
     */
    int reclaim(final int limit) {
        int home = 0;
        for (int tries = Math.min(limit, keptReferences.size()); tries > 0; tries--) {
            if (nextKept >= keptReferences.size()) {
                nextKept = 0;
            }
            if (grants.endAccess(keptReferences.getInt(nextKept))) {
                if (bounce != null) {
                    bounce.giveBack(keptFrames.getInt(nextKept));
                }
                keptReferences.fastUnorderedRemove(nextKept);
                keptFrames.fastUnorderedRemove(nextKept);
                home++;
            } else {
                nextKept++;
            }
        }
        return home;
    }

    /** How many pages the backend has kept. */
    int keptCount() {
        return keptReferences.size();
    }

    /** Gives the pages of our own back. Only when nothing is lent; kept ones follow later. */
    void close() {
        if (bounce != null) {
            bounce.close();
        }
    }

    private static int place(final int slot, final int segment) {
        return slot * BlkRequest.MAX_SEGMENTS + segment;
    }

    private static int frame(final BlockRequest request, final int segment) {
        return (int) (request.segmentAddress(segment) >>> GuestMemory.PAGE_SHIFT);
    }
}
