package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.xenbus.event.EventBudget;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection: the rings of a frontend, which share the store and the frontend's event budget.
 *
 * <p>It ends only when the store has given everything back: nothing of one connection is ever seen
 * by the next. The rings are served in turn, and each time another one begins.
 *
 * <p>Threads: one, the backend's.
 */
final class BlkbackConnection {
    private final BlockStore store;
    private final VirtualDisk disk;
    private final EventBudget budget;
    private final BlkbackQueue[] queues;
    private final StoreCompletions completions = this::completed;
    private int limit;
    private int first;

    private BlkbackConnection(
            final BlkbackServices services,
            final VirtualDisk disk,
            final EventBudget budget,
            final int queueCount) {
        this.store = services.store();
        this.disk = disk;
        this.budget = budget;
        this.queues = new BlkbackQueue[queueCount];
    }

    /**
     * Maps the rings and binds the ports that a frontend has published.
     *
     * @param handle what each request calls the disk
     * @return null if one of them is refused, which is counted; then none is mapped or bound
     */
    static @Nullable BlkbackConnection open(
            final BlkbackServices services,
            final FrontendKeys keys,
            final VirtualDisk disk,
            final int handle,
            final int frontendDomain) {
        final EventBudget budget =
                new EventBudget(services.events(), services.options().eventBudget());
        final ConnectionTerms terms =
                new ConnectionTerms(
                        frontendDomain,
                        keys.abi(),
                        keys.persistent() ? services.options().persistentGrants() : 0,
                        new RequestCheck(handle, disk),
                        budget);
        final BlkbackConnection connection =
                new BlkbackConnection(services, disk, budget, keys.queues().size());
        for (int i = 0; i < connection.queues.length; i++) {
            final BlkbackQueue queue = openQueue(services, terms, i, keys.queues().get(i));
            if (queue == null) {
                closeFirst(connection.queues, i);
                return null;
            }
            connection.queues[i] = queue;
            connection.limit += queue.slotCount();
        }
        return connection;
    }

    private static @Nullable BlkbackQueue openQueue(
            final BlkbackServices services,
            final ConnectionTerms terms,
            final int number,
            final FrontendKeys.Queue keys) {
        final List<Integer> references = keys.ringReferences();
        final int[] pages = new int[references.size()];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = references.get(i);
        }
        return switch (services.mapper().mapRing(terms.frontendDomain(), pages)) {
            case RingMapping.Refused refused -> {
                services.counters().refused(BlkbackRefusal.RING_PAGE);
                yield null;
            }
            case RingMapping.Mapped mapped -> {
                final int port =
                        services.events().bindInterdomain(terms.frontendDomain(), keys.port());
                if (port <= 0) {
                    services.counters().refused(BlkbackRefusal.PORT);
                    mapped.unmap().run();
                    yield null;
                }
                yield new BlkbackQueue(services, terms, number, mapped, port);
            }
        };
    }

    private static void closeFirst(final BlkbackQueue[] queues, final int count) {
        for (int i = 0; i < count; i++) {
            queues[i].close();
        }
    }

    /** The disk that the frontend sees. */
    VirtualDisk disk() {
        return disk;
    }

    /** Whether there are requests that nobody has taken. */
    boolean hasRequests() {
        for (final BlkbackQueue queue : queues) {
            if (queue.hasRequests()) {
                return true;
            }
        }
        return false;
    }

    /** Takes requests of every ring, and answers what the store has finished; bounded. */
    int serve() {
        int work = 0;
        int next = first;
        for (int i = 0; i < queues.length; i++) {
            work += queues[next].take();
            next = next + 1 == queues.length ? 0 : next + 1;
        }
        first = first + 1 == queues.length ? 0 : first + 1;
        work += store.poll(completions, limit);
        for (int i = 0; i < queues.length; i++) {
            queues[i].answer();
        }
        return work;
    }

    private void completed(final StoreRequest done) {
        queues[done.tag() >>> BlkbackQueue.TAG_SHIFT].completed(done);
    }

    /** Begins a new period of the frontend's event budget. */
    void tick() {
        budget.tick();
    }

    /** Whether the frontend published an index that cannot be. */
    boolean isBroken() {
        for (final BlkbackQueue queue : queues) {
            if (queue.isBroken()) {
                return true;
            }
        }
        return false;
    }

    /** Takes no more requests. What was taken is still answered, by {@link #serve}. */
    void drain() {
        for (final BlkbackQueue queue : queues) {
            queue.drain();
        }
    }

    /** How many requests are taken and not answered. */
    int inFlight() {
        int sum = 0;
        for (int i = 0; i < queues.length; i++) {
            sum += queues[i].inFlight();
        }
        return sum;
    }

    /** Gives everything of the frontend's back. Only when nothing is in flight. */
    void close() {
        closeFirst(queues, queues.length);
    }
}
