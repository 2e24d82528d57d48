package io.ringside.xen.blkfront.frontend;

import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkKeys;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a frontend makes use of where its backend offers it, so that features can be switched one by
 * one. Whatever the backend does not offer is not used, whatever is asked for here.
 *
 * @param layout the layout of the slots, which the backend is told; null to tell it none, and use
 *     the native one
 * @param ringPageOrder log2 of the pages of each ring, at most, 0 to 4
 * @param queues how many rings, at most, 1 to 16
 * @param persistentGrants whether pages of our own are granted once and used again and again, with
 *     the data copied in and out
 * @param indirectSegments most segments of one request, 0 to 4096; 11 and fewer need no page for
 *     their segments
 * @param pooledPages most pages of our own that stand in for the caller's in one connection, where
 *     they do, 11 or more
 * @param flushes whether flushes are asked for
 * @param barriers whether barriers are asked for, also in place of a flush
 * @param discards whether discards are asked for
 * @param holdOff how many more answers of a ring must be there before the backend wakes a frontend
 *     that sleeps, or as many as are in flight if they are fewer; 1 for each at once, 512 at most.
 *     An answer waits for those that follow it, however slow they are
 */
public record BlkfrontOptions(
        @Nullable BlkAbi layout,
        int ringPageOrder,
        int queues,
        boolean persistentGrants,
        int indirectSegments,
        int pooledPages,
        boolean flushes,
        boolean barriers,
        boolean discards,
        int holdOff) {
    /** As many pages as Linux's backend keeps mapped of one ring. */
    public static final int LINUX_POOLED_PAGES = 1056;

    private static final int LINUX_SEGMENTS = 32;
    private static final int MOST_SLOTS = 512; // of a ring of 16 pages

    /** One ring page, and no request of more than 11 segments: what every backend has. */
    public static final BlkfrontOptions PLAIN =
            new BlkfrontOptions(
                    BlkAbi.X86_64, 0, 1, false, 0, LINUX_POOLED_PAGES, true, true, true, 1);

    /** What Linux's own frontend does by itself on a guest of one processor. */
    public static final BlkfrontOptions LINUX =
            PLAIN.withPersistentGrants(true).withIndirectSegments(LINUX_SEGMENTS);

    /** Everything that the protocol has, to its bounds, as far as one thread has use for it. */
    public static final BlkfrontOptions ALL =
            PLAIN.withRingPageOrder(BlkKeys.RING_PAGE_ORDER_LIMIT)
                    .withPersistentGrants(true)
                    .withIndirectSegments(BlkIndirectRequest.MAX_SEGMENTS)
                    .withPooledPages(BlkIndirectRequest.MAX_SEGMENTS);

    /** Refuses what is out of bounds. */
    public BlkfrontOptions {
        check("ringPageOrder", ringPageOrder, 0, BlkKeys.RING_PAGE_ORDER_LIMIT);
        check("queues", queues, 1, BlkKeys.QUEUES_LIMIT);
        check("indirectSegments", indirectSegments, 0, BlkIndirectRequest.MAX_SEGMENTS);
        check("holdOff", holdOff, 1, MOST_SLOTS);
        check("pooledPages", pooledPages, BlkRequest.MAX_SEGMENTS, Integer.MAX_VALUE);
    }

    private static void check(final String name, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("option out of range: " + name + "=" + value);
        }
    }

    /** The layout that the slots have. */
    BlkAbi abi() {
        return layout == null ? BlkAbi.NATIVE : layout;
    }

    /** The same with another layout, or with none that is told. */
    public BlkfrontOptions withLayout(final @Nullable BlkAbi newLayout) {
        return new BlkfrontOptions(
                newLayout,
                ringPageOrder,
                queues,
                persistentGrants,
                indirectSegments,
                pooledPages,
                flushes,
                barriers,
                discards,
                holdOff);
    }

    /** The same with rings of at most so many pages. */
    public BlkfrontOptions withRingPageOrder(final int newRingPageOrder) {
        return new BlkfrontOptions(
                layout,
                newRingPageOrder,
                queues,
                persistentGrants,
                indirectSegments,
                pooledPages,
                flushes,
                barriers,
                discards,
                holdOff);
    }

    /** The same with at most so many rings. */
    public BlkfrontOptions withQueues(final int newQueues) {
        return new BlkfrontOptions(
                layout,
                ringPageOrder,
                newQueues,
                persistentGrants,
                indirectSegments,
                pooledPages,
                flushes,
                barriers,
                discards,
                holdOff);
    }

    /** The same with persistent grants or without. */
    public BlkfrontOptions withPersistentGrants(final boolean newPersistentGrants) {
        return new BlkfrontOptions(
                layout,
                ringPageOrder,
                queues,
                newPersistentGrants,
                indirectSegments,
                pooledPages,
                flushes,
                barriers,
                discards,
                holdOff);
    }

    /** The same with requests of at most so many segments. */
    public BlkfrontOptions withIndirectSegments(final int newIndirectSegments) {
        return new BlkfrontOptions(
                layout,
                ringPageOrder,
                queues,
                persistentGrants,
                newIndirectSegments,
                pooledPages,
                flushes,
                barriers,
                discards,
                holdOff);
    }

    /** The same with at most so many pages of our own. */
    public BlkfrontOptions withPooledPages(final int newPooledPages) {
        return new BlkfrontOptions(
                layout,
                ringPageOrder,
                queues,
                persistentGrants,
                indirectSegments,
                newPooledPages,
                flushes,
                barriers,
                discards,
                holdOff);
    }

    /** The same with other operations beside reads and writes. */
    public BlkfrontOptions withOperations(
            final boolean newFlushes, final boolean newBarriers, final boolean newDiscards) {
        return new BlkfrontOptions(
                layout,
                ringPageOrder,
                queues,
                persistentGrants,
                indirectSegments,
                pooledPages,
                newFlushes,
                newBarriers,
                newDiscards,
                holdOff);
    }

    /** The same, woken for so many answers at a time. */
    public BlkfrontOptions withHoldOff(final int newHoldOff) {
        return new BlkfrontOptions(
                layout,
                ringPageOrder,
                queues,
                persistentGrants,
                indirectSegments,
                pooledPages,
                flushes,
                barriers,
                discards,
                newHoldOff);
    }
}
