package io.ringside.xen.blkfront.backend;

import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.protocol.GnttabStatus;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frontend's pages, as one ring uses them: all that the requests of one pass need are mapped in
 * one hypercall, and all that they no longer need are unmapped in another.
 *
 * <pre>
 *   begin, want(list) ..., map, find(list) ..., page(list, i)        before the medium works
 *   release(list) ..., unmapReleased                                 after it has
 * </pre>
 *
 * <p>With persistent grants a page is mapped by the first request that uses it, and stays. Each
 * page has its own status; a list is found only if all of it was mapped. Threads: one.
 */
final class FrontendPages {
    private final GrantMapper mapper;
    private final int frontendDomain;
    private final BlkbackCounters counters;
    private final GrantMapBatch wanted;
    private final int[] wantedFor;
    private final int capacity;
    private final ReleasedPages released;
    private final @Nullable PersistentGrants kept;

    /**
     * Pages of one ring.
     *
     * @param capacity most pages mapped at once, at least as many as one list can have
     * @param keptPages most pages kept mapped; 0 keeps none
     */
    FrontendPages(
            final GrantMapper mapper,
            final int frontendDomain,
            final BlkbackCounters counters,
            final int capacity,
            final int keptPages) {
        this.mapper = mapper;
        this.frontendDomain = frontendDomain;
        this.counters = counters;
        this.capacity = capacity;
        wanted = new GrantMapBatch(capacity);
        wantedFor = new int[capacity];
        released = new ReleasedPages(mapper, frontendDomain, counters);
        kept = keptPages == 0 ? null : new PersistentGrants(keptPages, released, counters);
    }

    /** Starts a batch; pages that are not kept can be looked at until the next one starts. */
    void begin() {
        wanted.reset(frontendDomain);
    }

    /** Whether so many pages more fit into the batch. */
    boolean hasRoomFor(final int pageCount) {
        return pageCount <= capacity - wanted.count();
    }

    /** Adds to the batch what is not mapped yet. */
    void want(final PageList list) {
        for (int i = 0; i < list.count(); i++) {
            final int reference = list.reference(i);
            final int entry =
                    kept == null ? PersistentGrants.NONE : kept.use(reference, list.isReadOnly());
            list.entry(i, entry);
            if (kept != null && entry != PersistentGrants.NONE && !kept.isNew(entry)) {
                continue;
            }
            final int place = wanted.count();
            wanted.add(reference, list.isReadOnly());
            wantedFor[place] = entry;
            list.place(i, place);
        }
    }

    /** Maps the batch, if there is anything in it. */
    void map() {
        final int count = wanted.count();
        if (count == 0) {
            return;
        }
        mapper.map(wanted);
        for (int place = 0; place < count; place++) {
            if (wanted.status(place) != GnttabStatus.OKAY
                    || wanted.handle(place) == GrantMapBatch.NO_HANDLE) {
                continue;
            }
            counters.grantsMapped++;
            final int entry = wantedFor[place];
            if (kept != null && entry != PersistentGrants.NONE) {
                kept.mapped(entry, wanted.handle(place), wanted.page(place));
            }
        }
    }

    /**
     * Takes what was mapped for a list.
     *
     * @return whether every page of it is mapped; it is to be {@link #release}d in any case
     */
    boolean find(final PageList list) {
        boolean all = true;
        for (int i = 0; i < list.count(); i++) {
            final int entry = list.entry(i);
            if (kept != null && entry != PersistentGrants.NONE) {
                all &= kept.isMapped(entry);
                continue;
            }
            final int place = list.place(i);
            final boolean mapped = wanted.status(place) == GnttabStatus.OKAY;
            list.handle(i, mapped ? wanted.handle(place) : GrantMapBatch.NO_HANDLE);
            all &= list.handle(i) != GrantMapBatch.NO_HANDLE;
        }
        return all;
    }

    /** One page of a list that was found, as long as its batch lasts. */
    UnsafeBuffer page(final PageList list, final int index) {
        final int entry = list.entry(index);
        return kept != null && entry != PersistentGrants.NONE
                ? kept.page(entry)
                : wanted.page(list.place(index));
    }

    /** The pages of a list are not used any more. */
    void release(final PageList list) {
        for (int i = 0; i < list.count(); i++) {
            final int entry = list.entry(i);
            if (kept != null && entry != PersistentGrants.NONE) {
                kept.endUse(entry);
            } else if (list.handle(i) != GrantMapBatch.NO_HANDLE) {
                released.add(list.reference(i), list.isReadOnly(), list.handle(i));
            }
        }
        list.reset(false);
    }

    /** Unmaps what was released and is not kept. */
    void unmapReleased() {
        released.unmap();
    }

    /** Lets go of every page; none is in use. */
    void close() {
        if (kept != null) {
            kept.close();
        }
        released.unmap();
    }
}
