package io.ringside.xenbus.sim.store;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenStoreLimits;
import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection: what its domain has asked for and not yet given back, and the events that wait.
 *
 * <p>Events that are the same wait once. When too many wait, what comes after only names the
 * watched path: it may say too much, and the reader looks again, but the queue has an end. Events
 * that nobody takes for too long are dropped; whoever takes again is told every watched path.
 *
 * <p>A closed connection refuses everything with {@code EIO}, and has no events.
 *
 * <p>Beyond {@link XenStore} it has what only the wire can ask for: parts of a directory, the depth
 * of a watch, giving everything back at once.
 *
 * <p>Threads: one, its domain's; the store's lock guards everything here, since other threads queue
 * events.
 */
public final class StoreConnection implements XenStore {
    private final XenStoreServer server;
    private final int domain;
    private final Doorbell doorbell;

    private final List<StoreWatch> watches = new ArrayList<>();
    private final Map<Integer, StoreTransaction> transactions = new HashMap<>();
    private final WaitingEvents events = new WaitingEvents();
    private long watchBytes;
    private int lastTransaction = NO_TRANSACTION;
    private boolean closed;

    StoreConnection(final XenStoreServer server, final int domain, final Doorbell doorbell) {
        this.server = server;
        this.domain = domain;
        this.doorbell = doorbell;
    }

    @Override
    public int domainId() {
        return domain;
    }

    @Override
    public String read(final int transaction, final String path) throws XenStoreException {
        synchronized (server) {
            return operations(view(transaction)).read(absolute(path));
        }
    }

    @Override
    public @Nullable String readOrNull(final int transaction, final String path) {
        try {
            return read(transaction, path);
        } catch (final XenStoreException absentOrHidden) {
            return null;
        }
    }

    @Override
    public void write(final int transaction, final String path, final String value)
            throws XenStoreException {
        synchronized (server) {
            final StoreView view = view(transaction);
            checkMemory(path.length() + value.length());
            operations(view).write(absolute(path), value);
            tell(view);
        }
    }

    @Override
    public void mkdir(final int transaction, final String path) throws XenStoreException {
        synchronized (server) {
            final StoreView view = view(transaction);
            checkMemory(path.length());
            operations(view).mkdir(absolute(path));
            tell(view);
        }
    }

    @Override
    public void remove(final int transaction, final String path) throws XenStoreException {
        synchronized (server) {
            final StoreView view = view(transaction);
            operations(view).remove(absolute(path));
            tell(view);
        }
    }

    @Override
    public List<String> directory(final int transaction, final String path)
            throws XenStoreException {
        synchronized (server) {
            return operations(view(transaction)).directory(absolute(path));
        }
    }

    /**
     * {@code XS_DIRECTORY_PART}: some of the names of the children.
     *
     * @param offset where in the list of names to begin, each with its zero byte
     * @param maxBytes how long the part may be, each name with its zero byte
     */
    public DirectoryPart directoryPart(
            final int transaction, final String path, final long offset, final int maxBytes)
            throws XenStoreException {
        synchronized (server) {
            final StoreNode node = operations(view(transaction)).node(absolute(path));
            return node.part(offset, maxBytes);
        }
    }

    @Override
    public List<String> permissions(final int transaction, final String path)
            throws XenStoreException {
        synchronized (server) {
            return operations(view(transaction)).permissions(absolute(path));
        }
    }

    @Override
    public void setPermissions(
            final int transaction, final String path, final List<String> permissions)
            throws XenStoreException {
        synchronized (server) {
            final StoreView view = view(transaction);
            operations(view).setPermissions(absoluteOrSpecial(path), permissions);
            tell(view);
        }
    }

