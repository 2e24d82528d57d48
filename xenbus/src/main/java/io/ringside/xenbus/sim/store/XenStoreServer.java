package io.ringside.xenbus.sim.store;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The xenstore: one tree, the domains it knows, and all connections.
 *
 * <p>Threads: any. This object's lock guards the tree, the domains, and every connection's watches,
 * transactions and events; it is held for one request at a time. Doorbells are rung under it.
 */
public final class XenStoreServer {
    /** What a ring may be offered: reconnection, the error word, and the depth of watches. */
    public static final int FEATURES = 1 | 2 | 4;

    private final StoreLimits privilegedLimits;
    private StoreLimits limits;
    private final Map<Integer, StoreLimits> domainLimits = new HashMap<>();
    private final Map<Integer, Integer> domainFeatures = new HashMap<>();
    private final StoreDomains domains = new StoreDomains();
    private final StoreTree tree = new StoreTree(domains);
    private final List<StoreConnection> connections = new ArrayList<>();
    private final Set<Integer> overSoftMemory = new HashSet<>();
    private int softMemoryBytes = StoreLimits.SOFT_MEMORY_BYTES;
    private long softMemoryExcesses;
    private long expiredConnections;
    private @Nullable StoreRings rings;

    /** A store with a root that domain 0 owns. */
    public XenStoreServer(final StoreLimits limits) {
        this.limits = limits;
        this.privilegedLimits = limits.privileged();
    }

    /** {@code XS_INTRODUCE}: the store knows a domain. Once or again. */
    public synchronized void introduce(final int domain) {
        if (domains.introduce(domain)) {
            fireSpecial(StorePath.INTRODUCE_DOMAIN, domain);
        }
    }

    /**
     * {@code XS_INTRODUCE} as a peer asks for it: the ring is served, too, if there is who does.
     */
    public void introduce(final int domain, final int port) throws XenStoreException {
        final StoreRings server;
        synchronized (this) {
            server = rings;
        }
        if (server != null) {
            server.introduce(domain, port);
        } else {
            introduce(domain);
        }
    }

    /** Has the rings of domains that are introduced from now on served. */
    public synchronized void serveRings(final StoreRings ringServer) {
        rings = ringServer;
    }

    /** Which life of its number a domain has: a number that never comes back; 0 for no domain. */
    public synchronized long life(final int domain) {
        return domains.life(domain);
    }

    /** Whether the store knows a domain. */
    public synchronized boolean isIntroduced(final int domain) {
        return domains.life(domain) != StoreDomains.NO_LIFE;
    }

    /** {@code XS_SET_TARGET}: gives a domain another one's rights as well, while both are known. */
    public synchronized void setTarget(final int domain, final int target) {
        if (isIntroduced(domain) && isIntroduced(target)) {
            domains.setTarget(domain, target);
        }
    }

    /**
     * {@code XS_RELEASE}: a domain is gone. Its connections are cut, and the nodes it owns are
     * removed; its number means nothing in the permissions of the others, whoever has it next.
     * Domain 0 stays.
     */
    public synchronized void release(final int domain) {
        if (StoreDomains.isPrivileged(domain) || domains.life(domain) == StoreDomains.NO_LIFE) {
            return;
        }
        for (final StoreConnection connection : List.copyOf(connections)) {
            if (connection.domainId() == domain) {
                connection.close();
            }
        }
        removeNodesOf(domain);
        domains.release(domain);
        domainLimits.remove(domain);
        domainFeatures.remove(domain);
        overSoftMemory.remove(domain);
        fireSpecial(StorePath.RELEASE_DOMAIN, domain);
    }

    /**
     * A connection that speaks for a domain.
     *
     * @param domain 0, or a domain that was introduced
     * @param doorbell is rung when a watch event waits, under the lock of the store
     */
    public synchronized StoreConnection connect(final int domain, final Doorbell doorbell) {
        if (domains.life(domain) == StoreDomains.NO_LIFE) {
            throw new IllegalArgumentException("domain is not introduced: domain=" + domain);
        }
        final StoreConnection connection = new StoreConnection(this, domain, doorbell);
        connections.add(connection);
        return connection;
    }

