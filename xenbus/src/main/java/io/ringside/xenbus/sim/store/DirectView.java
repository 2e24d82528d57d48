package io.ringside.xenbus.sim.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tree itself, for one request outside of any transaction. */
final class DirectView implements StoreView {
    private final StoreTree tree;
    private final List<StoreChange> changes = new ArrayList<>();

    DirectView(final StoreTree tree) {
        this.tree = tree;
    }

    @Override
    public @Nullable StoreNode node(final String path) {
        return tree.get(path);
    }

    @Override
    public int ownedCount(final int domain) {
        return tree.ownedCount(domain);
    }

    @Override
    public void put(final String path, final StoreNode node) {
        tree.put(path, node);
    }

    @Override
    public void delete(final String path) {
        tree.delete(path);
    }

    @Override
    public void changed(final StoreChange change) {
        changes.add(change);
    }

    /** What the request changed, in order. */
    List<StoreChange> changes() {
        return changes;
    }
}
