package io.ringside.xenbus.sim.store;

import io.ringside.hypervisor.Doorbell;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The xenstore: one tree, the domains it knows, and all connections.
 *
 * <p>Threads: any. This object's lock guards the tree, the domains, and every connection's watches,
 * transactions and events; it is held for one request at a time. Doorbells are rung under it.
 */
public final class XenStoreServer {
    private final StoreLimits limits;
    private final StoreDomains domains = new StoreDomains();
    private final StoreTree tree = new StoreTree(domains);
    private final List<StoreConnection> connections = new ArrayList<>();

    /** A store with a root that domain 0 owns. */
    public XenStoreServer(final StoreLimits limits) {
        this.limits = limits;
    }

    /** {@code XS_INTRODUCE}: the store knows a domain. Once or again. */
    public synchronized void introduce(final int domain) {
        if (domains.introduce(domain)) {
            fireSpecial(StorePath.INTRODUCE_DOMAIN);
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
        fireSpecial(StorePath.RELEASE_DOMAIN);
    }

    /**
     * A connection that speaks for a domain.
     *
     * @param domain 0, or a domain that was introduced
     * @param doorbell is rung when a watch event waits, under the lock of the store
     */
    public synchronized XenStore connect(final int domain, final Doorbell doorbell) {
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

    StoreLimits limits() {
        return limits;
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
            if (change.concerns(watch.path())) {
                connection.queue(watch, change.path());
            }
        }
    }

    private void fireSpecial(final String name) {
        final StoreNode node = tree.get(name);
        if (node != null) {
            fire(List.of(new StoreChange(name, true, List.of(node.permissions()))));
        }
    }

    private void removeNodesOf(final int domain) {
        for (final String path : tree.ownedBy(domain, domains)) {
            final DirectView view = new DirectView(tree);
            try {
                if (tree.get(path) != null && !path.equals(StorePath.ROOT)) {
                    new StoreOperations(view, domains, limits, StoreDomains.PRIVILEGED)
                            .remove(path);
                }
            } catch (final XenStoreException e) {
                throw new IllegalStateException("tree is broken: path=" + path, e);
            }
            fire(view.changes());
        }
    }
}
