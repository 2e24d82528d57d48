package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.protocol.XenbusKeys;

/**
 * A watch of one connection.
 *
 * @param owner whom to tell
 * @param path the node, absolute, or the name of a special event
 * @param token the owner's own name for it
 * @param depth how many names below the path it reaches, or {@link #ALL_BELOW}
 * @param relative whether the owner named it from its home, and is told paths from there
 */
record StoreWatch(StoreConnection owner, String path, String token, int depth, boolean relative) {
    /** Everything below the watched path is told. */
    static final int ALL_BELOW = -1;

    /** A path at or below the watched one, as the owner is told it. */
    String reported(final String changedPath) {
        if (!relative) {
            return changedPath;
        }
        return changedPath.substring(XenbusKeys.home(owner.domainId()).length() + 1);
    }
}
