package io.ringside.xenbus.sim.store;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The plainest store: a sorted map of paths, one request after the other. */
final class StoreModel {
    private final TreeMap<String, String> nodes = new TreeMap<>();

    StoreModel() {
        nodes.put("/", "");
    }

    /** What a request answers; whatever it changes is changed. */
    String apply(final Request request) {
        final String path = request.path();
        return switch (request.kind()) {
            case READ -> nodes.getOrDefault(path, "ENOENT");
            case DIRECTORY -> nodes.containsKey(path) ? children(path) : "ENOENT";
            case WRITE -> {
                makeParents(path);
                nodes.put(path, request.value());
                yield "OK";
            }
            case MKDIR -> {
                makeParents(path);
                nodes.putIfAbsent(path, "");
                yield "OK";
            }
            case REMOVE -> {
                if (!nodes.containsKey(path)) {
                    yield nodes.containsKey(StorePath.parent(path)) ? "OK" : "ENOENT";
                }
                nodes.keySet().removeIf(node -> StorePath.isAtOrBelow(node, path));
                yield "OK";
            }
        };
    }

    /** A copy of all nodes. */
    Map<String, String> nodes() {
        return new TreeMap<>(nodes);
    }

    private void makeParents(final String path) {
        for (String at = StorePath.parent(path); !at.equals("/"); at = StorePath.parent(at)) {
            nodes.putIfAbsent(at, "");
        }
    }

    private String children(final String path) {
        final TreeSet<String> names = new TreeSet<>();
        for (final String node : nodes.keySet()) {
            if (!node.equals("/") && StorePath.parent(node).equals(path)) {
                names.add(StorePath.name(node));
            }
        }
        return names.toString();
    }

    /** What a client may ask. */
    enum Kind {
        READ,
        DIRECTORY,
        WRITE,
        MKDIR,
        REMOVE
    }

    /** One request of a client. */
    record Request(Kind kind, String path, String value) {}
}
