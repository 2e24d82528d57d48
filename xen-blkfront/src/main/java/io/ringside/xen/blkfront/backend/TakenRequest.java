package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.StoreRequest;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One request that was taken off the ring and is not yet answered: a private copy of it and of its
 * segments, its pages, and what the store is asked for. Allocated once, for use after use.
 *
 * <p>Threads: one.
 */
final class TakenRequest {
    /** The memory under the flyweights: the slot as it stood when it was taken. */
    final UnsafeBuffer copy;

    /** The request as one that carries its segments; every request has the fields before them. */
    final BlkRequest wire;

    /** The request as a discard. */
    final BlkDiscardRequest discard;

    /** The request as one whose segments stand elsewhere. */
    final BlkIndirectRequest indirect;

    /** The pages that data is moved from or to. */
    final PageList pages;

    /** The pages that segments were read from. */
    final PageList segmentPages;

    /** The segments that were read from there, as they stood then. */
    final UnsafeBuffer segments;

    /** What the store is asked for; its tag tells the queue and the request. */
    final StoreRequest store;

    private final int index;
    private int status = BlkStatus.OKAY;

    /**
     * Room for a request.
     *
     * @param index which of its queue's requests it is
     * @param indirectSegments most segments that stand elsewhere; 0 if it is for other requests
     */
    TakenRequest(final BlkAbi abi, final int index, final int tag, final int indirectSegments) {
        this.index = index;
        copy = new UnsafeBuffer(new byte[abi.requestBytes()]);
        wire = new BlkRequest(abi).wrap(copy, 0);
        discard = new BlkDiscardRequest(abi).wrap(copy, 0);
        indirect = new BlkIndirectRequest(abi).wrap(copy, 0);
        final int capacity = indirectSegments == 0 ? BlkRequest.MAX_SEGMENTS : indirectSegments;
        pages = new PageList(capacity);
        segmentPages = new PageList(BlkIndirectRequest.pageCount(indirectSegments));
        segments = new UnsafeBuffer(new byte[indirectSegments * BlkSegment.BYTES]);
        store = new StoreRequest(capacity, tag);
    }

    /** Which of its queue's requests it is. */
    int index() {
        return index;
    }

    boolean isIndirect() {
        return wire.operation() == BlkOperation.INDIRECT;
    }

    /** What is done: of an indirect request the inner operation. */
    int operation() {
        return isIndirect() ? indirect.innerOperation() : wire.operation();
    }

    /** Whether data comes from the frontend: such pages are mapped read-only. */
    boolean isWrite() {
        return switch (operation()) {
            case BlkOperation.WRITE, BlkOperation.WRITE_BARRIER -> true;
            case BlkOperation.FLUSH_DISKCACHE -> wire.segmentCount() != 0;
            default -> false;
        };
    }

    /** Whether nothing is moved across it: a flush that carries data is one, too. */
    boolean isBarrier() {
        return switch (wire.operation()) {
            case BlkOperation.WRITE_BARRIER -> true;
            case BlkOperation.FLUSH_DISKCACHE -> wire.segmentCount() != 0;
            default -> false;
        };
    }

    int segmentCount() {
        return isIndirect() ? indirect.segmentCount() : wire.segmentCount();
    }

    /** Lays a flyweight over the private copy of one segment. */
    BlkSegment segment(final int which, final BlkSegment segment) {
        return isIndirect()
                ? segment.wrap(segments, which * BlkSegment.BYTES)
                : wire.segment(which, segment);
    }

    /** Lists the pages of a sound request that moves data, and no page of any other. */
    void listPages(final BlkSegment segment) {
        pages.reset(isWrite());
        if (operation() != BlkOperation.READ && !isWrite()) {
            return;
        }
        final int count = segmentCount();
        for (int i = 0; i < count; i++) {
            pages.add(segment(i, segment).reference());
        }
    }

    /** Lays the store's request over the mapped pages, if there are any. */
    void fill(final FrontendPages mapped, final BlkSegment segment) {
        switch (operation()) {
            case BlkOperation.FLUSH_DISKCACHE -> {
                if (isWrite()) {
                    fillTransfer(mapped, segment);
                } else {
                    store.reset(StoreRequest.Operation.FLUSH, 0);
                }
            }
            case BlkOperation.DISCARD -> {
                if ((discard.flags() & BlkDiscardRequest.SECURE) != 0) {
                    store.resetToErase(discard.sector(), discard.sectorCount());
                } else {
                    store.resetToDiscard(discard.sector(), discard.sectorCount());
                }
            }
            default -> fillTransfer(mapped, segment);
        }
    }

    private void fillTransfer(final FrontendPages mapped, final BlkSegment segment) {
        store.reset(
                isWrite() ? StoreRequest.Operation.WRITE : StoreRequest.Operation.READ,
                wire.sector());
        final int count = pages.count();
        for (int i = 0; i < count; i++) {
            segment(i, segment);
            final int sectors = segment.lastSector() - segment.firstSector() + 1;
            store.nextSegment()
                    .wrap(
                            mapped.page(pages, i),
                            segment.firstSector() * BlkSegment.SECTOR_BYTES,
                            sectors * BlkSegment.SECTOR_BYTES);
            store.added();
        }
    }

    /** How it is to be answered: see {@link BlkStatus}. */
    int status() {
        return status;
    }

    void status(final int newStatus) {
        status = newStatus;
    }
}
