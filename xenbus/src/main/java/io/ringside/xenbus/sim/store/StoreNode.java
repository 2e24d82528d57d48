package io.ringside.xenbus.sim.store;

import java.util.ArrayList;
import java.util.List;

/**
 * One node as it is at one moment.
 *
 * @param value its bytes, one character each
 * @param permissions who may do what with it
 * @param children names of the nodes right below, the oldest first
 * @param generation changes whenever the node does, and never comes back
 */
record StoreNode(
        String value, StorePermissions permissions, List<String> children, long generation) {
    /** The generation of a node that is not there. */
    static final long ABSENT = 0;

    private static final int PERMISSION_BYTES = 8;

    static StoreNode fresh(final String value, final StorePermissions permissions) {
        return new StoreNode(value, permissions, List.of(), ABSENT);
    }

    StoreNode withValue(final String newValue) {
        return new StoreNode(newValue, permissions, children, generation);
    }

    StoreNode withPermissions(final StorePermissions newPermissions) {
        return new StoreNode(value, newPermissions, children, generation);
    }

    StoreNode withChild(final String name) {
        final List<String> more = new ArrayList<>(children);
        more.add(name);
        return new StoreNode(value, permissions, List.copyOf(more), generation);
    }

    StoreNode withoutChild(final String name) {
        final List<String> fewer = new ArrayList<>(children);
        fewer.remove(name);
        return new StoreNode(value, permissions, List.copyOf(fewer), generation);
    }

    StoreNode withGeneration(final long newGeneration) {
        return new StoreNode(value, permissions, children, newGeneration);
    }

    /** What the node takes of its quota, in bytes. */
    int sizeBytes() {
        return value.length() + childrenBytes() + permissions.size() * PERMISSION_BYTES;
    }

    /** Some of the names of the children, the list beginning at an offset. */
    DirectoryPart part(final long offset, final int maxBytes) {
        final List<String> names = new ArrayList<>();
        int at = 0;
        int bytes = 0;
        for (final String child : children) {
            if (at >= offset) {
                if (bytes + child.length() + 1 > maxBytes) {
                    return new DirectoryPart(generation, names, false);
                }
                names.add(child);
                bytes += child.length() + 1;
            }
            at += child.length() + 1;
        }
        return new DirectoryPart(generation, names, true);
    }

    /** The names of the children as a message carries them, in bytes. */
    int childrenBytes() {
        int bytes = 0;
        for (final String child : children) {
            bytes += child.length() + 1;
        }
        return bytes;
    }
}
