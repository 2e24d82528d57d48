package io.ringside.xen.netfront.backend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.ShortCopy;
import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.NetifGref;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.protocol.GnttabStatus;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Grants of one queue that are kept mapped since the frontend asked for it: what they lend is
 * copied without a hypercall.
 *
 * <p>The page of a list is mapped only to be read once, and to be told how each entry went. A page
 * that is kept is the frontend's, which may write it at any time: it is copied like all others
 * before anybody looks at it. Threads: one.
 *
 * <p>Source: control messages 8 to 10, xen/io/netif.h.
 */
final class StaticGrants {
    private static final int NONE = -1;

    private final GrantMapper mapper;
    private final int frontendDomain;
    private final NetbackCounters counters;
    private final int capacity;

    private final GrantMapBatch listPage = new GrantMapBatch(1);
    private final GrantMapBatch batch;
    private final UnsafeBuffer list = new UnsafeBuffer(new byte[GuestMemory.PAGE_BYTES]);
    private final NetifGref entry = new NetifGref();

    private final Int2IntHashMap places = new Int2IntHashMap(NONE);
    private final UnsafeBuffer[] pages;
    private final int[] handles;
    private final boolean[] readOnly;
    private final int[] free;
    private int freeCount;

    StaticGrants(
            final GrantMapper mapper,
            final int frontendDomain,
            final NetbackCounters counters,
            final int capacity) {
        this.mapper = mapper;
        this.frontendDomain = frontendDomain;
        this.counters = counters;
        this.capacity = capacity;
        batch = new GrantMapBatch(Math.max(1, capacity));
        pages = new UnsafeBuffer[capacity];
        handles = new int[capacity];
        readOnly = new boolean[capacity];
        free = new int[capacity];
        for (int place = 0; place < capacity; place++) {
            pages[place] = new UnsafeBuffer(0, 0);
            handles[place] = GrantMapBatch.NO_HANDLE;
            free[place] = capacity - 1 - place;
        }
        freeCount = capacity;
    }

    /** Most grants that are kept. */
    int capacity() {
        return capacity;
    }

    /** Copies from a page that is kept; false if it is not. The range lies within a page. */
    boolean copyIn(
            final int reference,
            final int offsetBytes,
            final UnsafeBuffer target,
            final int targetOffsetBytes,
            final int lengthBytes) {
        final int place = freeCount == capacity ? NONE : places.get(reference);
        if (place == NONE) {
            return false;
        }
        ShortCopy.copy(pages[place], offsetBytes, target, targetOffsetBytes, lengthBytes);
        counters.staticGrantHits++;
        counters.staticGrantBytes += lengthBytes;
        return true;
    }

    /** Copies to a page that is kept to be written; false if it is not. */
    boolean copyOut(
            final int reference,
            final int offsetBytes,
            final UnsafeBuffer source,
            final int sourceOffsetBytes,
            final int lengthBytes) {
        final int place = freeCount == capacity ? NONE : places.get(reference);
        if (place == NONE || readOnly[place]) {
            return false;
        }
        ShortCopy.copy(source, sourceOffsetBytes, pages[place], offsetBytes, lengthBytes);
        counters.staticGrantHits++;
        counters.staticGrantBytes += lengthBytes;
        return true;
    }

    /** {@code ADD_GREF_MAPPING}: all of a list or none of it; answers with a {@link CtrlStatus}. */
    int add(final int listReference, final int count) {
        if (!isCount(count)) {
            return CtrlStatus.BUFFER_OVERFLOW;
        }
        if (!readList(listReference, count)) {
            return CtrlStatus.INVALID_PARAMETER;
        }
        endList();
        if (count > freeCount) {
            return CtrlStatus.BUFFER_OVERFLOW;
        }
        batch.reset(frontendDomain);
        for (int i = 0; i < count; i++) {
            entry.wrap(list, i * NetifGref.BYTES);
            batch.add(entry.reference(), (entry.flags() & NetifGref.READ_ONLY) != 0);
        }
        if (count != 0) {
            mapper.map(batch);
        }
        for (int i = 0; i < count; i++) {
            if (batch.handle(i) == GrantMapBatch.NO_HANDLE || !keep(i)) {
                giveUpFirst(i);
                mapper.unmap(batch);
                return CtrlStatus.INVALID_PARAMETER;
            }
        }
        return CtrlStatus.SUCCESS;
    }

