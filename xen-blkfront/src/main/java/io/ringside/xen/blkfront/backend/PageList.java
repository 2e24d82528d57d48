package io.ringside.xen.blkfront.backend;

import io.ringside.xenbus.grant.GrantMapBatch;

/**
 * Which pages of the frontend's one request uses, and how each is held: none is, before {@link
 * FrontendPages#want} and after {@link FrontendPages#release}.
 *
 * <p>Threads: one.
 */
final class PageList {
    private final int[] references;
    private final int[] entries;
    private final int[] places;
    private final int[] handles;
    private boolean readOnly;
    private int count;

    PageList(final int capacity) {
        references = new int[capacity];
        entries = new int[capacity];
        places = new int[capacity];
        handles = new int[capacity];
    }

    /** Starts a new use, without pages. */
    void reset(final boolean newReadOnly) {
        readOnly = newReadOnly;
        count = 0;
    }

    void add(final int reference) {
        references[count] = reference;
        entries[count] = PersistentGrants.NONE;
        handles[count] = GrantMapBatch.NO_HANDLE;
        count++;
    }

    int count() {
        return count;
    }

    int reference(final int index) {
        return references[index];
    }

    /** Whether the pages are only read from. */
    boolean isReadOnly() {
        return readOnly;
    }

    /** Which kept page it is, or {@link PersistentGrants#NONE}. */
    int entry(final int index) {
        return entries[index];
    }

    void entry(final int index, final int entry) {
        entries[index] = entry;
    }

    /** Where it stands in the batch that maps it, unless it is a kept one. */
    int place(final int index) {
        return places[index];
    }

    void place(final int index, final int place) {
        places[index] = place;
    }

    /** The handle of a page that is mapped for this request alone. */
    int handle(final int index) {
        return handles[index];
    }

    void handle(final int index, final int handle) {
        handles[index] = handle;
    }
}
