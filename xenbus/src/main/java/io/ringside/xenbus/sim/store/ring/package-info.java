/**
 * The xenstore on a page that a domain shares.
 *
 * <p>Read {@link io.ringside.xenbus.sim.store.ring.StoreRingServer}. Threads: one, whoever runs the
 * agent. Rests on {@link io.ringside.xenbus.sim.store.wire} for the protocol. Facts:
 * xen/io/xs_wire.h.
 */
@NullMarked
package io.ringside.xenbus.sim.store.ring;

import org.jspecify.annotations.NullMarked;
