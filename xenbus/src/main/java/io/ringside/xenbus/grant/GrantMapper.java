package io.ringside.xenbus.grant;

import io.ringside.ringbuf.memory.PageView;

/**
 * The using side: the grant operations of one domain, as hypercalls.
 *
 * <p>Each call is one hypercall, however many entries its batch has; each entry has its own status
 * (a {@code GNTST_} code, 0 or negative). Errors are statuses, never exceptions.
 *
 * <p>Threads: one (the mapping domain's).
 */
public interface GrantMapper {
    /** Maps every entry of a batch whose status is still 0; sets each entry's status and handle. */
    void map(GrantMapBatch batch);

    /** Unmaps every entry of a batch that holds a handle, and forgets the handles. */
    void unmap(GrantMapBatch batch);

    /**
     * Maps the pages of a ring in a row, for the life of a connection.
     *
     * @return the mapping, or a status that says why there is none
     */
    RingMapping mapRing(int domain, int... references);

    /** How many pages are mapped just now. */
    int mappedCount();

    /** What {@link #mapRing} found. */
    sealed interface RingMapping {
        /**
         * The pages are mapped.
         *
         * @param pages all pages in a row
         * @param unmap gives them back
         */
        record Mapped(PageView pages, Runnable unmap) implements RingMapping {}

        /**
         * A page could not be mapped, and none is.
         *
         * @param reference the grant reference that failed
         * @param status its {@code GNTST_} code
         */
        record Refused(int reference, int status) implements RingMapping {}
    }
}
