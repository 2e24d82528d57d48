package io.ringside.xenbus.sim.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All nodes, by their path: what is visible outside of any transaction.
 *
 * <p>A node is replaced, never changed, so that a transaction may keep what it saw. Every
 * replacement has a generation of its own.
 */
final class StoreTree {
    private final Map<String, StoreNode> nodes = new HashMap<>();
    private final Map<Integer, Integer> ownedCounts = new HashMap<>();
    private final Map<Integer, Long> ownedBytes = new HashMap<>();
    private long lastGeneration = StoreNode.ABSENT;

    StoreTree(final StoreDomains domains) {
        final StorePermissions permissions = StorePermissions.privileged(domains);
        put(StorePath.ROOT, StoreNode.fresh("", permissions));
        put(StorePath.INTRODUCE_DOMAIN, StoreNode.fresh("", permissions));
        put(StorePath.RELEASE_DOMAIN, StoreNode.fresh("", permissions));
    }

    @Nullable StoreNode get(final String path) {
        return nodes.get(path);
    }

    /** The generation of a node, or {@link StoreNode#ABSENT}. */
    long generation(final String path) {
        final StoreNode node = nodes.get(path);
        return node == null ? StoreNode.ABSENT : node.generation();
    }

    void put(final String path, final StoreNode node) {
        count(path, nodes.put(path, node.withGeneration(++lastGeneration)), -1);
        count(path, node, 1);
    }

    void delete(final String path) {
        count(path, nodes.remove(path), -1);
    }

    /** How many nodes name a domain as their owner. */
    int ownedCount(final int domain) {
        return ownedCounts.getOrDefault(domain, 0);
    }

    /** What the nodes that name a domain as their owner take, with their paths, in bytes. */
    long ownedBytes(final int domain) {
        return ownedBytes.getOrDefault(domain, 0L);
    }

    /** How many nodes there are, the root and the special ones included. */
    int nodeCount() {
        return nodes.size();
    }

    /** The nodes that a domain owns. */
    List<String> ownedBy(final int domain, final StoreDomains domains) {
        final List<String> owned = new ArrayList<>();
        nodes.forEach((path, node) -> {
            if (node.permissions().owner(domains) == domain) {
                owned.add(path);
            }
        });
        return owned;
    }

    private void count(final String path, final @Nullable StoreNode node, final int change) {
        if (node != null) {
            final int owner = node.permissions().ownerNumber();
            final long bytes = (long) change * (path.length() + node.sizeBytes());
            ownedCounts.merge(owner, change, Integer::sum);
            ownedBytes.merge(owner, bytes, Long::sum);
        }
    }
}
