package io.ringside.xen.blkfront;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.device.media.RamStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store that tells what it is asked for, has room for so many requests, and finishes the oldest
 * when it is told to. Its size, and what it can do, are the test's to choose.
 */
final class RecordingStore implements BlockStore {
    private final RamStore disk;
    private final List<String> asked = new ArrayList<>();
    private final Deque<StoreRequest> held = new ArrayDeque<>();
    private int room = Integer.MAX_VALUE;
    private int mayFinish = Integer.MAX_VALUE;
    private StoreRequest.@Nullable Operation failing;
    private StoreRequest.Status failure = StoreRequest.Status.ERROR;
    private boolean erases = true;
    private long sectors;
    private int submits;

    RecordingStore(final RamStore disk) {
        this.disk = disk;
        sectors = disk.sectors();
    }

    /** What it was asked for, in order: the operation, and the sectors if it has any. */
    List<String> asked() {
        return asked;
    }

    /** How often it was asked, with or without room. */
    int submits() {
        return submits;
    }

    /** Takes no more than so many requests at once. */
    void room(final int requests) {
        room = requests;
    }

    /** Finishes so many requests more, and then none. */
    void finish(final int requests) {
        mayFinish = requests;
    }

    /** Fails every request of one kind. */
    void fail(final StoreRequest.Operation operation, final StoreRequest.Status status) {
        failing = operation;
        failure = status;
    }

    /** Says that it cannot erase. */
    void cannotErase() {
        erases = false;
    }

    /** Grows or shrinks, as far as anybody is told. */
    void resize(final long newSectors) {
        sectors = newSectors;
    }

    @Override
    public long sectors() {
        return sectors;
    }

    @Override
    public boolean isReadOnly() {
        return disk.isReadOnly();
    }

    @Override
    public boolean canErase() {
        return erases;
    }

    @Override
    public boolean submit(final StoreRequest request) {
        submits++;
        if (held.size() >= room) {
            return false;
        }
        asked.add(
                request.operation() == StoreRequest.Operation.FLUSH
                        ? "FLUSH"
                        : request.operation()
                                + " "
                                + request.sector()
                                + "+"
                                + request.sectorCount());
        held.add(request);
        return true;
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        int count = 0;
        while (count < limit && mayFinish > 0 && !held.isEmpty()) {
            final StoreRequest request = held.remove();
            mayFinish--;
            count++;
            if (request.operation() == failing) {
                request.status(failure);
                completions.completed(request);
            } else {
                disk.submit(request);
                disk.poll(completions, 1);
            }
        }
        return count;
    }

    @Override
    public void wakeWith(final Runnable wake) {
        // The backend is stepped by the test.
    }

    @Override
    public void close() {
        disk.close();
    }
}