    /** Cuts every connection that rings a doorbell: its owner is gone. */
    public synchronized void disconnect(final Doorbell doorbell) {
        for (final StoreConnection connection : List.copyOf(connections)) {
            if (connection.rings(doorbell)) {
                connection.close();
            }
        }
    }

    /** How many nodes there are, the root and two special ones included. */
    public synchronized int nodeCount() {
        return tree.nodeCount();
    }

    /** How many connections there are. */
    public synchronized int connectionCount() {
        return connections.size();
    }

    /** How many watches there are, over all connections. */
    public synchronized int watchCount() {
        int count = 0;
        for (final StoreConnection connection : connections) {
            count += connection.watches().size();
        }
        return count;
    }

    /** How many transactions are open, over all connections. */
    public synchronized int transactionCount() {
        int count = 0;
        for (final StoreConnection connection : connections) {
            count += connection.transactionCount();
        }
        return count;
    }

    /** What a domain has in the store just now. */
    public synchronized StoreUse use(final int domain) {
        int own = 0;
        int watches = 0;
        int transactions = 0;
        for (final StoreConnection connection : connections) {
            if (connection.domainId() == domain) {
                own++;
                watches += connection.watches().size();
                transactions += connection.transactionCount();
            }
        }
        return new StoreUse(tree.ownedBy(domain, domains).size(), own, watches, transactions);
    }

    /** What domains get that have no limits of their own. */
    public synchronized StoreLimits limits() {
        return limits;
    }

    /** What bounds a domain. */
    public synchronized StoreLimits limits(final int domain) {
        return StoreDomains.isPrivileged(domain)
                ? privilegedLimits
                : domainLimits.getOrDefault(domain, limits);
    }

    /** Changes what domains get that have no limits of their own. */
    public synchronized void setLimits(final StoreLimits newLimits) {
        limits = newLimits;
    }

    /** Gives a domain that is known limits of its own; the privileged one keeps what it has. */
    public synchronized void setLimits(final int domain, final StoreLimits newLimits) {
        if (isIntroduced(domain) && !StoreDomains.isPrivileged(domain)) {
            domainLimits.put(domain, newLimits);
        }
    }

    /** What a domain's ring is offered, a set of bits. */
    public synchronized int features(final int domain) {
        return domainFeatures.getOrDefault(domain, FEATURES);
    }

    /** {@code XS_SET_FEATURE}: offers the ring of a domain that is known only some. */
    public synchronized void setFeatures(final int domain, final int features) {
        if (isIntroduced(domain)) {
            domainFeatures.put(domain, features & FEATURES);
        }
    }

    /**
     * Drops the events of unprivileged domains that took none for so long, as far as this method
     * was called meanwhile: a domain that does not read holds no memory for ever. When it reads
     * again it is told every path that it watches.
     *
     * @param nowNanos the caller's clock
     * @param timeoutNanos usually {@link StoreLimits#EVENT_TIMEOUT_NANOS}
     */
    public synchronized void expireEvents(final long nowNanos, final long timeoutNanos) {
        for (final StoreConnection connection : connections) {
            if (!StoreDomains.isPrivileged(connection.domainId())
                    && connection.expireEvents(nowNanos, timeoutNanos)) {
                expiredConnections++;
            }
        }
    }

    /** How often a connection's events were dropped because it did not take them. */
    public synchronized long expiredConnections() {
        return expiredConnections;
    }

    /** Beyond how many bytes a domain is counted as using much; nothing is refused for it. */
    public synchronized int softMemoryBytes() {
        return softMemoryBytes;
    }

    /** Changes {@link #softMemoryBytes}. */
    public synchronized void setSoftMemoryBytes(final int bytes) {
        softMemoryBytes = bytes;
    }

    /** How often an unprivileged domain went beyond {@link #softMemoryBytes}. */
    public synchronized long softMemoryExcesses() {
        return softMemoryExcesses;
    }

    /** Looks whether a domain goes beyond its soft limit. The caller holds the lock. */
    void noteMemory(final int domain, final long bytes) {
        if (bytes <= softMemoryBytes) {
            overSoftMemory.remove(domain);
        } else if (!StoreDomains.isPrivileged(domain) && overSoftMemory.add(domain)) {
            softMemoryExcesses++;
        }
    }

