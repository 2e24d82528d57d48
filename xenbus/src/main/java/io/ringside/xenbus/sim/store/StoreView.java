package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.store.XenStoreException;
import org.jspecify.annotations.Nullable;

/** The nodes as one request sees and changes them: the tree itself, or a transaction's view. */
sealed interface StoreView permits DirectView, StoreTransaction {
    /** A node, or null; {@code ENOSPC} when a transaction looks at too many. */
    @Nullable StoreNode node(String path) throws XenStoreException;

    /** How many nodes name a domain as their owner. */
    int ownedCount(int domain);

    /** Makes or replaces a node that was looked at before. */
    void put(String path, StoreNode node);

    /** Removes a node that was looked at before. */
    void delete(String path);

    /** Has watches told, when the time comes. */
    void changed(StoreChange change);
}
