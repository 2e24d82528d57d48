package io.ringside.storvsc;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import java.util.ArrayDeque;

/** A store that keeps every request until the test lets some go. */
final class HeldStore implements BlockStore {
    private final BlockStore below;
    private final ArrayDeque<StoreRequest> held = new ArrayDeque<>();
    private int allowed;
    private long sectors;

    HeldStore(final BlockStore below) {
        this.below = below;
        this.sectors = below.sectors();
    }

    /** Lets so many more requests through. */
    void let(final int count) {
        allowed += count;
    }

    /** Is so large from now on. */
    void resize(final long newSectors) {
        sectors = newSectors;
    }

    int heldCount() {
        return held.size();
    }

    @Override
    public long sectors() {
        return sectors;
    }

    @Override
    public boolean isReadOnly() {
        return below.isReadOnly();
    }

    @Override
    public boolean submit(final StoreRequest request) {
        held.addLast(request);
        return true;
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        while (allowed > 0 && !held.isEmpty() && below.submit(held.getFirst())) {
            held.removeFirst();
            allowed--;
        }
        return below.poll(completions, limit);
    }

    @Override
    public void wakeWith(final Runnable wake) {
        below.wakeWith(wake);
    }

    @Override
    public void close() {
        below.close();
    }
}