    /** What a domain takes of the store's memory, in bytes, as its quota counts it. */
    public synchronized long memoryBytes(final int domain) {
        long bytes = tree.ownedBytes(domain);
        for (final StoreConnection connection : connections) {
            if (connection.domainId() == domain) {
                bytes += connection.memoryBytes();
            }
        }
        return bytes;
    }

    /**
     * How many watches count with a connection: its domain's. Tools of the privileged domain do not
     * know each other: each has a bound of its own. The caller holds the lock.
     */
    int watchesBeside(final StoreConnection own) {
        if (StoreDomains.isPrivileged(own.domainId())) {
            return own.watches().size();
        }
        int count = 0;
        for (final StoreConnection connection : connections) {
            if (connection.domainId() == own.domainId()) {
                count += connection.watches().size();
            }
        }
        return count;
    }

    /** How much memory counts with a connection, in bytes, by the same rule. */
    long bytesBeside(final StoreConnection own) {
        return StoreDomains.isPrivileged(own.domainId())
                ? own.memoryBytes()
                : memoryBytes(own.domainId());
    }

    StoreDomains domains() {
        return domains;
    }

    StoreTree tree() {
        return tree;
    }

    /** Takes a closed connection off the list. The caller holds the lock. */
    void forget(final StoreConnection connection) {
        connections.remove(connection);
    }

    /** Tells every watch that may know what happened. The caller holds the lock. */
    void fire(final Collection<StoreChange> changes) {
        for (final StoreChange change : changes) {
            final StoreNode parent =
                    StorePath.isSpecial(change.path()) || change.path().equals(StorePath.ROOT)
                            ? null
                            : tree.get(StorePath.parent(change.path()));
            for (final StoreConnection connection : connections) {
                if (isVisible(change, parent, connection.domainId())) {
                    tell(connection, change);
                }
            }
        }
    }

    private boolean isVisible(
            final StoreChange change, final @Nullable StoreNode parent, final int domain) {
        return change.isVisibleTo(domain, domains)
                || (parent != null
                        && parent.permissions().allows(domain, StorePermissions.READ, domains));
    }

    private static void tell(final StoreConnection connection, final StoreChange change) {
        for (final StoreWatch watch : connection.watches()) {
            if (change.concerns(watch)) {
                connection.queue(watch, change.path());
            }
        }
    }

    private void fireSpecial(final String name, final int domain) {
        final StoreNode node = tree.get(name);
        if (node == null) {
            throw new IllegalStateException("special node is gone: name=" + name);
        }
        final String ofDomain = StorePath.special(name, domain);
        for (final StoreConnection connection : connections) {
            final int reader = connection.domainId();
            if (node.permissions().allows(reader, StorePermissions.READ, domains)) {
                for (final StoreWatch watch : connection.watches()) {
                    if (watch.path().equals(ofDomain)) {
                        connection.queue(watch, ofDomain);
                    } else if (watch.path().equals(name)) {
                        connection.queue(
                                watch, watch.depth() == StoreWatch.ALL_BELOW ? name : ofDomain);
                    }
                }
            }
        }
    }

    /** The root and the special nodes stay, and fall to the privileged domain. */
    private void removeNodesOf(final int domain) {
        for (final String path : tree.ownedBy(domain, domains)) {
            final StoreNode node = tree.get(path);
            if (node != null && (path.equals(StorePath.ROOT) || StorePath.isSpecial(path))) {
                final StorePermissions privileged =
                        node.permissions().ownedBy(StoreDomains.PRIVILEGED, domains);
                tree.put(path, node.withPermissions(privileged));
            } else if (node != null) {
                removeNode(path);
            }
        }
    }

    private void removeNode(final String path) {
        final DirectView view = new DirectView(tree);
        try {
            new StoreOperations(view, domains, privilegedLimits, StoreDomains.PRIVILEGED)
                    .remove(path);
        } catch (final XenStoreException e) {
            throw new IllegalStateException("tree is broken: path=" + path, e);
        }
        fire(view.changes());
    }
}
