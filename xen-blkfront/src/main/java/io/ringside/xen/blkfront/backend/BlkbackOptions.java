package io.ringside.xen.blkfront.backend;

import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkKeys;

/**
 * Which features a backend offers, and how much of each, so that each can be tried without.
 *
 * <p>What the medium or the administrator does not allow is not offered, whatever is asked for
 * here.
 *
 * @param flushCache whether flushes are offered
 * @param barrier whether barriers are offered
 * @param discard whether discards are offered
 * @param secureDiscard whether secure discards are offered, too
 * @param persistentGrants most pages that each ring keeps mapped; 0 offers persistent grants not
 * @param indirectSegments most segments of an indirect request, up to 4096; 0 offers none
 * @param maxRingPageOrder log2 of the most pages of a ring, 0 to 4
 * @param maxQueues most rings, 1 to 16
 * @param eventBudget how many events without work a frontend has between two ticks or two requests
 */
public record BlkbackOptions(
        boolean flushCache,
        boolean barrier,
        boolean discard,
        boolean secureDiscard,
        int persistentGrants,
        int indirectSegments,
        int maxRingPageOrder,
        int maxQueues,
        int eventBudget) {
    /** As many pages as Linux's backend keeps for each ring: {@code max_pgrants}. */
    public static final int USUAL_PERSISTENT_GRANTS = 1056;

    /** As many segments as Linux's backend offers: {@code MAX_INDIRECT_SEGMENTS}. */
    public static final int USUAL_INDIRECT_SEGMENTS = 256;

    private static final int USUAL_QUEUES = 4;
    private static final int USUAL_EVENT_BUDGET = 1024;
    private static final int PERSISTENT_GRANTS_LIMIT = 1 << 20;

    /** Every feature, to the extent that Linux's backend has it. */
    public static final BlkbackOptions FULL =
            new BlkbackOptions(
                    true,
                    true,
                    true,
                    true,
                    USUAL_PERSISTENT_GRANTS,
                    USUAL_INDIRECT_SEGMENTS,
                    BlkKeys.RING_PAGE_ORDER_LIMIT,
                    USUAL_QUEUES,
                    USUAL_EVENT_BUDGET);

    /** No feature at all: reads and writes over one page. */
    public static final BlkbackOptions BARE =
            new BlkbackOptions(false, false, false, false, 0, 0, 0, 1, USUAL_EVENT_BUDGET);

    /** Refuses numbers that make no sense by {@link IllegalArgumentException}. */
    public BlkbackOptions {
        if (persistentGrants < 0
                || persistentGrants > PERSISTENT_GRANTS_LIMIT
                || indirectSegments < 0
                || indirectSegments > BlkIndirectRequest.MAX_SEGMENTS
                || maxRingPageOrder < 0
                || maxRingPageOrder > BlkKeys.RING_PAGE_ORDER_LIMIT
                || maxQueues < 1
                || maxQueues > BlkKeys.QUEUES_LIMIT
                || eventBudget < 1) {
            throw new IllegalArgumentException(
                    "options out of range: persistentGrants="
                            + persistentGrants
                            + " indirectSegments="
                            + indirectSegments
                            + " maxRingPageOrder="
                            + maxRingPageOrder
                            + " maxQueues="
                            + maxQueues
                            + " eventBudget="
                            + eventBudget);
        }
    }

    /** The same with or without flushes. */
    public BlkbackOptions withFlushCache(final boolean offered) {
        return new BlkbackOptions(
                offered,
                barrier,
                discard,
                secureDiscard,
                persistentGrants,
                indirectSegments,
                maxRingPageOrder,
                maxQueues,
                eventBudget);
    }

    /** The same with or without barriers. */
    public BlkbackOptions withBarrier(final boolean offered) {
        return new BlkbackOptions(
                flushCache,
                offered,
                discard,
                secureDiscard,
                persistentGrants,
                indirectSegments,
                maxRingPageOrder,
                maxQueues,
                eventBudget);
    }

    /** The same with or without discards, and secure ones. */
    public BlkbackOptions withDiscard(final boolean offered, final boolean securely) {
        return new BlkbackOptions(
                flushCache,
                barrier,
                offered,
                securely,
                persistentGrants,
                indirectSegments,
                maxRingPageOrder,
                maxQueues,
                eventBudget);
    }

    /** The same with so many pages kept mapped for each ring. */
    public BlkbackOptions withPersistentGrants(final int mostPages) {
        return new BlkbackOptions(
                flushCache,
                barrier,
                discard,
                secureDiscard,
                mostPages,
                indirectSegments,
                maxRingPageOrder,
                maxQueues,
                eventBudget);
    }

    /** The same with so many segments in an indirect request. */
    public BlkbackOptions withIndirectSegments(final int mostSegments) {
        return new BlkbackOptions(
                flushCache,
                barrier,
                discard,
                secureDiscard,
                persistentGrants,
                mostSegments,
                maxRingPageOrder,
                maxQueues,
                eventBudget);
    }

    /** The same with rings of so many pages, as a logarithm, and so many rings. */
    public BlkbackOptions withRings(final int highestPageOrder, final int mostQueues) {
        return new BlkbackOptions(
                flushCache,
                barrier,
                discard,
                secureDiscard,
                persistentGrants,
                indirectSegments,
                highestPageOrder,
                mostQueues,
                eventBudget);
    }

    /** The same with another budget of events without work. */
    public BlkbackOptions withEventBudget(final int events) {
        return new BlkbackOptions(
                flushCache,
                barrier,
                discard,
                secureDiscard,
                persistentGrants,
                indirectSegments,
                maxRingPageOrder,
                maxQueues,
                events);
    }
}
