package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.store.XenStoreException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One transaction: a private view that others see all at once, or not at all.
 *
 * <p>Each node is looked up in the tree once and kept, so that it reads the same to the end. The
 * commit goes through if each node that was looked at is still of the same generation.
 */
final class StoreTransaction implements StoreView {
    private static final class Access {
        private final @Nullable StoreNode seen;
        private @Nullable StoreNode node;
        private boolean modified;

        private Access(final @Nullable StoreNode seen) {
            this.seen = seen;
            this.node = seen;
        }

        private long seenGeneration() {
            return seen == null ? StoreNode.ABSENT : seen.generation();
        }

        private int newlyOwnedBy(final int domain) {
            return owned(node, domain) - owned(seen, domain);
        }

        private static int owned(final @Nullable StoreNode node, final int domain) {
            return node != null && node.permissions().ownerNumber() == domain ? 1 : 0;
        }
    }

    private record ChangeKey(String path, boolean exact) {}

    private final StoreTree tree;
    private final int maxNodes;
    private final Map<String, Access> accesses = new LinkedHashMap<>();
    private final Map<ChangeKey, StoreChange> changes = new LinkedHashMap<>();
    private long bytes;

    StoreTransaction(final StoreTree tree, final int maxNodes) {
        this.tree = tree;
        this.maxNodes = maxNodes;
    }

    @Override
    public @Nullable StoreNode node(final String path) throws XenStoreException {
        final Access known = accesses.get(path);
        if (known != null) {
            return known.node;
        }
        if (accesses.size() >= maxNodes) {
            throw new XenStoreException(
                    XenStoreErrors.ENOSPC, "transaction looks at too many nodes: path=" + path);
        }
        final Access access = new Access(tree.get(path));
        accesses.put(path, access);
        bytes += path.length();
        return access.node;
    }

    @Override
    public int ownedCount(final int domain) {
        int count = tree.ownedCount(domain);
        for (final Access access : accesses.values()) {
            count += access.newlyOwnedBy(domain);
        }
        return count;
    }

    @Override
    public void put(final String path, final StoreNode node) {
        modify(path, node);
    }

    @Override
    public void delete(final String path) {
        modify(path, null);
    }

    @Override
    public void changed(final StoreChange change) {
        changes.put(new ChangeKey(change.path(), change.exact()), change);
    }

    /** Whether every node that it has looked at is still as it was. */
    boolean isCurrent() {
        for (final Map.Entry<String, Access> seen : accesses.entrySet()) {
            if (tree.generation(seen.getKey()) != seen.getValue().seenGeneration()) {
                return false;
            }
        }
        return true;
    }

    /** Makes all changes visible; only while it {@link #isCurrent}. */
    void commit() {
        for (final Map.Entry<String, Access> seen : accesses.entrySet()) {
            final Access access = seen.getValue();
            if (!access.modified) {
                continue;
            }
            if (access.node == null) {
                tree.delete(seen.getKey());
            } else {
                tree.put(seen.getKey(), access.node);
            }
        }
    }

    /** What watches are told after the commit, each once, in order. */
    Collection<StoreChange> changes() {
        return List.copyOf(changes.values());
    }

    /** What it holds for itself: the paths it looked at, and the nodes it made, in bytes. */
    long bytes() {
        return bytes;
    }

    private static int sizeBytes(final @Nullable StoreNode node) {
        return node == null ? 0 : node.sizeBytes();
    }

    private void modify(final String path, final @Nullable StoreNode node) {
        final Access access = accesses.get(path);
        if (access == null) {
            throw new IllegalStateException("modified before it was looked at: path=" + path);
        }
        bytes += sizeBytes(node) - (access.modified ? sizeBytes(access.node) : 0);
        access.node = node;
        access.modified = true;
    }
}
