package io.ringside.xen.blkfront;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper;
import org.agrona.concurrent.UnsafeBuffer;

/** Fills the slots with ones whenever the backend has just checked or just used a request. */
final class SlotSpoiler implements GrantMapper, BlockStore {
    private final GrantMapper mapper;
    private final BlockStore store;
    private UnsafeBuffer ring = new UnsafeBuffer(new byte[4096]);
    private UnsafeBuffer later = new UnsafeBuffer(new byte[0]);
    private int maps;
    private int spoiledMap = -1;
    private int spoiled;

    SlotSpoiler(final GrantMapper mapper, final BlockStore store) {
        this.mapper = mapper;
        this.store = store;
    }

    /** The ring whose slots are spoiled. */
    void ring(final UnsafeBuffer newRing) {
        ring = newRing;
    }

    /** Spoils another piece of memory, too: when pages are mapped for that time from now on. */
    void spoilAtMap(final int time, final UnsafeBuffer memory) {
        later = memory;
        spoiledMap = maps + time;
    }

    /** How often they were. */
    int spoiledCount() {
        return spoiled;
    }

    private void spoil() {
        ring.setMemory(RawFrontend.HEADER_BYTES, 4096 - RawFrontend.HEADER_BYTES, (byte) 0xff);
        spoiled++;
    }

    @Override
    public void map(final GrantMapBatch batch) {
        spoil();
        if (++maps == spoiledMap) {
            later.setMemory(0, later.capacity(), (byte) 0xff);
        }
        mapper.map(batch);
    }

    @Override
    public void unmap(final GrantMapBatch batch) {
        spoil();
        mapper.unmap(batch);
    }

    @Override
    public RingMapping mapRing(final int domain, final int... references) {
        return mapper.mapRing(domain, references);
    }

    @Override
    public int mappedCount() {
        return mapper.mappedCount();
    }

    @Override
    public long sectors() {
        return store.sectors();
    }

    @Override
    public boolean isReadOnly() {
        return store.isReadOnly();
    }

    @Override
    public boolean submit(final StoreRequest request) {
        spoil();
        return store.submit(request);
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        return store.poll(completions, limit);
    }

    @Override
    public void wakeWith(final Runnable wake) {
        store.wakeWith(wake);
    }

    @Override
    public void close() {
        store.close();
    }
}
