package io.ringside.xenbus.grant;

import io.ringside.hypervisor.FrameAllocator;
import org.agrona.collections.IntArrayList;

/**
 * Where pages wait that a peer does not give back.
 *
 * <p>A driver that tears down hands over each grant with its frame, and forgets both. The frame
 * goes back to the allocator when the peer has let go, not before: a page that somebody still has
 * mapped must never be used for anything else.
 *
 * <p>Threads: one (the granting domain's).
 */
public final class GrantQuarantine {
    private final GrantTable table;
    private final FrameAllocator frames;
    private final IntArrayList heldReferences = new IntArrayList();
    private final IntArrayList heldFrames = new IntArrayList();

    /** A quarantine for the grants of one domain. */
    public GrantQuarantine(final GrantTable table, final FrameAllocator frames) {
        this.table = table;
        this.frames = frames;
    }

    /**
     * Ends a grant and frees its frame, now or as soon as the peer lets go.
     *
     * @return whether that was now
     */
    public boolean release(final int reference, final int frame) {
        if (table.endAccess(reference)) {
            frames.free(frame);
            return true;
        }
        heldReferences.addInt(reference);
        heldFrames.addInt(frame);
        return false;
    }

    /** Tries each page that waits once more; answers how many were freed. */
    public int reclaim() {
        int freed = 0;
        for (int i = heldReferences.size() - 1; i >= 0; i--) {
            if (table.endAccess(heldReferences.getInt(i))) {
                frames.free(heldFrames.getInt(i));
                heldReferences.fastUnorderedRemove(i);
                heldFrames.fastUnorderedRemove(i);
                freed++;
            }
        }
        return freed;
    }

    /** How many pages wait. */
    public int heldCount() {
        return heldReferences.size();
    }
}
