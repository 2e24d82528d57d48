package io.ringside.xen.blkfront.backend;

import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.protocol.GnttabStatus;

/**
 * Pages that nobody uses any more: gathered, and unmapped together in one hypercall.
 *
 * <p>Threads: one.
 */
final class ReleasedPages {
    private static final int CAPACITY = 512;

    private final GrantMapper mapper;
    private final int frontendDomain;
    private final BlkbackCounters counters;
    private final GrantMapBatch batch = new GrantMapBatch(CAPACITY);

    ReleasedPages(
            final GrantMapper mapper, final int frontendDomain, final BlkbackCounters counters) {
        this.mapper = mapper;
        this.frontendDomain = frontendDomain;
        this.counters = counters;
        batch.reset(frontendDomain);
    }

    /** Takes a mapped page; it is unmapped at the latest by {@link #unmap}. */
    void add(final int reference, final boolean readOnly, final int handle) {
        if (batch.count() == CAPACITY) {
            unmap();
        }
        final int place = batch.count();
        batch.add(reference, readOnly);
        batch.result(place, GnttabStatus.OKAY, handle);
    }

    /** Unmaps what was gathered, if anything was. */
    void unmap() {
        if (batch.count() == 0) {
            return;
        }
        mapper.unmap(batch);
        counters.grantsUnmapped += batch.count();
        batch.reset(frontendDomain);
    }
}
