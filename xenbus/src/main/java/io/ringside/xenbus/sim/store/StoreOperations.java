package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenStoreLimits;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a domain may ask of nodes, the same inside and outside of a transaction.
 *
 * <p>Each request looks first, refuses next, and changes last, so that a refused request has
 * changed nothing. Walks are loops: a deep tree costs no stack. Paths are absolute and follow the
 * rules.
 */
final class StoreOperations {
    /** The highest character that is one byte. */
    private static final char MAX_BYTE = 0xFF;

    private final StoreView view;
    private final StoreDomains domains;
    private final StoreLimits limits;
    private final int domain;

    StoreOperations(
            final StoreView view,
            final StoreDomains domains,
            final StoreLimits limits,
            final int domain) {
        this.view = view;
        this.domains = domains;
        this.limits = limits;
        this.domain = domain;
    }

    String read(final String path) throws XenStoreException {
        return existing(path, StorePermissions.READ).value();
    }

    List<String> directory(final String path) throws XenStoreException {
        final StoreNode node = existing(path, StorePermissions.READ);
        if (node.childrenBytes() > XenStoreLimits.PAYLOAD_BYTES) {
            throw refused(XenStoreErrors.E2BIG, path);
        }
        return node.children();
    }

    StoreNode node(final String path) throws XenStoreException {
        return existing(path, StorePermissions.READ);
    }

    List<String> permissions(final String path) throws XenStoreException {
        return existing(path, StorePermissions.READ).permissions().format(domains);
    }

    void write(final String path, final String value) throws XenStoreException {
        checkValue(path, value);
        final StoreNode node = view.node(path);
        if (node == null) {
            create(path, value);
            return;
        }
        checkAllowed(path, node, StorePermissions.WRITE);
        final StoreNode changed = node.withValue(value);
        checkSize(path, changed);
        view.put(path, changed);
        tell(path, false, changed.permissions());
    }

    void mkdir(final String path) throws XenStoreException {
        final StoreNode node = view.node(path);
        if (node == null) {
            create(path, "");
        } else {
            checkAllowed(path, node, StorePermissions.WRITE);
        }
    }

    void remove(final String path) throws XenStoreException {
        if (path.equals(StorePath.ROOT)) {
            throw refused(XenStoreErrors.EINVAL, path);
        }
        final String parentPath = StorePath.parent(path);
        final StoreNode node = view.node(path);
        if (node == null) {
            checkAbsent(path, StorePermissions.WRITE);
            if (view.node(parentPath) == null) {
                throw refused(XenStoreErrors.ENOENT, path);
            }
            return;
        }
        checkAllowed(path, node, StorePermissions.WRITE);
        final StoreNode parent = view.node(parentPath);
        final List<String> below = below(path, node);
        if (parent != null) {
            view.put(parentPath, parent.withoutChild(StorePath.name(path)));
        }
        view.delete(path);
        tell(path, false, node.permissions());
        for (final String child : below) {
            final StoreNode gone = view.node(child);
            if (gone != null) {
                view.delete(child);
                tell(child, true, gone.permissions());
            }
        }
    }

    void setPermissions(final String path, final List<String> texts) throws XenStoreException {
        final StorePermissions permissions = StorePermissions.parse(texts, domains);
        if (permissions.size() > limits.permissions()) {
            throw refused(XenStoreErrors.ENOSPC, path);
        }
        final StoreNode node = existing(path, StorePermissions.WRITE);
        if (!isPrivileged()) {
            final int owner = node.permissions().owner(domains);
            if (owner != domain && owner != domains.target(domain)) {
                throw refused(XenStoreErrors.EACCES, path);
            }
            if (permissions.owner(domains) != owner) {
                throw refused(XenStoreErrors.EPERM, path);
            }
        }
        final StoreNode changed = node.withPermissions(permissions);
        checkSize(path, changed);
        view.put(path, changed);
        // Who has just lost the right to read is told of it.
        tell(path, false, permissions, node.permissions());
    }

