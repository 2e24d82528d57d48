package io.ringside.perf.scenario;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.hypervisor.Clock;

/**
 * A store that answers late: each request reaches the store behind it when its time has passed, in
 * the order in which they came.
 *
 * <p>Nobody is woken when that time has come, so it is for a backend that polls. Threads and errors
 * are those of {@link BlockStore}.
 */
public final class LateStore implements BlockStore {
    private final BlockStore store;
    private final Clock clock;
    private final long delayNanos;
    private final StoreRequest[] waiting;
    private final long[] dueNanos;
    private int head;
    private int count;

    /**
     * A late store, which closes the one behind it.
     *
     * @param mostWaiting how many requests it takes at most that have not reached the store
     */
    public LateStore(
            final BlockStore store,
            final Clock clock,
            final long delayNanos,
            final int mostWaiting) {
        this.store = store;
        this.clock = clock;
        this.delayNanos = delayNanos;
        waiting = new StoreRequest[mostWaiting];
        dueNanos = new long[mostWaiting];
    }

    @Override
    public long sectors() {
        return store.sectors();
    }

    @Override
    public int blockBytes() {
        return store.blockBytes();
    }

    @Override
    public int physicalBlockBytes() {
        return store.physicalBlockBytes();
    }

    @Override
    public int discardGranularityBytes() {
        return store.discardGranularityBytes();
    }

    @Override
    public boolean canErase() {
        return store.canErase();
    }

    @Override
    public boolean isReadOnly() {
        return store.isReadOnly();
    }

    @Override
    public boolean submit(final StoreRequest request) {
        if (count == waiting.length) {
            return false;
        }
        final int slot = (head + count) % waiting.length;
        waiting[slot] = request;
        dueNanos[slot] = clock.nanoTime() + delayNanos;
        count++;
        return true;
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        final long now = count == 0 ? 0 : clock.nanoTime();
        while (count > 0 && dueNanos[head] - now <= 0 && store.submit(waiting[head])) {
            head = head + 1 == waiting.length ? 0 : head + 1;
            count--;
        }
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