    @Override
    public int startTransaction() throws XenStoreException {
        synchronized (server) {
            checkOpen();
            final StoreLimits limits = server.limits(domain);
            if (transactions.size() >= limits.transactions()) {
                throw refused(XenStoreErrors.ENOSPC, "too many transactions");
            }
            do {
                lastTransaction = lastTransaction == Integer.MAX_VALUE ? 1 : lastTransaction + 1;
            } while (transactions.containsKey(lastTransaction));
            transactions.put(
                    lastTransaction,
                    new StoreTransaction(server.tree(), limits.transactionNodes()));
            return lastTransaction;
        }
    }

    @Override
    public boolean endTransaction(final int transaction, final boolean commit)
            throws XenStoreException {
        synchronized (server) {
            checkOpen();
            final StoreTransaction ended = transactions.remove(transaction);
            if (ended == null) {
                throw refused(XenStoreErrors.ENOENT, "transaction=" + transaction);
            }
            if (!commit || !ended.isCurrent()) {
                return !commit;
            }
            checkNodes(ended);
            ended.commit();
            server.fire(ended.changes());
            return true;
        }
    }

    /** Several transactions of a domain may each have had room for what only one of them has. */
    private void checkNodes(final StoreTransaction ended) throws XenStoreException {
        final int nodes = ended.ownedCount(domain);
        if (nodes > server.limits(domain).nodes() && nodes > server.tree().ownedCount(domain)) {
            throw refused(XenStoreErrors.ENOSPC, "nodes=" + nodes);
        }
    }

    @Override
    public void watch(final String path, final String token) throws XenStoreException {
        watch(path, token, StoreWatch.ALL_BELOW);
    }

    /**
     * {@code XS_WATCH} with a depth.
     *
     * @param depth how many names below the path are told; for a special name 1, which has the
     *     domain told as well
     */
    public void watch(final String path, final String token, final int depth)
            throws XenStoreException {
        synchronized (server) {
            checkOpen();
            final String absolute = watchable(path);
            if (depth < StoreWatch.ALL_BELOW
                    || (StorePath.isSpecial(path) && depth != StoreWatch.ALL_BELOW && depth != 1)) {
                throw refused(XenStoreErrors.EINVAL, "path=" + path + " depth=" + depth);
            }
            if (find(absolute, token) != null) {
                throw refused(XenStoreErrors.EEXIST, "path=" + path + " token=" + token);
            }
            if (path.length() + token.length() + 2 > XenStoreLimits.PAYLOAD_BYTES
                    || server.watchesBeside(this) >= server.limits(domain).watches()) {
                throw refused(XenStoreErrors.E2BIG, "path=" + path);
            }
            checkMemory(bytes(absolute, token));
            final StoreWatch watch =
                    new StoreWatch(this, absolute, token, depth, StorePath.isRelative(path));
            watches.add(watch);
            watchBytes += bytes(absolute, token);
            queue(watch, absolute);
        }
    }

    @Override
    public void unwatch(final String path, final String token) throws XenStoreException {
        synchronized (server) {
            checkOpen();
            final StoreWatch watch = find(watchable(path), token);
            if (watch == null) {
                throw refused(XenStoreErrors.ENOENT, "path=" + path + " token=" + token);
            }
            watches.remove(watch);
            watchBytes -= bytes(watch.path(), watch.token());
        }
    }

    /** {@code XS_RESET_WATCHES}: drops watches, their events, and transactions. */
    public void reset() throws XenStoreException {
        synchronized (server) {
            checkOpen();
            clear();
        }
    }

    @Override
    public @Nullable WatchEvent pollWatchEvent() {
        // An agent asks every time round: no lock unless there is something.
        if (!events.mayHaveSome()) {
            return null;
        }
        synchronized (server) {
            if (events.takeDropped()) {
                for (final StoreWatch watch : watches) {
                    queue(watch, watch.path());
                }
            }
            return events.take();
        }
    }

    @Override
    public void close() {
        synchronized (server) {
            closed = true;
            clear();
            server.forget(this);
        }
    }

    /** Whether it was closed, by its owner or because its domain is gone. */
    public boolean isClosed() {
        synchronized (server) {
            return closed;
        }
    }

