package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.StoreRequest;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xenbus.grant.GrantMapBatch;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One request that was taken off the ring and is not yet answered: a private copy of it, its pages,
 * and what the store is asked for. Allocated once for each slot of a ring.
 *
 * <p>Threads: one.
 */
final class TakenRequest {
    /** What the frontend asked for, as it stood when it was taken. */
    final BlkRequest wire;

    /** The memory under {@link #wire}. */
    final UnsafeBuffer copy;

    /** The frontend's pages; none are mapped before and after. */
    final GrantMapBatch pages = new GrantMapBatch(BlkRequest.MAX_SEGMENTS);

    /** What the store is asked for; its tag is the slot. */
    final StoreRequest store;

    TakenRequest(final BlkAbi abi, final int slot) {
        copy = new UnsafeBuffer(new byte[abi.requestBytes()]);
        wire = new BlkRequest(abi).wrap(copy, 0);
        store = new StoreRequest(BlkRequest.MAX_SEGMENTS, slot);
    }

    /** Lists the pages of a sound read or write: those to be written from are mapped read-only. */
    void listPages(final int frontendDomain, final BlkSegment segment) {
        final boolean readOnly = wire.operation() == BlkOperation.WRITE;
        pages.reset(frontendDomain);
        for (int i = 0; i < wire.segmentCount(); i++) {
            pages.add(wire.segment(i, segment).reference(), readOnly);
        }
    }

    /** Lays the store's request over the mapped pages. */
    void fillTransfer(final BlkSegment segment) {
        store.reset(
                wire.operation() == BlkOperation.WRITE
                        ? StoreRequest.Operation.WRITE
                        : StoreRequest.Operation.READ,
                wire.sector());
        for (int i = 0; i < wire.segmentCount(); i++) {
            wire.segment(i, segment);
            final int sectors = segment.lastSector() - segment.firstSector() + 1;
            store.nextSegment()
                    .wrap(
                            pages.page(i),
                            segment.firstSector() * BlkSegment.SECTOR_BYTES,
                            sectors * BlkSegment.SECTOR_BYTES);
            store.added();
        }
    }

    void fillFlush() {
        pages.reset(0);
        store.reset(StoreRequest.Operation.FLUSH, 0);
    }

    /** Whether any page is mapped just now. */
    boolean holdsPages() {
        for (int i = 0; i < pages.count(); i++) {
            if (pages.handle(i) != GrantMapBatch.NO_HANDLE) {
                return true;
            }
        }
        return false;
    }
}
