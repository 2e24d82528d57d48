/**
 * The xenstore on a page that a domain shares.
 *
 * <p>Read {@link io.ringside.xenbus.sim.store.ring.StoreRingServer} (one page), then {@link
 * io.ringside.xenbus.sim.store.ring.StoreRingDaemon} (the pages of all domains that are introduced)
 * and {@link io.ringside.xenbus.sim.store.ring.GuestStorePage} (what a domain is built with).
 * Threads: one, whoever runs the agents. Rests on {@link io.ringside.xenbus.sim.store.wire} for the
 * protocol. Facts: xen/io/xs_wire.h.
 */
@NullMarked
package io.ringside.xenbus.sim.store.ring;

import org.jspecify.annotations.NullMarked;
