package io.ringside.xenbus.sim.store;

import java.util.List;

/**
 * The nine quotas of an unprivileged domain, and two limits for everybody.
 *
 * <p>Each quota has a name on the wire, by which {@code XS_GET_QUOTA} and {@code XS_SET_QUOTA} ask
 * for it. What a transport holds for a domain is bounded by {@code outstanding}, not counted in
 * {@code memoryBytes}.
 *
 * @param watches {@code watches}: of all connections of one domain; more are {@code E2BIG}
 * @param transactions {@code transactions}: open on one connection; more are {@code ENOSPC}
 * @param transactionNodes {@code transaction-nodes}: that one transaction looks at; more are {@code
 *     ENOSPC}
 * @param nodes {@code nodes}: that one domain owns; more are {@code ENOSPC}, also when a
 *     transaction ends that was not the only one
 * @param nodeBytes {@code node-size}: value, names of children and permissions of one node; more
 *     are {@code ENOSPC}
 * @param permissions {@code node-permissions}: entries of one node; more are {@code ENOSPC}
 * @param pathBytes {@code path-max}: of a path, a home in front not counted; more are {@code
 *     EINVAL}
 * @param outstanding {@code outstanding}: replies and events that a peer has not read; until it
 *     does, its next request is not looked at
 * @param memoryBytes {@code memory}: nodes that a domain owns with their paths, its watches, events
 *     that wait, and what its transactions hold; beyond, what needs more is {@code ENOMEM}
 * @param depth names in a path, for everybody; more are {@code EINVAL}
 * @param queuedEvents watch events that wait on one connection, for everybody; what comes after
 *     only names the watched path, once for each watch
 */
public record StoreLimits(
        int watches,
        int transactions,
        int transactionNodes,
        int nodes,
        int nodeBytes,
        int permissions,
        int pathBytes,
        int outstanding,
        int memoryBytes,
        int depth,
        int queuedEvents) {
    /**
     * Those of the xenstore of Xen 4.17; depth and queued events, which it does not bound, ours.
     */
    public static final StoreLimits DEFAULTS =
            new StoreLimits(128, 10, 1024, 1000, 2048, 5, 2048, 20, 2_621_440, 64, 1024);

    /** Beyond this a domain is counted as using much memory, in bytes: as in Xen 4.17. */
    public static final int SOFT_MEMORY_BYTES = 2_097_152;

    /** How long an event is kept for a domain that takes none: as in Xen 4.17. */
    public static final long EVENT_TIMEOUT_NANOS = 20_000_000_000L;

    /** The names of the quotas on the wire. */
    public static final List<String> NAMES =
            List.of(
                    "nodes",
                    "watches",
                    "transactions",
                    "outstanding",
                    "transaction-nodes",
                    "memory",
                    "node-size",
                    "path-max",
                    "node-permissions");

    /** No quota of this name. */
    public static final int UNKNOWN = -1;

    /** The value of a quota, or {@link #UNKNOWN}. */
    public int quota(final String name) {
        return switch (name) {
            case "nodes" -> nodes;
            case "watches" -> watches;
            case "transactions" -> transactions;
            case "outstanding" -> outstanding;
            case "transaction-nodes" -> transactionNodes;
            case "memory" -> memoryBytes;
            case "node-size" -> nodeBytes;
            case "path-max" -> pathBytes;
            case "node-permissions" -> permissions;
            default -> UNKNOWN;
        };
    }

    /** The same with one quota changed; the name is one of {@link #NAMES}. */
    public StoreLimits withQuota(final String name, final int value) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("no such quota: name=" + name);
        }
        return new StoreLimits(
                name.equals("watches") ? value : watches,
                name.equals("transactions") ? value : transactions,
                name.equals("transaction-nodes") ? value : transactionNodes,
                name.equals("nodes") ? value : nodes,
                name.equals("node-size") ? value : nodeBytes,
                name.equals("node-permissions") ? value : permissions,
                name.equals("path-max") ? value : pathBytes,
                name.equals("outstanding") ? value : outstanding,
                name.equals("memory") ? value : memoryBytes,
                depth,
                queuedEvents);
    }

    /** What bounds the privileged domain: a defect in a tool must not take the store with it. */
    StoreLimits privileged() {
        return new StoreLimits(
                8192,
                1024,
                1 << 20,
                1 << 18,
                Integer.MAX_VALUE,
                1024,
                Integer.MAX_VALUE,
                outstanding,
                1 << 27,
                depth,
                queuedEvents);
    }
}
