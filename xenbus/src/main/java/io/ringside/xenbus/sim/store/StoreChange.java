package io.ringside.xenbus.sim.store;

import java.util.List;

/**
 * Something happened to a node that watches may have to tell.
 *
 * @param path the node
 * @param exact whether only watches of this very node are told: it went with a node above it
 * @param readers whoever may read by one of these may be told
 */
record StoreChange(String path, boolean exact, List<StorePermissions> readers) {
    /** Whether a domain may learn of it. */
    boolean isVisibleTo(final int domain, final StoreDomains domains) {
        for (final StorePermissions permissions : readers) {
            if (permissions.allows(domain, StorePermissions.READ, domains)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a watch is told. */
    boolean concerns(final StoreWatch watch) {
        if (exact) {
            return path.equals(watch.path());
        }
        return StorePath.isAtOrBelow(path, watch.path())
                && (watch.depth() == StoreWatch.ALL_BELOW
                        || StorePath.depth(path) - StorePath.depth(watch.path()) <= watch.depth());
    }
}
