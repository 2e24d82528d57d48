/**
 * A xenstore: a tree of small values, with permissions, transactions and watches.
 *
 * <p>Read {@link io.ringside.xenbus.sim.store.XenStoreServer} first, then {@code StoreTree} and
 * {@code StoreNode} (what there is), {@code StorePath} and {@code StorePermissions} (the rules),
 * {@code StoreOperations} (what a domain may ask), {@code StoreTransaction} (a private view),
 * {@code StoreWatch} and {@code StoreChange} (who is told), and {@code StoreConnection}, which puts
 * them together. Values are bytes, one character each: the wire stands in front, in {@link
 * io.ringside.xenbus.sim.store.wire}, on a socket or a ring page.
 *
 * <p>Threads: any; one lock, the server's. Facts: xen/io/xs_wire.h, xenstore's documented protocol,
 * and what the daemon of Xen 4.17 answers.
 */
@NullMarked
package io.ringside.xenbus.sim.store;

import org.jspecify.annotations.NullMarked;