    /** Makes a node and what is missing above it, the last of {@code missing} being the highest. */
    private void create(final String path, final String value) throws XenStoreException {
        final List<String> missing = new ArrayList<>();
        String ancestorPath = path;
        StoreNode ancestor = null;
        while (ancestor == null) {
            missing.add(ancestorPath);
            ancestorPath = StorePath.parent(ancestorPath);
            ancestor = view.node(ancestorPath);
        }
        checkAllowed(ancestorPath, ancestor, StorePermissions.WRITE);
        if (view.ownedCount(domain) + missing.size() > limits.nodes()) {
            throw refused(XenStoreErrors.ENOSPC, path);
        }
        final StorePermissions permissions =
                isPrivileged()
                        ? ancestor.permissions()
                        : ancestor.permissions().ownedBy(domain, domains);
        final StoreNode grown = ancestor.withChild(StorePath.name(missing.getLast()));
        checkSize(ancestorPath, grown);
        final List<StoreNode> made = new ArrayList<>();
        for (int i = 0; i < missing.size(); i++) {
            final StoreNode node =
                    i == 0
                            ? StoreNode.fresh(value, permissions)
                            : StoreNode.fresh("", permissions)
                                    .withChild(StorePath.name(missing.get(i - 1)));
            checkSize(missing.get(i), node);
            made.add(node);
        }
        view.put(ancestorPath, grown);
        for (int i = missing.size() - 1; i >= 0; i--) {
            view.put(missing.get(i), made.get(i));
        }
        tell(path, false, permissions);
    }

    /** The paths of all nodes below one, those above before those below them. */
    private List<String> below(final String path, final StoreNode top) throws XenStoreException {
        final List<String> found = new ArrayList<>();
        addChildren(found, path, top);
        for (int i = 0; i < found.size(); i++) {
            final StoreNode node = view.node(found.get(i));
            // A child may be missing where a transaction looked at its parent before others did.
            if (node != null) {
                addChildren(found, found.get(i), node);
            }
        }
        return found;
    }

    private static void addChildren(
            final List<String> found, final String path, final StoreNode node) {
        for (final String name : node.children()) {
            found.add(StorePath.child(path, name));
        }
    }

    private StoreNode existing(final String path, final int wanted) throws XenStoreException {
        final StoreNode node = view.node(path);
        if (node == null) {
            checkAbsent(path, wanted);
            throw refused(XenStoreErrors.ENOENT, path);
        }
        checkAllowed(path, node, wanted);
        return node;
    }

    /** Only who has the same right on the next node above learns that there is no node. */
    private void checkAbsent(final String path, final int wanted) throws XenStoreException {
        String at = path;
        StoreNode node = null;
        while (node == null) {
            at = StorePath.parent(at);
            node = view.node(at);
        }
        checkAllowed(path, node, wanted);
    }

    private void checkAllowed(final String path, final StoreNode node, final int wanted)
            throws XenStoreException {
        if (!node.permissions().allows(domain, wanted, domains)) {
            throw refused(XenStoreErrors.EACCES, path);
        }
    }

    private void checkSize(final String path, final StoreNode node) throws XenStoreException {
        if (node.sizeBytes() > limits.nodeBytes()) {
            throw refused(XenStoreErrors.ENOSPC, path);
        }
    }

    private void checkValue(final String path, final String value) throws XenStoreException {
        if (path.length() + 1 + value.length() > XenStoreLimits.PAYLOAD_BYTES) {
            throw refused(XenStoreErrors.E2BIG, path);
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > MAX_BYTE) {
                throw refused(XenStoreErrors.EINVAL, path);
            }
        }
    }

    private void tell(final String path, final boolean exact, final StorePermissions... readers) {
        view.changed(new StoreChange(path, exact, List.of(readers)));
    }

    private boolean isPrivileged() {
        return StoreDomains.isPrivileged(domain);
    }

    private XenStoreException refused(final String error, final String path) {
        return new XenStoreException(error, "domain=" + domain + " path=" + path);
    }
}
