package io.ringside.xenbus.sim.store;

/**
 * What one domain has in the store.
 *
 * @param nodes nodes that it owns
 * @param connections connections that speak for it
 * @param watches watches, over all of its connections
 * @param transactions transactions that it has not ended
 */
public record StoreUse(int nodes, int connections, int watches, int transactions) {}
