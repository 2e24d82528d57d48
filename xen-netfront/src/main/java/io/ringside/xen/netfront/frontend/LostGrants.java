package io.ringside.xen.netfront.frontend;

import io.ringside.xenbus.grant.GrantTable;
import org.agrona.collections.IntArrayList;

/**
 * Grants of callers' pages that the backend had still mapped when they were to end: they are tried
 * again until it lets go.
 *
 * <p>Threads: one.
 */
final class LostGrants {
    private final GrantTable grants;
    private final IntArrayList references = new IntArrayList();

    LostGrants(final GrantTable grants) {
        this.grants = grants;
    }

    /** Ends a grant now, or as soon as the backend lets go; answers whether that was now. */
    boolean end(final int reference) {
        if (grants.endAccess(reference)) {
            return true;
        }
        references.addInt(reference);
        return false;
    }

    int count() {
        return references.size();
    }

    /** Tries each once more; answers how many have come home. */
    int reclaim() {
        int home = 0;
        for (int i = references.size() - 1; i >= 0; i--) {
            if (grants.endAccess(references.getInt(i))) {
                references.fastUnorderedRemove(i);
                home++;
            }
        }
        return home;
    }
}
