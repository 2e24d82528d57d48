package io.ringside.xenbus.sim.store;

/**
 * What an unprivileged domain may use of the store, and what bounds everybody.
 *
 * @param watches watches of one connection; more are {@code E2BIG}
 * @param transactions open transactions of one connection; more are {@code ENOSPC}
 * @param transactionNodes nodes that one transaction looks at; more are {@code ENOSPC}
 * @param nodes nodes that one domain owns; more are {@code ENOSPC}. Transactions that end together
 *     may go beyond by what they make
 * @param nodeBytes value, names of children and permissions of one node; more are {@code ENOSPC}
 * @param permissions entries in the permissions of one node; more are {@code ENOSPC}
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
        int depth,
        int queuedEvents) {
    /**
     * Those of the xenstore of Xen 4.17; depth and queued events, which it does not bound, ours.
     */
    public static final StoreLimits DEFAULTS =
            new StoreLimits(128, 10, 1024, 1000, 2048, 5, 64, 1024);
}
