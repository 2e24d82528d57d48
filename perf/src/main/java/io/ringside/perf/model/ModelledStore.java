package io.ringside.perf.model;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A store that takes simulated time: the bytes are moved at once, and the answer comes when the
 * medium would have it. A medium in memory takes the time of copying from whoever asks.
 *
 * <p>Threads and errors are those of {@link BlockStore}. The one behind it finishes everything
 * within its {@link BlockStore#submit}, and is closed by whoever opened it.
 */
final class ModelledStore implements BlockStore {
    private final BlockStore store;
    private final SharedMedium medium;
    private final Simulation simulation;
    private final long workNanos;
    private final PriorityQueue<Answer> answers = new PriorityQueue<>();
    private @Nullable StoreRequest answered;
    private long asked;
    private Runnable wake = () -> {};

    /**
     * A store over one that takes no time.
     *
     * @param workNanos what the host's own code takes for a request, from whoever submits it
     */
    ModelledStore(
            final BlockStore store,
            final SharedMedium medium,
            final Simulation simulation,
            final long workNanos) {
        this.store = store;
        this.medium = medium;
        this.simulation = simulation;
        this.workNanos = workNanos;
    }

    private record Answer(long nanos, long number, StoreRequest request)
            implements Comparable<Answer> {
        @Override
        public int compareTo(final Answer other) {
            final int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
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
        if (!store.submit(request)) {
            return false;
        }
        answered = null;
        store.poll(this::answered, 1);
        if (answered != request) {
            throw new IllegalStateException("store did not answer at once: tag=" + request.tag());
        }
        if (workNanos > 0) {
            simulation.stall(workNanos);
        }
        if (medium.isMemory()) {
            simulation.copied(request.totalBytes());
        }
        final long now = simulation.nanoTime();
        final long done = medium.doneNanos(now, request.totalBytes());
        answers.add(new Answer(done, asked++, request));
        if (done > now) {
            simulation.at(done, wake);
        }
        return true;
    }

    private void answered(final StoreRequest request) {
        answered = request;
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        int count = 0;
        while (count < limit) {
            final Answer first = answers.peek();
            // Time stands still once the run is over, and nobody is to wait for it then.
            if (first == null || (first.nanos > simulation.nanoTime() && !simulation.isEnded())) {
                break;
            }
            answers.remove();
            count++;
            completions.completed(first.request);
        }
        return count;
    }

    @Override
    public void wakeWith(final Runnable newWake) {
        wake = newWake;
    }

    @Override
    public void close() {
        // The store behind it belongs to whoever opened it.
    }
}
