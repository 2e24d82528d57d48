package io.ringside.xen.blkfront;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.device.media.RamStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A store that finishes requests in any order, has no room at times, and fails some if told to.
 * What it is asked for happens when it is handed back.
 */
final class MoodyStore implements BlockStore {
    private final RamStore disk;
    private final SplittableRandom random;
    private final int failuresInThousand;
    private final List<StoreRequest> held = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();
    private boolean holdsBack;
    private int refused;
    private int failed;
    private int overtakings;

    MoodyStore(final RamStore disk, final SplittableRandom random, final int failuresInThousand) {
        this.disk = disk;
        this.random = random;
        this.failuresInThousand = failuresInThousand;
    }

    /** Keeps everything from now on, or lets it go. */
    void holdBack(final boolean hold) {
        holdsBack = hold;
    }

    /** How often it had no room. */
    int refusedCount() {
        return refused;
    }

    /** How many requests it failed. */
    int failedCount() {
        return failed;
    }

    /** How often a request was finished before an older one. */
    int overtakings() {
        return overtakings;
    }

    /** The sectors of the requests that it took, in that order. */
    List<Integer> order() {
        return order;
    }

    int heldCount() {
        return held.size();
    }

    @Override
    public long sectors() {
        return disk.sectors();
    }

    @Override
    public boolean isReadOnly() {
        return disk.isReadOnly();
    }

    @Override
    public boolean submit(final StoreRequest request) {
        if (random.nextInt(4) == 0) {
            refused++;
            return false;
        }
        held.add(request);
        order.add((int) request.sector());
        return true;
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        int count = 0;
        while (!holdsBack && count < limit && !held.isEmpty() && random.nextInt(3) != 0) {
            final int which = random.nextInt(held.size());
            overtakings += which != 0 ? 1 : 0;
            final StoreRequest request = held.remove(which);
            if (random.nextInt(1000) < failuresInThousand) {
                failed++;
                request.status(StoreRequest.Status.ERROR);
                completions.completed(request);
            } else {
                disk.submit(request);
                disk.poll(completions, 1);
            }
            count++;
        }
        return count;
    }

    @Override
    public void wakeWith(final Runnable wake) {
        // The backend is stepped all the time.
    }

    @Override
    public void close() {
        disk.close();
    }
}