    private void clear() {
        watches.clear();
        transactions.clear();
        events.clear();
        watchBytes = 0;
    }

    /** Whether its events ring a doorbell. */
    boolean rings(final Doorbell candidate) {
        return doorbell.equals(candidate);
    }

    /** Its watches, in the order they came. The caller holds the lock. */
    List<StoreWatch> watches() {
        return watches;
    }

    /** How many transactions it has open. The caller holds the lock. */
    int transactionCount() {
        return transactions.size();
    }

    /** What it holds, in bytes. The caller holds the lock. */
    long memoryBytes() {
        long bytes = watchBytes + events.bytes();
        for (final StoreTransaction transaction : transactions.values()) {
            bytes += transaction.bytes();
        }
        return bytes;
    }

    /** Has an event wait. The caller holds the lock. */
    void queue(final StoreWatch watch, final String changedPath) {
        String reported = watch.reported(changedPath);
        if (reported.length() + watch.token().length() + 2 > XenStoreLimits.PAYLOAD_BYTES
                || events.count() >= server.limits().queuedEvents()) {
            reported = watch.reported(watch.path());
        }
        if (events.add(reported, watch.token())) {
            doorbell.ring();
        }
    }

    /** Drops its events if none was taken for so long. The caller holds the lock. */
    boolean expireEvents(final long nowNanos, final long timeoutNanos) {
        return events.expire(nowNanos, timeoutNanos);
    }

    private StoreOperations operations(final StoreView view) {
        return new StoreOperations(view, server.domains(), server.limits(domain), domain);
    }

    private StoreView view(final int transaction) throws XenStoreException {
        checkOpen();
        if (transaction == NO_TRANSACTION) {
            return new DirectView(server.tree());
        }
        final StoreTransaction view = transactions.get(transaction);
        if (view == null) {
            throw refused(XenStoreErrors.ENOENT, "transaction=" + transaction);
        }
        checkMemory(0); // Whatever is asked for, it has to remember more.
        return view;
    }

    /** What a request changed outside of a transaction is told at once. */
    private void tell(final StoreView view) {
        if (view instanceof DirectView direct) {
            server.fire(direct.changes());
        }
    }

    private @Nullable StoreWatch find(final String path, final String token) {
        for (final StoreWatch watch : watches) {
            if (watch.path().equals(path) && watch.token().equals(token)) {
                return watch;
            }
        }
        return null;
    }

    private String absolute(final String path) throws XenStoreException {
        final String absolute = StorePath.absolute(path, domain, server.limits(domain).depth());
        final String home = XenbusKeys.home(domain) + "/";
        final int counted =
                absolute.startsWith(home) ? absolute.length() - home.length() : absolute.length();
        if (counted > server.limits(domain).pathBytes()) {
            throw refused(XenStoreErrors.EINVAL, "path=" + path);
        }
        return absolute;
    }

    private String watchable(final String path) throws XenStoreException {
        return StorePath.isWatchable(path) ? path : absolute(path);
    }

    private String absoluteOrSpecial(final String path) throws XenStoreException {
        if (path.equals(StorePath.INTRODUCE_DOMAIN) || path.equals(StorePath.RELEASE_DOMAIN)) {
            return path;
        }
        return absolute(path);
    }

    private void checkOpen() throws XenStoreException {
        if (closed) {
            throw refused(XenStoreErrors.EIO, "connection is closed");
        }
    }

    private void checkMemory(final int moreBytes) throws XenStoreException {
        final long bytes = server.bytesBeside(this) + moreBytes;
        if (bytes > server.limits(domain).memoryBytes()) {
            throw refused(XenStoreErrors.ENOMEM, "bytes=" + bytes);
        }
        server.noteMemory(domain, bytes);
    }

    private static int bytes(final String path, final String token) {
        return path.length() + token.length() + 2;
    }

    private XenStoreException refused(final String error, final String what) {
        return new XenStoreException(error, what + " domain=" + domain);
    }
}
