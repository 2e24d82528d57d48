/**
 * The xenstore, as one domain sees it.
 *
 * <p>Read {@link io.ringside.xenbus.store.XenStore}; the wire that carries it has a room of its
 * own, {@link io.ringside.xenbus.store.wire}. Facts: xen/io/xs_wire.h.
 */
@NullMarked
package io.ringside.xenbus.store;

import org.jspecify.annotations.NullMarked;
