package io.ringside.xen.blkfront.backend;

import io.ringside.xenbus.grant.GrantMapBatch;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Pages of one ring that stay mapped between requests, a bounded number: when there is no room for
 * one more, the page goes that was not used for longest.
 *
 * <p>A page is known by its grant reference. One that was mapped for reading only never serves to
 * write into; one that was mapped for writing serves for both. A page in use is counted, and goes
 * only when it is not. A frontend that uses a new page each time only drives its own pages out; one
 * that gives a reference another meaning goes on with the page that was mapped, which the
 * hypervisor keeps for us, and which is the frontend's own.
 *
 * <pre>
 *   oldest &lt;-&gt; ... &lt;-&gt; newest     mapped, not in use: linked, in the order of their last use
 *   uses > 0                      in use, or just about to be mapped: not linked
 *   free                          stands for no page
 * </pre>
 *
 * <p>Source: {@code feature-persistent}, xen/io/blkif.h. Threads: one.
 */
final class PersistentGrants {
    /** No page. */
    static final int NONE = -1;

    private static final float LOAD_FACTOR = 0.5f;

    private final ReleasedPages released;
    private final BlkbackCounters counters;
    private final Int2IntHashMap writable;
    private final Int2IntHashMap readOnly;

    private final int[] references;
    private final int[] handles;
    private final int[] uses;
    private final boolean[] forReading;
    private final UnsafeBuffer[] pages;
    private final int[] older;
    private final int[] newer;
    private int oldest = NONE;
    private int newest = NONE;

    private final int[] free;
    private int freeCount;

    /** Room for at most {@code capacity} pages, none of which is mapped. */
    PersistentGrants(
            final int capacity, final ReleasedPages released, final BlkbackCounters counters) {
        this.released = released;
        this.counters = counters;
        writable = new Int2IntHashMap(2 * capacity + 1, LOAD_FACTOR, NONE);
        readOnly = new Int2IntHashMap(2 * capacity + 1, LOAD_FACTOR, NONE);
        references = new int[capacity];
        handles = new int[capacity];
        uses = new int[capacity];
        forReading = new boolean[capacity];
        pages = new UnsafeBuffer[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        free = new int[capacity];
        for (int entry = 0; entry < capacity; entry++) {
            handles[entry] = GrantMapBatch.NO_HANDLE;
            pages[entry] = new UnsafeBuffer(0, 0);
            free[entry] = entry;
        }
        freeCount = capacity;
    }

    /**
     * Takes a page into use.
     *
     * @return the page, which {@link #isNew} if it must be mapped first; {@link #NONE} if every
     *     page there is room for is in use
     */
    int use(final int reference, final boolean onlyToRead) {
        int entry = writable.get(reference);
        if (entry == NONE && onlyToRead) {
            entry = readOnly.get(reference);
        }
        if (entry != NONE) {
            if (uses[entry]++ == 0) {
                unlink(entry);
            }
            counters.persistentHits++;
            return entry;
        }
        counters.persistentMisses++;
        if (freeCount == 0 && oldest == NONE) {
            return NONE;
        }
        if (freeCount == 0) {
            counters.persistentEvictions++;
            giveUp(oldest);
        }
        entry = free[--freeCount];
        references[entry] = reference;
        forReading[entry] = onlyToRead;
        uses[entry] = 1;
        index(entry).put(reference, entry);
        return entry;
    }

    /** Whether a page that was just taken into use has to be mapped. */
    boolean isNew(final int entry) {
        return uses[entry] == 1 && handles[entry] == GrantMapBatch.NO_HANDLE;
    }

    /** The page was mapped. */
    void mapped(final int entry, final int handle, final UnsafeBuffer page) {
        handles[entry] = handle;
        pages[entry].wrap(page);
    }

    /** Whether a page could be mapped. */
    boolean isMapped(final int entry) {
        return handles[entry] != GrantMapBatch.NO_HANDLE;
    }

    /** A page in use. */
    UnsafeBuffer page(final int entry) {
        return pages[entry];
    }

    /** Ends one use; a page that could not be mapped is forgotten with the last. */
    void endUse(final int entry) {
        if (--uses[entry] > 0) {
            return;
        }
        if (isMapped(entry)) {
            link(entry);
        } else {
            forget(entry);
        }
    }

    /** Gives up every page; none is in use. */
    void close() {
        while (oldest != NONE) {
            giveUp(oldest);
        }
    }

    private void giveUp(final int entry) {
        unlink(entry);
        released.add(references[entry], forReading[entry], handles[entry]);
        handles[entry] = GrantMapBatch.NO_HANDLE;
        pages[entry].wrap(0, 0);
        forget(entry);
    }

    private void forget(final int entry) {
        index(entry).remove(references[entry]);
        free[freeCount++] = entry;
    }

    private Int2IntHashMap index(final int entry) {
        return forReading[entry] ? readOnly : writable;
    }

    private void link(final int entry) {
        older[entry] = newest;
        newer[entry] = NONE;
        if (newest == NONE) {
            oldest = entry;
        } else {
            newer[newest] = entry;
        }
        newest = entry;
    }

    private void unlink(final int entry) {
        if (older[entry] == NONE) {
            oldest = newer[entry];
        } else {
            newer[older[entry]] = newer[entry];
        }
        if (newer[entry] == NONE) {
            newest = older[entry];
        } else {
            older[newer[entry]] = older[entry];
        }
    }
}
