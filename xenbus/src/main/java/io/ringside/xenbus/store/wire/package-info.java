/**
 * The xenstore's wire protocol on the domain's side, and what both sides of it share.
 *
 * <p>Read {@link io.ringside.xenbus.store.wire.XenStoreRingClient}; below it are {@link
 * io.ringside.xenbus.store.wire.StoreByteRing} (one direction of the page) and {@link
 * io.ringside.xenbus.store.wire.StoreMessageReader} (bytes to a message).
 *
 * <p>Threads: one for each end. Facts: xen/io/xs_wire.h.
 */
@NullMarked
package io.ringside.xenbus.store.wire;

import org.jspecify.annotations.NullMarked;