    private boolean isCount(final int count) {
        return count >= 0 && count <= Math.min(capacity, NetifGref.MAX_ENTRIES);
    }

    /** Keeps one page of the batch; false if it is kept already, by the same list even. */
    private boolean keep(final int index) {
        final int reference = batch.reference(index);
        if (places.containsKey(reference)) {
            return false;
        }
        final int place = free[--freeCount];
        pages[place].wrap(batch.page(index));
        handles[place] = batch.handle(index);
        readOnly[place] = batch.readOnly(index);
        places.put(reference, place);
        return true;
    }

    /** Forgets the first pages of a batch, which are still mapped by it. */
    private void giveUpFirst(final int count) {
        for (int i = 0; i < count; i++) {
            forget(places.remove(batch.reference(i)));
        }
    }

    private void forget(final int place) {
        pages[place].wrap(0, 0);
        handles[place] = GrantMapBatch.NO_HANDLE;
        free[freeCount++] = place;
    }

    /**
     * {@code DEL_GREF_MAPPING}: what of a list is kept is so no more, and each entry is told how it
     * went; answers with a {@link CtrlStatus}.
     */
    int remove(final int listReference, final int count) {
        if (!isCount(count)) {
            return CtrlStatus.BUFFER_OVERFLOW;
        }
        if (!readList(listReference, count)) {
            return CtrlStatus.INVALID_PARAMETER;
        }
        batch.reset(frontendDomain);
        int status = CtrlStatus.SUCCESS;
        for (int i = 0; i < count; i++) {
            entry.wrap(list, i * NetifGref.BYTES);
            final boolean isKept = release(entry.reference());
            final int told = isKept ? CtrlStatus.SUCCESS : CtrlStatus.INVALID_PARAMETER;
            entry.wrap(listPage.page(0), i * NetifGref.BYTES).putStatus(told);
            status = isKept ? status : CtrlStatus.INVALID_PARAMETER;
        }
        if (batch.count() != 0) {
            mapper.unmap(batch);
        }
        endList();
        return status;
    }

    /** Puts a page into the batch that is to be unmapped; false if it is not kept. */
    private boolean release(final int reference) {
        final int place = places.remove(reference);
        if (place == NONE) {
            return false;
        }
        final int index = batch.count();
        batch.add(reference, readOnly[place]);
        batch.result(index, GnttabStatus.OKAY, handles[place]);
        forget(place);
        return true;
    }

    /** Copies a list once; its page stays mapped until {@link #endList} if that could be done. */
    private boolean readList(final int reference, final int count) {
        listPage.reset(frontendDomain).add(reference, false);
        mapper.map(listPage);
        if (!listPage.allMapped()) {
            return false;
        }
        list.putBytes(0, listPage.page(0), 0, count * NetifGref.BYTES);
        return true;
    }

    private void endList() {
        mapper.unmap(listPage);
    }

    /** Unmaps everything. */
    void close() {
        batch.reset(frontendDomain);
        final Int2IntHashMap.KeyIterator references = places.keySet().iterator();
        while (references.hasNext()) {
            final int reference = references.nextValue();
            final int place = places.get(reference);
            final int index = batch.count();
            batch.add(reference, readOnly[place]);
            batch.result(index, GnttabStatus.OKAY, handles[place]);
            forget(place);
        }
        places.clear();
        if (batch.count() != 0) {
            mapper.unmap(batch);
        }
    }
}
